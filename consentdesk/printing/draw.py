"""The pen: a ReportLab canvas that is told millimetres from the page's top left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from consentdesk.model.layout import A4, Box, Frame, Rule
from consentdesk.printing import fonts
from consentdesk.printing.fonts import MM

# Streams as bytes, not as text: a quarter smaller and much faster.
rl_config.useA85 = 0


class Pen:
    """Draws on one PDF. All lengths in mm, sizes of text in points, grey from 0 (black) to 1."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._height = A4[1]

    def describe(self, title: str) -> None:
        """Set the document's metadata."""
        self._canvas.setTitle(title)
        self._canvas.setAuthor("ConsentDesk")
        self._canvas.setCreator("ConsentDesk")
        self._canvas.setSubject("")

    def start_page(self, width: float, height: float) -> None:
        """Begin a page of that size."""
        self._height = height
        self._canvas.setPageSize((width * MM, height * MM))

    def end_page(self) -> None:
        """Finish the page."""
        self._canvas.showPage()

    def save(self) -> None:
        """Write the whole document."""
        self._canvas.save()

    @contextmanager
    def kept(self, name: str, width: float, height: float) -> Iterator[None]:
        """What is drawn inside is kept under `name`, and drawn by `place`."""
        self._height = height
        self._canvas.beginForm(name, 0, 0, width * MM, height * MM)
        yield
        self._canvas.endForm()

    def place(self, name: str) -> None:
        """Draw what was kept under `name`."""
        self._canvas.doForm(name)

    def text(self, x: float, y: float, text: str, role: str, size: float, grey: float = 0.0) -> None:
        """Draw a line of text from `x`, its baseline `y` mm down the page."""
        canvas = self._canvas
        canvas.setFillGray(grey)
        left, up = x * MM, (self._height - y) * MM
        for piece in fonts.set_text(text, role).pieces:
            canvas.setFont(piece.font, size)
            canvas.drawString(left + piece.x * size, up + piece.y * size, piece.text)

    def rule(self, rule: Rule) -> None:
        """Draw a straight line."""
        canvas = self._canvas
        canvas.setStrokeGray(rule.grey)
        canvas.setLineWidth(rule.width * MM)
        canvas.setDash([rule.dash * MM, rule.dash * MM] if rule.dash else [])
        canvas.line(rule.x0 * MM, (self._height - rule.y0) * MM, rule.x1 * MM, (self._height - rule.y1) * MM)

    def frame(self, frame: Frame) -> None:
        """Draw a rectangle with square corners."""
        canvas = self._canvas
        canvas.setStrokeGray(frame.grey)
        canvas.setLineWidth(frame.width * MM)
        canvas.setDash([])
        canvas.setLineJoin(0)
        if frame.fill is not None:
            canvas.setFillGray(frame.fill)
        box = frame.box
        canvas.rect(
            box.x0 * MM,
            (self._height - box.y1) * MM,
            box.width * MM,
            box.height * MM,
            stroke=int(frame.width > 0),
            fill=int(frame.fill is not None),
        )

    def fill(self, box: Box, colour: str) -> None:
        """Fill `box` with a colour, `#rrggbb`, without a line around it."""
        canvas = self._canvas
        canvas.setFillColor(HexColor(colour))
        left, foot = box.x0 * MM, (self._height - box.y1) * MM
        canvas.rect(left, foot, box.width * MM, box.height * MM, stroke=0, fill=1)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, grey: float = 0.0) -> None:
        """Draw a line through `points` with round ends."""
        canvas = self._canvas
        path = canvas.beginPath()
        path.moveTo(points[0][0] * MM, (self._height - points[0][1]) * MM)
        for x, y in points[1:]:
            path.lineTo(x * MM, (self._height - y) * MM)
        canvas.saveState()
        canvas.setStrokeGray(grey)
        canvas.setLineWidth(width * MM)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        canvas.setDash([])
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()

    def circle(
        self, centre: tuple[float, float], radius: float, width: float, fill: float | None = None
    ) -> None:
        """Draw a black ring, or a disc of grey `fill` where given."""
        canvas = self._canvas
        canvas.setStrokeGray(0.0)
        canvas.setLineWidth(width * MM)
        canvas.setDash([])
        if fill is not None:
            canvas.setFillGray(fill)
        x, y = centre
        canvas.circle(
            x * MM, (self._height - y) * MM, radius * MM, stroke=int(width > 0), fill=int(fill is not None)
        )

    def bars(self, bars: Sequence[tuple[int, int, int]], box: Box, side: int) -> None:
        """Draw black bars, (column, row, length) in modules, in `box`, a square of `side` modules."""
        canvas = self._canvas
        module = box.width * MM / side
        canvas.saveState()
        canvas.setFillGray(0.0)
        canvas.transform(module, 0, 0, -module, box.x0 * MM, (self._height - box.y0) * MM)
        # One path and one fill: bars drawn one by one would show hairlines between them on screens. Written out
        # whole, since one call of ReportLab's a bar takes longer than everything else about a form.
        canvas.addLiteral(" ".join(f"{column} {row} {length} 1 re" for column, row, length in bars) + " f")
        canvas.restoreState()
