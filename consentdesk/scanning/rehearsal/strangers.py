"""Pages in the pile that are not slips: somebody's letter, and blank backs with the front showing through."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from consentdesk.scanning.rehearsal.dice import chance
from consentdesk.scanning.rehearsal.paper import show_through
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster
from consentdesk.scanning.rehearsal.pieces import A4_MM

_PROSE = """
the and to of a in for on is with your our will be at from this that please by as or are we you have it
not if before after every week morning garden boiler ladder invoice number account meter reading path
gate parcel fence kettle roof visit repair engineer office council river bridge library market ticket
receipt choir piano lesson window paint brush bicycle helmet puncture order delivery between again
without since later early half quarter
"""
_WORDS = _PROSE.split()


def letter_page(
    rng: np.random.Generator, dpi: float, *, size_mm: tuple[float, float] = A4_MM, boxes: bool | None = None
) -> Raster:
    """A stranger's typed letter, (H, W) grey uint8: address, date, paragraphs, at times tick boxes."""
    scale = dpi / MM_PER_INCH
    width, height = (round(side * scale) for side in size_mm)
    sheet = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(sheet)
    size = float(rng.uniform(3.4, 4.4))
    font = ImageFont.load_default(size * scale)
    margin, pitch = rng.uniform(18, 28), size * rng.uniform(1.35, 1.7)
    y = rng.uniform(15, 30)

    def put(x: float, text: str) -> None:
        nonlocal y
        draw.text((x * scale, y * scale), text, fill=int(rng.integers(10, 50)), font=font)
        y += pitch

    for _ in range(int(rng.integers(2, 5))):
        put(size_mm[0] * 0.62, _words(rng, 2).title())
    y += pitch
    put(margin, f"{rng.integers(1, 29)} {rng.choice(['March', 'May', 'October'])} {rng.integers(2019, 2027)}")
    y += pitch
    put(margin, f"Dear {_words(rng, 1).title()},")
    room = int((size_mm[0] - 2 * margin) / (size * 0.5))
    while y < size_mm[1] - 60:
        line = ""
        for word in _words(rng, int(rng.integers(25, 70))).capitalize().split():
            if len(line) + len(word) + 1 > room:
                put(margin, line)
                line = ""
            line = f"{line} {word}".strip()
        put(margin, f"{line}.")
        y += pitch * 0.6
    if boxes if boxes is not None else chance(rng, 0.4):
        for _ in range(int(rng.integers(1, 4))):
            side = 4 * scale
            draw.rectangle(
                (margin * scale, y * scale, margin * scale + side, y * scale + side),
                outline=20,
                width=max(1, round(0.3 * scale)),
            )
            put(margin + 7, _words(rng, 4).capitalize())
            y += pitch * 0.4
    put(margin, "Yours faithfully")
    return np.array(sheet, np.uint8)


def blank_back(front: Raster, rng: np.random.Generator) -> Raster:
    """The empty other side of `front`: white, or with the front's print mirrored and faint."""
    return show_through(np.full_like(front, 255), front, float(rng.choice([0.0, rng.uniform(0.02, 0.1)])))


def _words(rng: np.random.Generator, count: int) -> str:
    return " ".join(_WORDS[int(i)] for i in rng.integers(0, len(_WORDS), count))
