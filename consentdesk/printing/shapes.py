"""The signs of a list, drawn: each can be told from the others in grey, small, and on a bad copy."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from consentdesk.model.listing import Shape
from consentdesk.printing.draw import Pen

SIZE = 3.6
"""Width and height in mm of every sign."""
_LINE = 0.45


def draw_shape(pen: Pen, shape: Shape, x: float, y: float) -> None:
    """Draw `shape` with its upper left corner at (x, y) mm."""
    _DRAWN[shape](pen, x + SIZE / 2, y + SIZE / 2)


def _tick_strokes(pen: Pen, x: float, y: float, scale: float) -> None:
    points = ((-0.62, 0.05), (-0.2, 0.5), (0.66, -0.55))
    pen.stroke([(x + scale * dx, y + scale * dy) for dx, dy in points], _LINE * 1.3)


def _tick(pen: Pen, x: float, y: float) -> None:
    _tick_strokes(pen, x, y, SIZE / 2)


def _tick_in_brackets(pen: Pen, x: float, y: float) -> None:
    _tick_strokes(pen, x, y, SIZE / 2 * 0.66)
    for side in (0.0, pi):
        angles = [side + (step / 6 - 0.5) * 1.7 for step in range(7)]
        pen.stroke([(x + SIZE / 2 * cos(angle), y + SIZE / 2 * sin(angle)) for angle in angles], _LINE * 0.8)


def _cross(pen: Pen, x: float, y: float) -> None:
    pen.circle((x, y), SIZE / 2, 0.0, fill=0.0)
    reach = SIZE / 2 * 0.46
    for tilt in (-1, 1):
        pen.stroke([(x - reach, y - tilt * reach), (x + reach, y + tilt * reach)], _LINE * 1.2, grey=1.0)


def _barred(pen: Pen, x: float, y: float) -> None:
    radius = SIZE / 2 - _LINE / 2
    pen.circle((x, y), radius, _LINE, fill=1.0)
    reach = radius * 0.7
    pen.stroke([(x - reach, y - reach), (x + reach, y + reach)], _LINE)


def _waiting(pen: Pen, x: float, y: float) -> None:
    for dx in (-1.2, 0.0, 1.2):
        pen.circle((x + dx, y), 0.42, 0.0, fill=0.0)


def _dash(pen: Pen, x: float, y: float) -> None:
    pen.stroke([(x - 1.1, y), (x + 1.1, y)], _LINE * 1.2)


_DRAWN: dict[Shape, Callable[[Pen, float, float], None]] = {
    Shape.TICK: _tick,
    Shape.TICK_IN_BRACKETS: _tick_in_brackets,
    Shape.CROSS: _cross,
    Shape.BARRED: _barred,
    Shape.WAITING: _waiting,
    Shape.DASH: _dash,
}
