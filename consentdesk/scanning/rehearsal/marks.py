"""What parents do to a box: ticks, crosses, fills, scribbles, rings, slips of the pen, marks rubbed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import numpy as np

from consentdesk.scanning.rehearsal.curves import Floats, curve
from consentdesk.scanning.rehearsal.dice import chance, pick
from consentdesk.scanning.rehearsal.hand import INKS, Hand, draw_hand, pressed
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect, Stroke, lay, trace
from consentdesk.scanning.rehearsal.shapes import CROSSES, SINGLES, STRIKES, TICKS, Shapes
from consentdesk.scanning.rehearsal.writing import letter_strokes

Mark: TypeAlias = Callable[[Canvas, Rect, Hand, np.random.Generator], Drawn]
_Puller: TypeAlias = Callable[[Rect, Hand, np.random.Generator], list[Stroke]]

FAINT = (0.14, 0.3)
"""Strength of a faint mark as a share of printed black: under the third from which a mark counts as clear."""

_WIDTHS = 3.5
"""A mark spans at least so many widths of its own stroke."""


def _shaped(shapes: Shapes, kind: str, box: Rect, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    habit = hand.habit(kind)
    shape = pick(habit, shapes[kind])
    extent = min(1.0, float(np.ptp(np.concatenate([points for points, _ in shape]), axis=0).max()))
    own = habit.normal(0, 0.045 * extent, (8, 8, 2))
    loose = (0.02 + 0.05 * hand.looseness) * extent
    # Nobody draws a mark so small that their felt tip makes a blob of it.
    least = _WIDTHS * hand.width_mm / (extent * (box[2] - box[0]))
    size = max(least, hand.size * float(np.clip(rng.normal(1, 0.09), 0.7, 1.3)))
    lean = hand.turn + rng.normal(0, 0.06)
    off = rng.normal(0, 0.02 + 0.07 * hand.looseness, 2)
    flick = float(hand.habit("flick").uniform(0, 1)) if kind.startswith("tick") else 0.25
    strokes = []
    for number, (points, corners) in enumerate(shape):
        shaken = points + own[number, : len(points)] + rng.normal(0, loose, points.shape)
        bowed = _bowed(shaken, rng.normal(0, 0.02 + 0.07 * hand.looseness))
        unit = (curve(bowed, corners) - 0.5) * size
        unit[:, 0] -= 0.5 * hand.slant * unit[:, 1]
        strokes.append(trace(_onto(box, _spun(unit, lean) + off), hand, rng, flick=flick))
    return strokes


def _bowed(points: Floats, bow: float) -> Floats:
    """A stroke of two points gets a third, off the straight line."""
    if len(points[2:]):
        return points
    first, last = points[0], points[-1]
    across = np.array([first[1] - last[1], last[0] - first[0]])
    return np.vstack([first, (first + last) / 2 + bow * across, last])


def _spun(points: Floats, angle: float) -> Floats:
    """`points` turned clockwise about 0, 0."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([cos * points[:, 0] - sin * points[:, 1], sin * points[:, 0] + cos * points[:, 1]])


def _onto(box: Rect, unit: Floats) -> Floats:
    """`unit`, in sides of the box about its middle, as mm on the page."""
    low, high = np.array(box[:2], float), np.array(box[2:], float)
    return np.asarray((low + high) / 2 + unit * (high - low), float)


def _grown(box: Rect, by: float) -> Rect:
    x0, y0, x1, y1 = box
    dx, dy = (x1 - x0) * by, (y1 - y0) * by
    return x0 - dx, y0 - dy, x1 + dx, y1 + dy


def _to_and_fro(box: Rect, passes: int, angle: float, ragged: float, rng: np.random.Generator) -> Floats:
    """A zigzag over `box`, its passes at `angle`, its turns `ragged` (share of the box)."""
    ends = np.linspace(-0.5, 0.5, passes)
    sides = np.where(np.arange(passes) % 2, 0.5, -0.5) * (1 + rng.normal(0, ragged, passes))
    unit = np.column_stack([sides, ends + rng.normal(0, ragged * 0.25, passes)])
    return _onto(box, _spun(unit, angle))


def _fill(box: Rect, hand: Hand, rng: np.random.Generator, *, spacing: float, layers: int) -> list[Stroke]:
    inner = _grown(box, float(rng.uniform(-0.12, 0.02)))
    angle = pick(hand.habit("fill"), (0.0, 0.5, -0.7, -0.9, 1.5)) + rng.normal(0, 0.1)
    strokes = []
    for layer in range(layers):
        passes = max(6, int((inner[3] - inner[1]) / (hand.width_mm * spacing)))
        line = _to_and_fro(inner, passes, angle + layer * rng.uniform(0.3, 1.5), 0.1, rng)
        x, y = (
            np.clip(line[:, 0], inner[0] - 0.4, inner[2] + 0.4),
            np.clip(line[:, 1], inner[1] - 0.4, inner[3] + 0.4),
        )
        strokes.append(trace(curve(np.column_stack([x, y])), hand, rng))
    return strokes


def _scribble(box: Rect, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    way = pick(rng, ("zigzag", "zigzag", "loops", "tangle", "hatch"))
    over = _grown(box, float(rng.uniform(-0.1, 0.35)))
    x0, y0, x1, y1 = over
    span = np.array([x1 - x0, y1 - y0])
    if way == "zigzag":
        lines = [_to_and_fro(over, int(rng.integers(6, 15)), rng.uniform(-1.6, 1.6), 0.18, rng)]
    elif way == "hatch":
        angles = rng.uniform(-1.6, 1.6) + np.array([0.0, rng.uniform(0.9, 1.7)])
        lines = [_to_and_fro(over, int(rng.integers(4, 9)), angle, 0.15, rng) for angle in angles]
    elif way == "loops":
        turns = rng.uniform(3, 7)
        around = np.linspace(0, 2 * np.pi * turns, int(turns * 9))
        drift = np.linspace(-0.3, 0.3, len(around)) * rng.uniform(0.3, 1.2)
        radius = rng.uniform(0.22, 0.45) * (1 + rng.normal(0, 0.12, len(around)))
        unit = np.column_stack(
            [drift + radius * np.cos(around), radius * rng.uniform(0.6, 1.3) * np.sin(around)]
        )
        lines = [(unit + 0.5) * span + (x0, y0)]
    else:
        lines = [rng.uniform(-0.05, 1.05, (int(rng.integers(14, 26)), 2)) * span + (x0, y0)]
    return [trace(curve(line), hand, rng) for line in lines]


def _ring(
    box: Rect, hand: Hand, rng: np.random.Generator, *, radius: tuple[float, float] = (0.75, 1.15)
) -> list[Stroke]:
    x0, y0, x1, y1 = box
    turns = rng.uniform(0.92, 1.35) if chance(rng, 0.8) else rng.uniform(1.8, 2.4)
    around = rng.uniform(0, 2 * np.pi) - np.linspace(0, 2 * np.pi * turns, 20)
    swell = rng.uniform(*radius) * (1 + np.linspace(-0.06, 0.06, 20) + rng.normal(0, 0.025, 20))
    unit = np.column_stack([swell * rng.uniform(0.95, 1.35) * np.cos(around), swell * np.sin(around)])
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) + rng.normal(0, 0.08, 2) * (x1 - x0)
    return [trace(curve(unit * (x1 - x0, y1 - y0) + centre), hand, rng, flick=0.3)]


def _dot(box: Rect, hand: Hand, rng: np.random.Generator, *, across_mm: tuple[float, float]) -> list[Stroke]:
    x0, y0, x1, y1 = box
    at = np.array([rng.uniform(x0 + 1, x1 - 1), rng.uniform(y0 + 1, y1 - 1)])
    size = max(0.0, rng.uniform(*across_mm) - hand.width_mm)
    round_about = np.linspace(0, 9, 12)
    circle = at + size / 2 * np.column_stack([np.cos(round_about), np.sin(round_about)])
    return [trace(curve(np.vstack([at, circle, at])), hand, rng)]


def _stray(box: Rect, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A line that comes from elsewhere on the slip and runs into or over the box."""
    x0, y0, x1, y1 = box
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)])
    start = centre + rng.normal(0, 0.12, 2) * (x1 - x0) - way * (x1 - x0) * rng.uniform(1.2, 4)
    end = centre + way * (x1 - x0) * rng.uniform(0.0, 2)
    middle = (start + end) / 2 + rng.normal(0, 0.08, 2) * (x1 - x0)
    return [trace(curve(np.vstack([start, middle, end])), hand, rng, flick=rng.uniform(0, 1))]


def _beside(box: Rect, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A tick wholly outside the box, to its right or left."""
    x0, _, x1, _ = box
    strokes = _shaped(TICKS, "tick", box, hand, rng)
    every = np.vstack([stroke.points for stroke in strokes])
    gap = rng.uniform(0.15, 0.4) * (x1 - x0) + hand.width_mm
    shift = x1 + gap - every[:, 0].min() if chance(rng, 0.5) else x0 - gap - every[:, 0].max()
    return [replace(stroke, points=stroke.points + np.array([shift, 0])) for stroke in strokes]


def _draw(strokes: _Puller, canvas: Canvas, box: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    return lay(canvas, strokes(box, hand, rng), hand, rng)


def _draw_faint(strokes: _Puller, canvas: Canvas, box: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    light = pressed(hand, float(rng.uniform(*FAINT)))
    return lay(canvas, strokes(box, light, rng), light, rng)


def _draw_erased(strokes: _Puller, canvas: Canvas, box: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    """The ghost of a pencil mark, and the grey that the rubber spread."""
    pencil = draw_hand(rng, INKS["pencil"])
    ghost = replace(
        pressed(pencil, float(rng.uniform(0.04, 0.14))),
        seed=hand.seed, size=hand.size, turn=hand.turn, slant=hand.slant,
    )  # fmt: skip
    rubbed = replace(pressed(ghost, float(rng.uniform(0.01, 0.04))), width_mm=float(rng.uniform(1.5, 3)))
    smear = [trace(curve(_to_and_fro(_grown(box, 0.1), 4, rng.uniform(-1, 1), 0.2, rng)), rubbed, rng)]
    lay(canvas, smear, rubbed, rng, smear_mm=0.5)
    return lay(canvas, strokes(box, ghost, rng), ghost, rng, smear_mm=float(rng.uniform(0.03, 0.12)))


def _over(
    first: Sequence[_Puller], then: _Puller, box: Rect, hand: Hand, rng: np.random.Generator
) -> list[Stroke]:
    """One of `first`, and `then` drawn over it."""
    return pick(rng, first)(box, hand, rng) + then(box, hand, rng)


def through(canvas: Canvas, boxes: Sequence[Rect], hand: Hand, rng: np.random.Generator) -> Drawn:
    """One line pulled through all `boxes`, from a little before the first to a little past the last."""
    centres = np.array([((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes])
    side = boxes[0][2] - boxes[0][0]
    way = centres[-1] - centres[0] if len(boxes) > 1 else np.array([1.0, rng.normal(0, 0.3)])
    way = way / np.hypot(*way)
    knots = np.vstack(
        [
            centres[0] - way * side * rng.uniform(0.8, 2),
            centres,
            centres[-1] + way * side * rng.uniform(0.8, 2),
        ]
    )
    knots = knots + rng.normal(0, 0.09, knots.shape) * side
    return lay(canvas, [trace(curve(knots), hand, rng, flick=0.4)], hand, rng)


def arrow(canvas: Canvas, one: Rect, other: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    """An arrow from beside one box to just before the other, as drawn by somebody who changed their mind."""
    side = one[2] - one[0]
    ends = [np.array([(x0 + x1) / 2, (y0 + y1) / 2]) for x0, y0, x1, y1 in (one, other)]
    way = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    across = np.array([-way[1], way[0]])
    tail = ends[0] + way * side * rng.uniform(0.6, 0.8)
    tip = ends[1] - way * side * rng.uniform(0.55, 0.7) + rng.normal(0, 0.06, 2) * side
    bow = (tail + tip) / 2 + across * side * rng.normal(0, 0.12)
    barbs = [tip - way * side * 0.35 + across * side * lean for lean in (0.28, -0.28)]
    lines = [curve(np.vstack([tail, bow, tip])), np.vstack([barbs[0], tip]), np.vstack([tip, barbs[1]])]
    return lay(canvas, [trace(line, hand, rng) for line in lines], hand, rng)


def ring_round(canvas: Canvas, area: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    """A ring round any area: both boxes of a pair, or a printed word."""
    return lay(canvas, _ring(area, hand, rng, radius=(0.62, 0.75)), hand, rng)


_SHAPES: dict[str, _Puller] = {
    kind: partial(_shaped, shapes, kind) for shapes in (TICKS, CROSSES, SINGLES) for kind in shapes
}
_PLAIN: tuple[_Puller, ...] = (_SHAPES["tick"], _SHAPES["cross"])
_PULLERS: dict[str, _Puller] = _SHAPES | {
    "fill_solid": partial(_fill, spacing=0.8, layers=2),
    "fill_hatched": partial(_fill, spacing=1.9, layers=1),
    "scribble": _scribble,
    "ring": _ring,
    "dot": partial(_dot, across_mm=(0.8, 1.6)),
    "speck": partial(_dot, across_mm=(0.2, 0.45)),
    "stray": _stray,
    "beside": _beside,
    "scribbled_out": partial(_over, _PLAIN, _scribble),
    "struck_tick": partial(_over, (_SHAPES["tick"],), partial(_shaped, STRIKES, "strike")),
    "struck_cross": partial(_over, (_SHAPES["cross"],), partial(_shaped, STRIKES, "strike_level")),
    "struck_twice": partial(_over, _PLAIN, partial(_shaped, STRIKES, "strike_twice")),
    "ringed_tick": partial(_over, (_SHAPES["tick"],), _ring),
    "crossed_tick": partial(_over, (_SHAPES["tick"],), _SHAPES["cross_over"]),
    "letter_y": lambda box, hand, rng: letter_strokes(box, "Y", hand, rng),
    "letter_n": lambda box, hand, rng: letter_strokes(box, "N", hand, rng),
    "question": lambda box, hand, rng: letter_strokes(box, "?", hand, rng),
}

_LIGHT: dict[str, Mark] = {
    "faint_tick": partial(_draw_faint, _PULLERS["tick"]),
    "faint_cross": partial(_draw_faint, _PULLERS["cross"]),
    "faint_dash": partial(_draw_faint, _PULLERS["dash"]),
    "erased_tick": partial(_draw_erased, _PULLERS["tick"]),
    "erased_cross": partial(_draw_erased, _PULLERS["cross"]),
}

MARKS: dict[str, Mark] = {
    **{kind: partial(_draw, strokes) for kind, strokes in _PULLERS.items()},
    **_LIGHT,
}
"""Every kind of mark: draws in place on the canvas in or about the box (mm) and says what it drew."""

PLAIN_KINDS = frozenset({*TICKS, *CROSSES} - {"plus"})
"""Ticks and crosses that anybody would call so."""
