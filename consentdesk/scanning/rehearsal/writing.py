"""Handwriting on the slip: names, dates, words, comments, signatures, and a name struck out for another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from consentdesk.scanning.rehearsal.curves import Floats, curve
from consentdesk.scanning.rehearsal.dice import chance, pick
from consentdesk.scanning.rehearsal.hand import Hand
from consentdesk.scanning.rehearsal.letters import CAP_HEIGHT, X_HEIGHT, glyphs
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect, Stroke, lay, trace

_SMALL = 2.5
"""Small writing shakes less than marks do, by this factor."""


def write(
    canvas: Canvas,
    field: Rect,
    text: str,
    hand: Hand,
    rng: np.random.Generator,
    *,
    height_mm: float | None = None,
) -> Drawn:
    """One line of `text` in `field`, capitals `height_mm` tall; smaller where it would not fit the width."""
    return lay(canvas, _line(field, text, hand, rng, height_mm), hand, rng)


def write_lines(
    canvas: Canvas, field: Rect, text: str, hand: Hand, rng: np.random.Generator, *, height_mm: float = 3.4
) -> Drawn:
    """`text` broken over as many lines as `field` holds; the last line is squeezed rather than lost."""
    x0, y0, x1, y1 = field
    pitch = height_mm * 1.9
    room = max(1, int((y1 - y0) / pitch))
    widest = (x1 - x0) * 0.96
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (_width(longer, hand) * height_mm / CAP_HEIGHT <= widest or len(lines) == room):
            lines[-1] = longer
        else:
            lines.append(word)
    strokes: list[Stroke] = []
    for number, line in enumerate(lines):
        row = (x0, y0 + number * pitch, x1, y0 + (number + 1) * pitch)
        strokes += _line(row, line, hand, rng, height_mm, indent=0.03)
    return lay(canvas, strokes, hand, rng)


def write_date(canvas: Canvas, field: Rect, day: date, hand: Hand, rng: np.random.Generator) -> Drawn:
    """The date as this person writes dates: 04/09/2026, 4.9.26, 4-9-26 or 4 Sept 2026."""
    months = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
    short = f"{day.year % 100:02d}"
    ways = (
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        f"{day.day}/{day.month}/{short}",
        f"{day.day}.{day.month}.{short}",
        f"{day.day}-{day.month}-{short}",
        f"{day.day} {months[day.month - 1]} {day.year}",
    )
    return write(canvas, field, pick(hand.habit("date"), ways), hand, rng)


def sign(canvas: Canvas, field: Rect, name: str, hand: Hand, rng: np.random.Generator) -> Drawn:
    """A signature of `name`: a large first letter or two, loops that run down into a line, a flourish."""
    return lay(canvas, _signature(field, name, hand, rng), hand, rng)


def initial(canvas: Canvas, field: Rect, name: str, hand: Hand, rng: np.random.Generator) -> Drawn:
    """Only the initials of `name`, where a signature was asked for."""
    letters = ". ".join(word[0].upper() for word in name.split()) + "."
    return write(canvas, field, letters, hand, rng)


def strike_name(canvas: Canvas, field: Rect, other: str, hand: Hand, rng: np.random.Generator) -> Drawn:
    """Strike out the printed name in `field` and write `other` just above it."""
    x0, y0, x1, y1 = field
    tall = y1 - y0
    strokes = []
    for _ in range(int(rng.integers(1, 4))):
        heights = y0 + tall * rng.normal(0.52, 0.1, 4)
        steps = np.linspace(x0 - rng.uniform(0, 2), x1 + rng.uniform(0, 3), 4)
        strokes.append(trace(curve(np.column_stack([steps, heights])), hand, rng, flick=0.3))
    size = max(2.6, min(4.0, tall * 0.9))
    above = (x0, y0 - 1.5 * size, max(x1, x0 + 45), y0 - 0.1 * size)
    strokes += _line(above, other, hand, rng, size)
    return lay(canvas, strokes, hand, rng)


def letter_strokes(box: Rect, letter: str, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    """One letter as large as a mark, centred in `box`."""
    x0, y0, x1, y1 = box
    lines = [line for glyph in glyphs(letter) if glyph for line in glyph.lines()]
    every = np.vstack(lines)
    low, high = every.min(axis=0), every.max(axis=0)
    size = (y1 - y0) * float(rng.uniform(0.6, 0.95)) * hand.size / max(high[1] - low[1], 1.0)
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) + rng.normal(0, 0.07, 2) * (x1 - x0)
    flat = [(line - (low + high) / 2) * size for line in lines]
    return [trace(centre + _lean(line, hand) * (1, -1), hand, rng, steady=1.5) for line in flat]


def _lean(points: Floats, hand: Hand) -> Floats:
    return points + np.column_stack([points[:, 1] * hand.slant, np.zeros(len(points))])


def _gap(hand: Hand) -> float:
    return float(hand.habit("gap").uniform(0.2, 1.4))


def _width(text: str, hand: Hand) -> float:
    """Width in glyph units."""
    gap = _gap(hand)
    return sum((glyph.advance if glyph else 3.2) + gap for glyph in glyphs(text))


def _line(
    field: Rect,
    text: str,
    hand: Hand,
    rng: np.random.Generator,
    height_mm: float | None,
    *,
    indent: float = 0.3,
) -> list[Stroke]:
    """`indent` is the most of the spare width that is left free before the first letter."""
    x0, y0, x1, y1 = field
    if not text.strip() or x1 <= x0:
        return []
    habit = hand.habit("line")
    if height_mm is None:
        height_mm = float(np.clip((y1 - y0) * habit.uniform(0.5, 0.75), 1.8, 5.5))
    habits_x, habits_y = habit.uniform(0.8, 1.15), habit.uniform(0.9, 1.2)
    unit = height_mm / CAP_HEIGHT * habits_y
    wide = min(habits_x, (x1 - x0) * 0.97 / (_width(text, hand) * unit))
    # Letters narrower than this are written smaller first.
    narrow = 0.7
    if wide < narrow:
        unit, wide = unit * max(0.55, wide / narrow), narrow
    wide = min(wide, (x1 - x0) * 0.97 / (_width(text, hand) * unit))
    room = max(0.0, (x1 - x0) - _width(text, hand) * unit * wide)
    origin = np.array([x0 + 0.5 + room * rng.uniform(0, indent), y1 - (y1 - y0) * 0.22 + rng.normal(0, 0.2)])
    drift = rng.normal(0, 0.012)
    gap = _gap(hand)

    strokes: list[Stroke] = []
    pen_x = 0.0
    run: list[Floats] = []
    joins = False
    for letter, glyph in zip(_letters(text), glyphs(text), strict=True):
        if glyph is None:
            strokes += _pull(run, hand, rng)
            run = []
            pen_x += 3.2 + gap
            continue
        shape = hand.habit(f"letter {letter}")
        lift = rng.normal(0, 0.2)
        for number, (points, corners) in enumerate(glyph.strokes):
            own = points + shape.normal(0, 0.28, points.shape) * (1 if len(points[2:]) else 0.4)
            own = own + rng.normal(0, 0.12, points.shape)
            own[:, 0] += pen_x
            own[:, 1] += lift
            flat = _lean(curve(own, corners), hand) * unit * (wide, -1)
            flat[:, 1] += drift * flat[:, 0]
            placed = origin + flat
            if number == 0 and letter.islower() and joins and run and rng.random() < hand.joined:
                run.append(placed)
            elif number == 0:
                strokes += _pull(run, hand, rng)
                run = [placed]
            else:
                strokes.append(trace(placed, hand, rng, steady=_SMALL))
        joins = letter.islower() or len(glyph.strokes) == 1
        pen_x += glyph.advance + gap + rng.normal(0, 0.15)
    return strokes + _pull(run, hand, rng)


def _letters(text: str) -> list[str]:
    """The letters that `glyphs` gives a glyph for; accents belong to the letter before them."""
    return [char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)]


def _pull(run: Sequence[Floats], hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    """Letters joined in one go."""
    if not run:
        return []
    knots = [run[0]]
    for before, after in pairwise(run):
        sag = (before[-1] + after[0]) / 2 + (0, 0.12 * abs(after[0][0] - before[-1][0]))
        knots += [sag[None], after]
    return [trace(np.vstack(knots), hand, rng, steady=_SMALL, flick=0.3)]


def _signature(field: Rect, name: str, hand: Hand, rng: np.random.Generator) -> list[Stroke]:
    x0, y0, x1, y1 = field
    habit = hand.habit("signature")
    words = name.split() or ["X"]
    capitals = (
        [words[0][0].upper(), words[-1][0].upper()]
        if len(words) > 1 and chance(habit, 0.6)
        else [words[-1][0]]
    )
    tall = habit.uniform(1.2, 1.9)
    knots: list[tuple[float, float]] = []
    strokes: list[Floats] = []
    pen_x = 0.0
    for capital in capitals:
        glyph = next(glyph for glyph in glyphs(capital.upper()) if glyph)
        for points, corners in glyph.strokes:
            large = (points + habit.normal(0, 0.5, points.shape)) * tall * (1, habit.uniform(0.8, 1.1))
            large[:, 0] += pen_x
            strokes.append(curve(large, corners if chance(habit, 0.5) else ()))
        pen_x += glyph.advance * tall * habit.uniform(0.6, 1.0)

    letters = int(np.clip(len(words[-1]) + habit.integers(-2, 3), 3, 11))
    fade = habit.uniform(0.15, 1.0)
    knots.append((pen_x, habit.uniform(0, 2)))
    for number in range(letters):
        worn = 1 - (1 - fade) * number / letters
        step = habit.uniform(2.2, 4.6)
        kind = pick(habit, ("hump", "hump", "cup", "tall", "deep", "eye"))
        knots += [(pen_x + x * step, y * worn) for x, y in _STEMS[kind]]
        pen_x += step
    end = pick(habit, ("line", "hook", "under", "none"))
    if end == "line":
        knots += [(pen_x + habit.uniform(4, 14), habit.uniform(-1, 3))]
    elif end == "hook":
        knots += [(pen_x + 3, -2.0), (pen_x - 1, -5.0), (pen_x - 4, -3.5)]
    elif end == "under":
        knots += [
            (pen_x + 3, 0.5),
            (pen_x * 0.9, -3.5),
            (pen_x * 0.1, -4.0),
            (pen_x * 0.5, -5.2),
            (pen_x + 5, -4.2),
        ]
    strokes.append(curve(np.array(knots)))

    every = np.vstack(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    slant = replace(hand, slant=hand.slant + 0.15)
    unit = min(
        (x1 - x0) * habit.uniform(0.45, 0.85) / (high[0] - low[0]), (y1 - y0) * 1.15 / (high[1] - low[1])
    )
    unit *= rng.uniform(0.92, 1.06)
    drift = habit.normal(0.03, 0.06)
    start = np.array([x0 + rng.uniform(0.03, 0.15) * (x1 - x0), y1 - rng.uniform(0.15, 0.3) * (y1 - y0)])
    pulled = []
    for line in strokes:
        shaken = line + np.cumsum(rng.normal(0, 0.02, line.shape), axis=0)
        flat = _lean(shaken - (low[0], 0), slant) * unit * (1, -1)
        flat[:, 1] -= drift * flat[:, 0]
        pulled.append(trace(start + flat, hand, rng, steady=_SMALL, flick=0.6))
    return pulled


_STEMS: dict[str, tuple[tuple[float, float], ...]] = {
    "hump": ((0.3, X_HEIGHT), (0.7, 3.8), (0.85, 0.2)),
    "cup": ((0.15, X_HEIGHT), (0.3, 0.4), (0.7, 0.3), (0.9, X_HEIGHT)),
    "tall": ((0.6, 8.0), (0.35, 9.2), (0.2, 6.0), (0.4, 0.4), (0.9, 0.8)),
    "deep": ((0.3, X_HEIGHT), (0.4, -1.0), (0.0, -4.2), (-0.2, -2.5), (0.9, 1.2)),
    "eye": ((0.6, 2.2), (0.5, X_HEIGHT), (0.1, 3.0), (0.4, 0.1), (0.95, 1.2)),
}
"""Turns of a signature's line: points in widths of one letter, and heights in the alphabet's units."""
