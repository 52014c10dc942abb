"""The exam's questions: what each pair of boxes holds, and which answers a reader may give by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from consentdesk.scanning.rehearsal.cases import CASES, PAIR_MARKS, MarkCase, choose_case, draw_case
from consentdesk.scanning.rehearsal.hand import INKS, draw_hand
from consentdesk.scanning.rehearsal.marks import MARKS
from consentdesk.scanning.rehearsal.pen import Canvas, Rect

Paper = Callable[..., Canvas]


@pytest.mark.parametrize("name", CASES)
def test_every_case_draws_what_it_names_and_nothing_else(
    name: str, paper: Paper, boxes: tuple[Rect, Rect]
) -> None:
    case = CASES[name]
    rng = np.random.default_rng(4)
    canvas = paper()
    drawn = draw_case(canvas, case, *boxes, draw_hand(rng), rng)
    assert (drawn.yes is not None, drawn.no is not None) == (bool(case.yes_kind), bool(case.no_kind))
    assert (drawn.across is not None) == bool(case.across)
    assert (canvas.page < 255).any() == bool(case.yes_kind or case.no_kind or case.across)


def test_cases_name_known_marks_and_allow_only_the_truth() -> None:
    for case in CASES.values():
        assert {case.yes_kind, case.no_kind} <= {"", *MARKS}
        assert case.across in {"", *PAIR_MARKS}
        assert case.allowed == ({case.truth} if case.truth != "ask" else set())


def test_every_kind_of_mark_is_asked_for() -> None:
    assert {kind for case in CASES.values() for kind in (case.yes_kind, case.no_kind)} == {"", *MARKS}
    assert {case.across for case in CASES.values()} == {"", *PAIR_MARKS}


@pytest.mark.parametrize(
    ("yes", "no", "truth"),
    [
        ("", "", "ask"),
        ("tick", "", "yes"),
        ("", "tick", "no"),
        ("cross", "", "yes"),
        ("tick", "tick", "ask"),
        ("faint_tick", "", "yes"),
        ("tick", "faint_tick", "ask"),
        ("scribbled_out", "tick", "ask"),
        ("tick", "scribbled_out", "ask"),
        ("fill_solid", "", "ask"),
        ("slash", "", "ask"),
        ("ring", "", "ask"),
        ("stray", "", "ask"),
        ("beside", "", "ask"),
        ("erased_tick", "", "ask"),
        ("erased_tick", "tick", "no"),
    ],
)
def test_truths_that_the_rules_of_the_house_ask_for(yes: str, no: str, truth: str) -> None:
    """Rule S4: both, none, faint, scribbled, circled, stray go to review; one marked and one scribbled out too."""
    found = [case for case in CASES.values() if (case.yes_kind, case.no_kind, case.across) == (yes, no, "")]
    assert [case.truth for case in found] == [truth]


def test_clear_needs_a_plain_dark_mark_inside_and_an_untouched_partner(
    paper: Paper, boxes: tuple[Rect, Rect]
) -> None:
    def clear(case: MarkCase, ink: str, pair: tuple[Rect, Rect] = boxes) -> bool:
        rng = np.random.default_rng(9)
        hand = replace(draw_hand(rng, INKS[ink]), size=0.9, looseness=0.2, turn=0.0, slant=0.0)
        return draw_case(paper(), case, *pair, hand, rng).clear

    tick = CASES["yes: tick"]
    assert clear(tick, "blue ballpoint")
    assert clear(CASES["no: cross"], "pencil")
    assert not clear(tick, "faint pencil")
    assert not clear(CASES["yes: plus"], "blue ballpoint")
    assert not clear(CASES["yes: tick, speck in the other"], "blue ballpoint")
    assert not clear(CASES["both ticked"], "blue ballpoint")
    touching = (boxes[0], (22.0, 15.0, 27.0, 20.0))
    assert not clear(tick, "blue ballpoint", touching)


def test_a_faded_scan_excuses_only_what_hung_on_faint_ink(paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    def allowed(name: str, ink: str, *, faded: bool) -> frozenset[str]:
        rng = np.random.default_rng(2)
        return draw_case(paper(), CASES[name], *boxes, draw_hand(rng, INKS[ink]), rng).allowed(faded=faded)

    assert allowed("yes: tick, faint tick in the other", "fine liner", faded=True) == {"yes"}
    assert allowed("no: tick, faint cross in the other", "fine liner", faded=True) == {"no"}
    assert allowed("yes: tick, faint tick in the other", "fine liner", faded=False) == set()
    assert allowed("yes: tick, dash in the other", "fine liner", faded=True) == set()
    assert allowed("both ticked", "pencil", faded=True) == set()
    assert allowed("yes: tick", "fine liner", faded=True) == {"yes"}


def test_parents_mostly_make_their_usual_mark() -> None:
    rng = np.random.default_rng(0)
    hand = draw_hand(rng)
    chosen = [choose_case(rng, hand, "no", doubtful=0.1) for _ in range(400)]
    assert {case.truth for case in chosen if case.plain} == {"no"}
    usual = max({case.name for case in chosen}, key=[case.name for case in chosen].count)
    assert 0.6 < [case.name for case in chosen].count(usual) / 400 < 0.9
    assert 0.04 < sum(not case.plain for case in chosen) / 400 < 0.18
    assert "yes" not in {case.truth for case in chosen}
    assert choose_case(rng, hand, "yes", doubtful=0).yes_kind in MARKS
