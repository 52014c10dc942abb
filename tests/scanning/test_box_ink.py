"""The ink of a box: parted from the printed outline, and joined again where a stroke runs across it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning.box_ink import BoxInk, ink_in
from consentdesk.scanning.rehearsal.hand import Hand
from consentdesk.scanning.strokes import Mask
from tests.scanning.made_up import STEADY, boxed_paper, draw, inside, see
from tests.scanning.test_marks import FELT, FINE, Shape

BOX = Box(5.5, 5.5, 10.5, 10.5)


def ink_of(shape: Shape, pen: Hand = STEADY) -> BoxInk:
    """The ink of a box that has `shape` drawn into it, nothing else being printed near."""
    paper = boxed_paper(BOX)
    draw(paper, [inside(BOX, *stroke) for stroke in shape], pen)
    view = see(paper, BOX)
    return ink_in(view, np.zeros(view.ink.shape, np.bool_))


def pieces(mask: Mask) -> int:
    """In how many pieces a mask lies."""
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


def test_of_an_untouched_box_nothing_is_ink() -> None:
    ink = ink_of([])
    assert not ink.ink.any()
    assert not ink.own.any()
    assert not (ink.inside & ink.outside).any()
    assert not (ink.allowed & ~(ink.inside | ink.outside)).any()


ACROSS: dict[str, Shape] = {
    "straight out": [[(0.5, 0.5), (1.5, 0.5)]],
    "out aslant": [[(0.4, 0.6), (1.5, 0.1)]],
    "out at a flat angle": [[(0.2, 0.55), (1.3, 1.24)]],
    "out through a corner": [[(0.5, 0.5), (1.4, 1.4)]],
    "in on one side and out on the other": [[(-0.4, 0.4), (1.4, 0.6)]],
    "a tick with its corner below the box": [[(0.3, 0.3), (0.5, 1.2), (0.9, 0.2)]],
}


@pytest.mark.parametrize("pen", [FINE, STEADY, FELT], ids=["fine", "ballpoint", "felt"])
@pytest.mark.parametrize("way", ACROSS)
def test_a_stroke_that_runs_out_of_the_box_stays_in_one_piece(way: str, pen: Hand) -> None:
    ink = ink_of(ACROSS[way], pen)
    assert (ink.own & ink.inside).any()
    assert (ink.own & ink.outside).any()
    assert pieces(ink.own) == 1


APART: dict[str, Shape] = {
    "a stroke beside the box": [[(0.3, 0.5), (0.7, 0.5)], [(1.3, 0.2), (1.3, 0.8)]],
    "a line along the outline": [[(0.3, 0.5), (0.7, 0.5)], [(0.0, 1.25), (1.0, 1.25)]],
    "an arrow that starts beside it": [[(0.2, 0.3), (0.5, 0.6)], [(1.2, 0.9), (1.6, 0.9)]],
}


@pytest.mark.parametrize("name", APART)
def test_what_stands_beside_the_box_is_not_its_own(name: str) -> None:
    ink = ink_of(APART[name])
    assert (ink.own & ink.inside).any()
    assert (ink.ink & ink.outside).any()
    assert not (ink.own & ink.outside).any()


def test_other_print_is_left_out() -> None:
    paper = boxed_paper(BOX)
    draw(paper, [inside(BOX, (0.2, 0.5), (0.8, 0.5))])
    view = see(paper, BOX)
    everywhere = ink_in(view, np.ones(view.ink.shape, np.bool_))
    assert not everywhere.ink.any()
    assert not everywhere.own.any()
