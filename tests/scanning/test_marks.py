"""What a pen did to a box: drawn shapes get their names, and only a tick or a cross is ever sure to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from consentdesk.model.decision import DARK_FLOOR, INSIDE_FLOOR, SURE_FLOOR
from consentdesk.model.layout import Box
from consentdesk.model.reading import Mark, MarkKind
from consentdesk.scanning.rehearsal.hand import INKS, Hand, pressed
from tests.scanning.made_up import STEADY, Raster, boxed_paper, draw, inside, judged, see

BOX = Box(5.5, 5.5, 10.5, 10.5)
MEANT = {MarkKind.TICK, MarkKind.CROSS}

BALLPOINT = STEADY
FINE = replace(STEADY, width_mm=0.28)
FELT = replace(STEADY, ink=INKS["black felt tip"], width_mm=0.95)
PENCIL = replace(STEADY, ink=INKS["pencil"], width_mm=0.5, flow=0.85)
PENS = {"ballpoint": BALLPOINT, "fine": FINE, "felt": FELT, "pencil": PENCIL}

Shape = Sequence[Sequence[tuple[float, float]]]
"""Strokes in shares of the box: 0, 0 its top left, 1, 1 its bottom right."""


def marked(shape: Shape, pen: Hand = BALLPOINT, *, dpi: float = 200) -> Mark:
    """What is seen in a box that has `shape` drawn into it."""
    paper = boxed_paper(BOX, dpi=dpi)
    draw(paper, [inside(BOX, *stroke) for stroke in shape], pen, dpi=dpi)
    return judged(paper, BOX)


def arc(x: float, y: float, radius: float, start: float, end: float) -> Sequence[tuple[float, float]]:
    """Part of a circle, in degrees."""
    turns = np.radians(np.linspace(start, end, 40))
    return [(x + radius * float(np.cos(turn)), y + radius * float(np.sin(turn))) for turn in turns]


def zigzag(passes: int) -> Sequence[tuple[float, float]]:
    return [(0.05 + 0.9 * at / (passes - 1), 0.08 if at % 2 else 0.92) for at in range(passes)]


TICK: Shape = [[(0.18, 0.5), (0.4, 0.85), (0.9, 0.08)]]
CROSS: Shape = [[(0.15, 0.15), (0.85, 0.85)], [(0.85, 0.15), (0.15, 0.85)]]
RING: Shape = [arc(0.5, 0.5, 0.9, 0, 370)]

CLEAR: dict[str, tuple[MarkKind, Shape]] = {
    "a wide tick": (MarkKind.TICK, [[(0.05, 0.5), (0.4, 0.85), (0.98, 0.3)]]),
    "a tick with a long tail": (MarkKind.TICK, [[(0.1, 0.45), (0.4, 0.9), (1.5, -0.5)]]),
    "a left-hander's tick": (MarkKind.TICK, [[(0.82, 0.5), (0.6, 0.85), (0.1, 0.08)]]),
    "a V": (MarkKind.TICK, [[(0.15, 0.1), (0.5, 0.9), (0.85, 0.1)]]),
    "a cross": (MarkKind.CROSS, CROSS),
    "a small cross": (MarkKind.CROSS, [[(0.35, 0.35), (0.65, 0.65)], [(0.65, 0.35), (0.35, 0.65)]]),
    "a cross off the middle": (MarkKind.CROSS, [[(0.1, 0.1), (0.7, 0.7)], [(0.75, 0.05), (0.05, 0.75)]]),
    "a leaning cross": (MarkKind.CROSS, [[(0.3, 0.1), (0.7, 0.9)], [(0.9, 0.25), (0.1, 0.75)]]),
}


BLOTS = {("a small cross", "felt")}
"""So small a cross runs together under so broad a pen that a person is asked."""


@pytest.mark.parametrize(
    ("name", "pen"), [(name, pen) for name in CLEAR for pen in PENS if (name, pen) not in BLOTS]
)
def test_plain_ticks_and_crosses_are_sure_in_every_pen(name: str, pen: str) -> None:
    kind, shape = CLEAR[name]
    mark = marked(shape, PENS[pen])
    assert mark.kind is kind
    assert mark.sure >= SURE_FLOOR
    assert mark.inside >= INSIDE_FLOOR
    assert mark.darkness >= DARK_FLOOR
    assert mark.fit > 0.85


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        pytest.param(MarkKind.TICK, TICK, id="a tick"),
        pytest.param(MarkKind.TICK, [[(0.3, 0.55), (0.42, 0.72), (0.7, 0.35)]], id="a small tick"),
        pytest.param(
            MarkKind.CROSS, [[(0.15, 0.15), (0.85, 0.85), (0.95, 0.5), (0.85, 0.15), (0.15, 0.85)]],
            id="a cross in one movement"),
        pytest.param(
            MarkKind.CROSS, [[(-0.2, -0.2), (1.2, 1.2)], [(1.2, -0.2), (-0.2, 1.2)]], id="a cross over the edges"),
    ],
)  # fmt: skip
def test_ticks_and_crosses_of_other_hands(kind: MarkKind, shape: Shape) -> None:
    mark = marked(shape)
    assert (mark.kind, mark.sure >= SURE_FLOOR) == (kind, True)


@pytest.mark.parametrize("dpi", [150, 200, 300, 600])
def test_the_scans_resolution_makes_no_difference(dpi: int) -> None:
    for kind, shape in ((MarkKind.TICK, TICK), (MarkKind.CROSS, CROSS), (MarkKind.RING, RING)):
        assert marked(shape, dpi=dpi).kind is kind
    assert marked([], dpi=dpi).kind is MarkKind.EMPTY


NAMED: dict[str, tuple[MarkKind, Shape]] = {
    "nothing": (MarkKind.EMPTY, []),
    "a slash": (MarkKind.STROKE, [[(0.15, 0.85), (0.85, 0.15)]]),
    "a backslash": (MarkKind.STROKE, [[(0.15, 0.15), (0.85, 0.85)]]),
    "a dash": (MarkKind.STROKE, [[(0.1, 0.5), (0.9, 0.5)]]),
    "an upright stroke": (MarkKind.STROKE, [[(0.5, 0.1), (0.5, 0.9)]]),
    "a bow": (MarkKind.STROKE, [arc(0.5, 0.9, 0.5, 200, 340)]),
    "a box filled by a felt pen": (MarkKind.FILL, [zigzag(14)]),
    "a ring": (MarkKind.RING, RING),
    "a ring round a tick": (MarkKind.RING, [*RING, *TICK]),
    "a tick beside the box": (MarkKind.STRAY, [[(1.12, 0.5), (1.2, 0.8), (1.4, 0.1)]]),
    "a line that passes close by": (MarkKind.STRAY, [[(0.0, 1.15), (1.0, 1.12)]]),
    "a dot": (MarkKind.SPECK, [[(0.5, 0.5), (0.52, 0.5)]]),
}


@pytest.mark.parametrize("name", NAMED)
def test_other_marks_are_named_for_what_they_are(name: str) -> None:
    kind, shape = NAMED[name]
    assert marked(shape, FELT if "felt" in name else BALLPOINT).kind is kind


NEVER_SURE: dict[str, Shape] = {
    **{name: shape for name, (kind, shape) in NAMED.items() if kind is not MarkKind.RING},
    "a slash through the box": [[(-0.3, 1.3), (1.3, -0.3)]],
    "a line through the box": [[(-0.6, 0.5), (1.6, 0.45)]],
    "a tail that comes in": [[(1.6, -0.2), (0.85, 0.15)]],
    "a bent stroke": [[(0.1, 0.4), (0.5, 0.6), (0.9, 0.4)]],
    "a tick upside down": [[(0.1, 0.8), (0.5, 0.2), (0.9, 0.8)]],
    "a scribble": [zigzag(9)],
    "a loose scribble": [zigzag(6), [(0.1, 0.3), (0.9, 0.5), (0.1, 0.7)]],
    "a tick that is crossed out": [*TICK, [(-0.1, 0.2), (1.1, 0.9)]],
    "a cross that is struck through": [*CROSS, [(-0.1, 0.5), (1.1, 0.5)]],
    "two ticks": [[(0.05, 0.5), (0.2, 0.8), (0.45, 0.1)], [(0.5, 0.5), (0.65, 0.85), (0.95, 0.1)]],
    "three strokes": [[(0.1, 0.2), (0.9, 0.25)], [(0.1, 0.5), (0.9, 0.55)], [(0.1, 0.8), (0.9, 0.82)]],
    "two strokes": [[(0.15, 0.35), (0.85, 0.35)], [(0.15, 0.65), (0.85, 0.65)]],
    "a star": [*CROSS, [(0.5, 0.05), (0.5, 0.95)]],
    "an O": [arc(0.5, 0.5, 0.32, 0, 360)],
    "an N": [[(0.2, 0.9), (0.2, 0.1), (0.8, 0.9), (0.8, 0.1)]],
    "a Y": [[(0.15, 0.1), (0.5, 0.5)], [(0.85, 0.1), (0.5, 0.5), (0.5, 0.95)]],
    "a T": [[(0.1, 0.2), (0.9, 0.2)], [(0.5, 0.2), (0.5, 0.9)]],
    "a question mark": [arc(0.5, 0.3, 0.22, 180, 400), [(0.6, 0.5), (0.5, 0.65)], [(0.5, 0.85), (0.5, 0.87)]],
}


@pytest.mark.parametrize("pen", PENS)
@pytest.mark.parametrize("name", NEVER_SURE)
def test_what_is_neither_a_tick_nor_a_cross_never_passes_for_one(name: str, pen: str) -> None:
    """Whatever name it gets, a person is asked (rule S4)."""
    mark = marked(NEVER_SURE[name], PENS[pen])
    assert mark.kind not in MEANT or mark.sure < SURE_FLOOR


def test_single_straight_strokes_never_pass_for_a_tick_or_a_cross() -> None:
    rng = np.random.default_rng(12)
    for number in range(150):
        middle = rng.uniform(0.2, 0.8, 2)
        way = rng.uniform(0, 2 * np.pi)
        reach = rng.uniform(0.1, 0.9) * np.array([np.cos(way), np.sin(way)])
        pen = list(PENS.values())[number % 4]
        mark = marked([[tuple(middle - reach), tuple(middle + reach)]], pen)
        assert mark.kind not in MEANT or mark.sure < SURE_FLOOR, (number, mark)


def test_bows_never_pass_for_a_tick_or_a_cross() -> None:
    rng = np.random.default_rng(13)
    for number in range(100):
        start, sweep = rng.uniform(0, 360), rng.uniform(20, 100)
        shape = [arc(*rng.uniform(0.3, 0.7, 2), rng.uniform(0.25, 0.6), start, start + sweep)]
        mark = marked(shape, [BALLPOINT, FINE, PENCIL][number % 3])
        assert mark.kind not in MEANT or mark.sure < SURE_FLOOR, (number, mark)


# Faint ink and no ink


@pytest.mark.parametrize("strength", [0.1, 0.15, 0.2, 0.25, 0.3])
def test_a_mark_paler_than_a_third_of_print_is_never_overlooked_and_never_meant(strength: float) -> None:
    """Faint but there: a person looks; a faint mark is not a blank (rule S4)."""
    for shape in (TICK, CROSS):
        mark = marked(shape, pressed(PENCIL, strength))
        assert mark.kind is not MarkKind.EMPTY
        assert mark.kind not in MEANT or mark.darkness < DARK_FLOOR


@pytest.mark.parametrize("strength", [0.4, 0.6, 0.75])
def test_darkness_is_a_share_of_the_forms_own_print(strength: float) -> None:
    assert marked(CROSS, pressed(BALLPOINT, strength)).darkness == pytest.approx(strength, abs=0.12)


@pytest.mark.parametrize("deviation", [2, 6, 10, 15])
def test_an_empty_box_on_grainy_paper_is_empty(deviation: float) -> None:
    rng = np.random.default_rng(int(deviation))
    for _ in range(12):
        clean = boxed_paper(BOX) * 0.75 + 45
        paper = np.clip(clean + rng.normal(0, deviation, clean.shape), 0, 255).astype(np.uint8)
        assert judged(paper, BOX).kind is MarkKind.EMPTY


def soiled(paper: Raster, rng: np.random.Generator) -> Raster:
    """Specks of dust, each under a fifth of a millimetre."""
    for _ in range(10):
        x, y = rng.integers(0, paper.shape[0], 2).tolist()
        paper[y : y + 1, x : x + 2] = 60
    return paper


def test_dust_is_no_mark() -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        kind = judged(soiled(boxed_paper(BOX), rng), BOX).kind
        assert kind in (MarkKind.EMPTY, MarkKind.SPECK)


def test_the_shade_of_paper_beside_a_fold_is_no_mark() -> None:
    fold = np.linspace(1, 0.8, 126)[None, :]
    paper = (boxed_paper(BOX) * fold).astype(np.uint8)
    assert judged(paper, BOX).kind is MarkKind.EMPTY


@pytest.mark.parametrize("line", [0.25, 0.35, 0.5])
def test_the_boxs_own_outline_is_no_ink(line: float) -> None:
    """Print that has run, or was blurred by the scanner, is still print."""
    for blur in (0.0, 1.0, 1.8):
        paper = boxed_paper(BOX, line=line)
        paper = cv2.GaussianBlur(paper, (0, 0), blur) if blur else paper
        mark = judged(paper, BOX)
        assert (mark.kind, mark.fill) == (MarkKind.EMPTY, 0)


# The measures


def test_fill_is_the_share_of_the_inside_that_is_inked() -> None:
    fills = [
        marked([[(0.1, 0.5), (0.9, 0.5)]], replace(STEADY, width_mm=width)).fill for width in (0.4, 0.8, 1.6)
    ]
    assert fills == sorted(fills)
    assert fills[2] == pytest.approx(3 * fills[0], rel=0.5)
    assert marked([zigzag(24)], FELT).fill > 0.9


def test_inside_is_small_where_most_of_a_mark_lies_outside() -> None:
    within, across = marked(CROSS, FELT), marked([[(0.6, 0.6), (2.2, 1.1)]], FELT)
    assert within.inside > 0.95
    assert across.inside < INSIDE_FLOOR


def test_what_the_form_prints_beside_a_box_is_left_out() -> None:
    paper = boxed_paper(BOX)
    draw(paper, [[(11.3, 5.8), (11.3, 10)]])
    assert judged(paper, BOX).kind is MarkKind.STRAY
    printed = np.zeros(see(paper, BOX).ink.shape, np.bool_)
    printed[:, -24:] = True
    assert judged(paper, BOX, printed).kind is MarkKind.EMPTY
