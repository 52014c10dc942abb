"""Strokes thinned to their middle lines: the branches and junctions that a hand drew, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from consentdesk.scanning.skeleton import Graph, graph_of, thin
from consentdesk.scanning.strokes import Mask, stroke_width

Points = Sequence[tuple[int, int]]


def drawn(*lines: Points, width: int = 5) -> Mask:
    picture = np.zeros((90, 90), np.uint8)
    for line in lines:
        cv2.polylines(picture, [np.array(line, np.int32)], False, 1, width)
    return picture.astype(np.bool_)


def graph(*lines: Points, width: int = 5) -> Graph:
    mask = drawn(*lines, width=width)
    return graph_of(mask, stroke_width(mask))


SLASH: Points = [(15, 75), (75, 15)]
BACKSLASH: Points = [(15, 15), (75, 75)]
TICK: Points = [(15, 45), (35, 70), (75, 15)]
CIRCLE: Points = [
    (round(45 + 25 * np.cos(turn)), round(45 + 25 * np.sin(turn))) for turn in np.linspace(0, 6.4, 40)
]


@pytest.mark.parametrize("width", [1, 3, 5, 9, 13])
@pytest.mark.parametrize("line", [SLASH, TICK, CIRCLE, [(10, 45), (80, 45)]])
def test_thinning_leaves_one_line_a_px_wide(line: Points, width: int) -> None:
    mask = drawn(line, width=width)
    lines = thin(mask)
    assert not (lines & ~mask).any()
    count, *_ = cv2.connectedComponents(lines.astype(np.uint8), connectivity=8)
    assert count == 2, "one line and the paper"
    full = cv2.erode(np.pad(lines, 1).astype(np.uint8), np.ones((3, 3), np.uint8))
    assert not full.any(), "nowhere three px thick"


def test_thinning_nothing_leaves_nothing() -> None:
    assert not thin(np.zeros((30, 30), np.bool_)).any()


def test_ink_at_the_edge_of_the_picture_is_thinned_like_any_other() -> None:
    mask = np.zeros((40, 40), np.bool_)
    mask[:5] = True
    lines = thin(mask)
    assert lines.any(axis=0)[6:34].all()
    assert lines.sum() < 60


@pytest.mark.parametrize("width", [3, 5, 9])
@pytest.mark.parametrize(
    ("lines", "branches", "junctions"),
    [
        pytest.param([SLASH], 1, 0, id="a stroke"),
        pytest.param([TICK], 1, 0, id="a tick is one stroke"),
        pytest.param([SLASH, BACKSLASH], 4, 1, id="a cross has four arms"),
        pytest.param([[(10, 45), (80, 45)], [(45, 10), (45, 80)]], 4, 1, id="an upright cross too"),
        pytest.param([[(10, 20), (80, 20)], [(45, 20), (45, 80)]], 3, 1, id="a T"),
        pytest.param([[(12, 45), (30, 45)], [(60, 45), (78, 45)]], 2, 0, id="two strokes apart"),
        pytest.param([[(10, 30), (80, 30)], [(10, 60), (80, 60)], [(30, 10), (30, 80)]], 7, 2, id="a ladder"),
    ],
)
def test_a_graph_has_the_branches_that_were_drawn(
    lines: list[Points], branches: int, junctions: int, width: int
) -> None:
    found = graph(*lines, width=width)
    assert (len(found.branches), len(found.junctions)) == (branches, junctions)


def test_a_junction_stands_where_the_strokes_cross() -> None:
    found = graph(SLASH, BACKSLASH)
    assert found.junctions[0] == pytest.approx((45, 45), abs=2)
    assert len(found.at(0)) == 4
    assert all((branch.start == 0) != (branch.end == 0) for branch in found.branches)


def test_a_branch_is_as_long_as_its_stroke() -> None:
    """Or up to a fifth longer, where it climbs a stair of px."""
    (slash,) = graph(SLASH).branches
    assert 0.95 < slash.length / 85 < 1.2
    (tick,) = graph(TICK).branches
    assert 0.95 < tick.length / (32 + 68) < 1.2
    assert (tick.start, tick.end) == (-1, -1)
    assert np.abs(np.diff(tick.path, axis=0)).max() <= 2, "a path in order, without leaps"


def test_a_loop_comes_back_to_its_junction() -> None:
    found = graph(CIRCLE, [(5, 45), (20, 45)])
    assert [branch.is_loop for branch in sorted(found.branches, key=lambda branch: branch.length)] == [
        False,
        True,
    ]


def test_bumps_on_a_thick_stroke_are_no_strokes() -> None:
    mask = drawn([(10, 45), (80, 45)], width=9)
    mask[37:41, 30:33] = mask[49:53, 60:64] = True
    found = graph_of(mask, stroke_width(mask))
    assert [branch.start for branch in found.branches].count(-1) + [
        branch.end for branch in found.branches
    ].count(-1) == 2, "no free ends but those of the stroke"
