"""The pen: ink darkens, states truly how much of it lies where, and is the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.scanning.rehearsal.curves import curve
from consentdesk.scanning.rehearsal.hand import INKS, draw_hand, pressed
from consentdesk.scanning.rehearsal.marks import FAINT, MARKS
from consentdesk.scanning.rehearsal.pen import Canvas, Rect, lay, trace

Paper = Callable[..., Canvas]
LINE = curve([(5.0, 5.0), (30.0, 20.0)])


def test_the_same_seed_gives_the_same_hand() -> None:
    assert draw_hand(np.random.default_rng(7)) == draw_hand(np.random.default_rng(7))
    assert draw_hand(np.random.default_rng(7)) != draw_hand(np.random.default_rng(8))


@pytest.mark.parametrize("ink", INKS.values(), ids=INKS)
def test_every_ink_writes_darker_than_paper_and_never_lightens_print(ink, paper: Paper) -> None:
    rng = np.random.default_rng(1)
    canvas = paper(printed=True)
    before = canvas.page.copy()
    hand = draw_hand(rng, ink)
    lay(canvas, [trace(LINE, hand, rng)], hand, rng)
    assert (canvas.page <= before).all()
    assert (canvas.page < before).any()


@pytest.mark.parametrize("ink", INKS.values(), ids=INKS)
def test_the_stated_strength_is_what_a_grey_scan_sees(ink, paper: Paper) -> None:
    """Along the middle of a steady, wide stroke, where the edge's softness plays no part."""
    rng = np.random.default_rng(2)
    canvas = paper(colour=False)
    hand = draw_hand(rng, ink)
    steady = replace(hand, width_mm=1.2, tremor_mm=0.0)
    drawn = lay(canvas, [trace(LINE, steady, rng)], steady, rng)
    places = np.rint(LINE * canvas.scale).astype(int)
    along = np.linspace(places[0], places[-1], 60).astype(int)[10:-10]
    seen = 1 - canvas.page[along[:, 1], along[:, 0]].mean() / 255
    assert seen == pytest.approx(drawn.strength, abs=0.06)


def test_pencils_are_clear_and_only_faint_pencils_are_not() -> None:
    hands = {
        name: [draw_hand(np.random.default_rng(seed), ink) for seed in range(50)]
        for name, ink in INKS.items()
    }
    weakest = {name: min(hand.strength for hand in drawn) for name, drawn in hands.items()}
    assert {name for name, strength in weakest.items() if strength < 1 / 3} == {"faint pencil"}


@given(st.floats(0.02, 0.4), st.integers(0, 1000))
def test_a_hand_presses_as_lightly_as_asked(strength: float, seed: int) -> None:
    assert pressed(draw_hand(np.random.default_rng(seed)), strength).strength == pytest.approx(
        strength, rel=1e-6
    ) or (pressed(draw_hand(np.random.default_rng(seed)), strength).flow == 1.0)


@pytest.mark.parametrize("kind", MARKS)
def test_the_stated_shares_are_those_of_the_page(kind: str, paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    """Ink as the page shows it: the darkening of white paper, in the darkest of its colours."""
    rng = np.random.default_rng(11)
    canvas = paper()
    drawn = MARKS[kind](canvas, boxes[0], draw_hand(rng, INKS["black ballpoint"]), rng)
    dark = 255 - canvas.page.min(axis=2).astype(float)
    if kind.startswith("erased"):
        # The grey that the rubber spread is on the page, but is no part of the mark.
        assert dark.sum() > 0
        return
    x0, y0, x1, y1 = (round(edge * canvas.scale) for edge in boxes[0])
    assert drawn.share_in(boxes[0]) == pytest.approx(dark[y0:y1, x0:x1].sum() / dark.sum(), abs=0.01)
    assert drawn.ink_mm2 > 0


def test_what_is_drawn_off_the_page_is_lost(paper: Paper) -> None:
    rng = np.random.default_rng(3)
    canvas = paper()
    hand = draw_hand(rng)
    drawn = lay(canvas, [trace(LINE - 200, hand, rng)], hand, rng)
    assert (canvas.page == 255).all()
    assert drawn.ink_mm2 == 0
    assert drawn.share_in((0, 0, 10, 10)) == 0


def test_faint_marks_are_under_a_third_of_black() -> None:
    assert FAINT[1] < 1 / 3
