"""A filled slip: what is drawn where, and what a reader may then say of it (rules C4, S4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest

from consentdesk.model.layout import Box, BoxPair, SlipLayout
from consentdesk.scanning.rehearsal.cases import CASES, draw_case
from consentdesk.scanning.rehearsal.fill_in import Filled, Filling, Part, fill_in, rect
from consentdesk.scanning.rehearsal.hand import draw_hand
from consentdesk.scanning.rehearsal.pen import Canvas

DPI = 100
SLIP = SlipLayout(
    page=0,
    outline=Box(10, 10, 200, 120),
    codes=(Box(177, 14, 195, 32), Box(14, 98, 32, 116)),
    child=Box(14, 30, 140, 40),
    typed_code=Box(14, 84, 44, 92),
    questions=(
        BoxPair("web.work", Box(150, 44, 155, 49), Box(163, 44, 168, 49)),
        BoxPair("web.first-name", Box(150, 53, 155, 58), Box(163, 53, 168, 58)),
    ),
    signature=Box(50, 66, 110, 76),
    date=Box(150, 66, 195, 76),
    printed_name=Box(50, 80, 110, 88),
    relationship=Box(120, 80, 195, 88),
    comment=Box(50, 94, 195, 108),
    pupil_questions=(BoxPair("web.work", Box(175, 44, 180, 49), Box(187, 44, 192, 49)),),
    pupil_signature=Box(115, 66, 145, 76),
)
FIELDS = ("signature", "date", "printed_name", "relationship", "comment", "child", "pupil_signature")
PLAIN = Filling(
    Part("Ngozi Okafor", {"web.work": "yes", "web.first-name": "no"}),
    "mother",
    date(2026, 9, 14),
    Part("Ada Okafor", {"web.work": "yes"}),
)


def filled(filling: Filling, seed: int = 3, slip: SlipLayout = SLIP) -> tuple[Filled, np.ndarray]:
    page = np.full((round(297 * DPI / 25.4), round(210 * DPI / 25.4)), 255, np.uint8)
    return fill_in(Canvas(page, DPI), slip, filling, np.random.default_rng(seed)), page


def inked(page: np.ndarray, box: Box) -> bool:
    x0, y0, x1, y1 = (round(edge * DPI / 25.4) for edge in rect(box))
    return bool((page[y0:y1, x0:x1] < 200).any())


def allowed(filling: Filling) -> dict[str, set[str]]:
    """What a reader may say, the pupil's answers under `own `."""
    truth = filled(filling)[0].truth(faded=False)
    return {one.purpose: set(one.allowed) for one in truth.answers} | {
        f"own {one.purpose}": set(one.allowed) for one in truth.pupil_answers
    }


def test_what_is_meant_is_what_is_drawn_and_may_be_read() -> None:
    paper, page = filled(PLAIN)
    truth = paper.truth(faded=False)
    assert all(one.clear for one in truth.every)
    assert allowed(PLAIN) == {"web.work": {"yes"}, "web.first-name": {"no"}, "own web.work": {"yes"}}
    assert (truth.means, truth.pupil_means) == (PLAIN.guardian.answers, {"web.work": "yes"})
    assert (truth.signed, truth.pupil_signed) == (True, True)
    written = {name for name in FIELDS if inked(page, getattr(SLIP, name))}
    assert written == set(FIELDS) - {"comment", "child"}
    assert not any(inked(page, code) for code in SLIP.codes)


@pytest.mark.parametrize(
    ("change", "fields", "guardians_yes", "pupils_yes"),
    [
        ({"guardian": replace(PLAIN.guardian, signs=False)}, {"-signature"}, False, True),
        ({"pupil": replace(PLAIN.pupil, signs=False)}, {"-pupil_signature"}, True, False),
        ({"comment": "website only"}, {"comment"}, False, False),
        ({"other_name": "Ben Ito"}, {"child"}, False, False),
        ({"day": None}, {"-date"}, True, True),
    ],
    ids=["unsigned", "pupil unsigned", "comment", "another name", "undated"],
)
def test_what_holds_a_yes_back_leaves_a_no(
    change: dict[str, object], fields: set[str], guardians_yes: bool, pupils_yes: bool
) -> None:
    filling = replace(PLAIN, **change)
    may = allowed(filling)
    assert may["web.work"] == ({"yes"} if guardians_yes else set())
    assert may["web.first-name"] == {"no"}
    assert may["own web.work"] == ({"yes"} if pupils_yes else set())
    _, page = filled(filling)
    for name in fields:
        assert inked(page, getattr(SLIP, name.removeprefix("-"))) == (not name.startswith("-"))


@pytest.mark.parametrize(
    ("change", "guardians", "pupils"),
    [
        ({}, True, True),
        ({"guardian": replace(PLAIN.guardian, signs=False)}, False, False),
        ({"pupil": replace(PLAIN.pupil, signs=False)}, True, False),
        ({"comment": "website only"}, False, False),
        ({"other_name": "Ben Ito"}, False, False),
    ],
    ids=["plain", "unsigned", "pupil unsigned", "comment", "another name"],
)
def test_nothing_is_clear_on_a_slip_that_holds_something_back(
    change: dict[str, object], guardians: bool, pupils: bool
) -> None:
    truth = filled(replace(PLAIN, **change))[0].truth(faded=False)
    assert {one.clear for one in truth.answers} == {guardians}
    assert {one.clear for one in truth.pupil_answers} == {pupils}


def test_a_pair_is_not_clear_where_other_ink_runs_into_a_box() -> None:
    beside = msgspec.structs.replace(SLIP, printed_name=Box(140, 53, 172, 58))
    truth = filled(PLAIN, slip=beside)[0].truth(faded=False)
    assert {one.purpose: one.clear for one in truth.answers} == {"web.work": True, "web.first-name": False}
    assert truth.answers[1].allowed == {"no"}


def test_an_exam_may_ask_for_a_case_whatever_is_meant() -> None:
    part = replace(PLAIN.guardian, cases={"web.work": "no: slash"})
    truth = filled(replace(PLAIN, guardian=part))[0].truth(faded=False)
    assert (truth.answers[0].case, truth.answers[0].allowed) == ("no: slash", set())
    assert truth.means == {"web.first-name": "no"}


def test_a_question_left_out_is_blank_and_a_pupil_who_says_nothing_too() -> None:
    filling = replace(PLAIN, guardian=Part("Ngozi Okafor", {"web.first-name": "no"}), pupil=None)
    assert allowed(filling) == {"web.work": set(), "web.first-name": {"no"}, "own web.work": set()}
    paper, page = filled(filling)
    assert not inked(page, SLIP.questions[0].yes)
    assert not inked(page, SLIP.pupil_questions[0].no)
    assert paper.truth(faded=False).means == {"web.first-name": "no"}


def test_a_mark_that_a_one_bit_scan_may_lose_allows_what_is_left() -> None:
    case = CASES["yes: tick, faint tick in the other"]
    pair = SLIP.questions[0]
    _, page = filled(PLAIN)
    rng = np.random.default_rng(2)
    drawn = draw_case(Canvas(page, DPI), case, rect(pair.yes), rect(pair.no), draw_hand(rng), rng)
    paper = Filled({"web.work": drawn}, {}, PLAIN)
    assert paper.truth(faded=False).answers[0].allowed == set()
    assert paper.truth(faded=True).answers[0].allowed == {"yes"}


def test_the_same_seed_writes_the_same_paper() -> None:
    doubtful = replace(PLAIN, guardian=replace(PLAIN.guardian, doubtful=0.5))
    assert (filled(doubtful)[1] == filled(doubtful)[1]).all()
    assert (filled(doubtful)[1] != filled(doubtful, seed=4)[1]).any()
