"""From marks to answers (rules C4, S4): every doubt asks a person, and nothing else ever becomes a yes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consentdesk.model.decision import (
    DARK_FLOOR,
    FIT_FLOOR,
    FRAME_FLOOR,
    INSIDE_FLOOR,
    PALE,
    SENTENCES,
    SURE_FLOOR,
    WORST_FIRST,
    Decision,
    decide,
    decide_pair,
)
from consentdesk.model.reading import Mark, MarkKind, Outcome, PairReading, Presence, SlipReading

JUST_BELOW = 1e-9


def mark(kind: str, **measures: float) -> Mark:
    """A mark that leaves no doubt about its kind, but for the measures given."""
    measured = {"fill": 0.2, "darkness": 0.9, "inside": 0.95, "sure": 0.95, "fit": 0.95}
    return Mark(MarkKind(kind), **{**measured, **measures})


EMPTY = mark("empty", fill=0.0, darkness=0.0)
SPECK, DUST = mark("speck", fill=0.02), mark("speck", fill=0.005)
TICK, CROSS = mark("tick"), mark("cross")
STROKE, FILL, SCRIBBLE = mark("stroke"), mark("fill"), mark("scribble")
RING, STRAY, FAINT = mark("ring"), mark("stray"), mark("faint", darkness=0.1)
PALE_TICK, BARELY = mark("tick", darkness=DARK_FLOOR - JUST_BELOW), mark("tick", darkness=DARK_FLOOR)
HALF_PALE = mark("tick", darkness=PALE - JUST_BELOW)
OUT_OF_BOX = mark("tick", inside=INSIDE_FLOOR - JUST_BELOW)
UNSURE = mark("cross", sure=SURE_FLOOR - JUST_BELOW)
LOST = mark("empty", fit=FIT_FLOOR - JUST_BELOW)
AT_ALL_FLOORS = mark("tick", darkness=DARK_FLOOR, inside=INSIDE_FLOOR, sure=SURE_FLOOR, fit=FIT_FLOOR)


def pair(yes: Mark, no: Mark, purpose: str = "image.website") -> PairReading:
    return PairReading(purpose, yes, no)


def slip(**seen: Any) -> SlipReading:
    """A slip of one question that is ticked yes, signed and without a doubt, but for what is given."""
    plain = {
        "codes": (),
        "tag": "K7M2",
        "quad": (),
        "pairs": (pair(TICK, EMPTY),),
        "signature": Presence.PRESENT,
        "date": Presence.PRESENT,
        "printed_name": Presence.PRESENT,
        "relationship": Presence.PRESENT,
        "comment": Presence.ABSENT,
        "fit": 0.9,
    }
    return SlipReading(**{**plain, **seen})


def only(decision: Decision) -> tuple[str, str | None]:
    """The one answer on a slip, and why."""
    (answer,) = decision.answers.values()
    return answer.answer, answer.reason


# One question by itself

# Tables of cases are laid out by hand.
# fmt: off
PAIRS: list[tuple[str, Mark, Mark, str, str | None]] = [
    # what is in the boxes                  yes        no          answer    why
    ("a tick",                              TICK,      EMPTY,      "yes",    None),
    ("a cross",                             CROSS,     EMPTY,      "yes",    None),
    ("a tick in no",                        EMPTY,     TICK,       "no",     None),
    ("a cross in no",                       EMPTY,     CROSS,      "no",     None),
    ("just good enough in every way",       AT_ALL_FLOORS, EMPTY,  "yes",    None),
    ("nothing",                             EMPTY,     EMPTY,      "review", "blank"),
    ("specks alone",                        SPECK,     EMPTY,      "review", "blank"),
    ("specks in both",                      SPECK,     SPECK,      "review", "blank"),
    ("both ticked",                         TICK,      TICK,       "review", "both-marked"),
    ("one ticked, the other crossed",       TICK,      CROSS,      "review", "both-marked"),
    ("something faint",                     FAINT,     EMPTY,      "review", "faint"),
    ("something faint in no",               EMPTY,     FAINT,      "review", "faint"),
    ("ticked, and something faint in no",   TICK,      FAINT,      "review", "faint"),
    ("a tick that is too pale",             PALE_TICK, EMPTY,      "review", "faint"),
    ("a no that is too pale",               EMPTY,     PALE_TICK,  "review", "faint"),
    ("a tick just dark enough",             BARELY,    EMPTY,      "yes",    None),
    ("a single stroke",                     STROKE,    EMPTY,      "review", "stroke"),
    ("a single stroke in no",               EMPTY,     STROKE,     "review", "stroke"),
    ("ticked, and a stroke in no",          TICK,      STROKE,     "review", "stroke"),
    ("filled in",                           FILL,      EMPTY,      "review", "filled"),
    ("no filled in",                        EMPTY,     FILL,       "review", "filled"),
    ("scribbled out",                       SCRIBBLE,  EMPTY,      "review", "scribbled"),
    ("yes scribbled out, no ticked",        SCRIBBLE,  TICK,       "review", "corrected"),
    ("yes crossed, no scribbled out",       CROSS,     SCRIBBLE,   "review", "corrected"),
    ("a ring round yes",                    RING,      EMPTY,      "review", "ringed"),
    ("ticked, and a ring round no",         TICK,      RING,       "review", "ringed"),
    ("a line through",                      STRAY,     EMPTY,      "review", "stray"),
    ("ticked, and a line through no",       TICK,      STRAY,      "review", "stray"),
    ("no ticked, and a line through yes",   STRAY,     TICK,       "review", "stray"),
    ("mostly outside its box",              OUT_OF_BOX, EMPTY,     "review", "outside"),
    ("no, mostly outside its box",          EMPTY,     OUT_OF_BOX, "review", "outside"),
    ("perhaps a cross",                     UNSURE,    EMPTY,      "review", "unsure"),
    ("perhaps a cross in no",               EMPTY,     UNSURE,     "review", "unsure"),
    ("ticked, a speck in no",               TICK,      SPECK,      "review", "speck"),
    ("no ticked, a speck in yes",           SPECK,     TICK,       "review", "speck"),
    ("ticked, dust in no",                  TICK,      DUST,       "yes",    None),
    ("no ticked, dust in yes",              DUST,      TICK,       "no",     None),
    ("a pale yes, dust in no",              HALF_PALE, DUST,       "review", "speck"),
    ("a pale no, dust in yes",              DUST,      HALF_PALE,  "review", "speck"),
    ("the box was not found",               LOST,      EMPTY,      "review", "poor-fit"),
    ("ticked, but no was not found",        TICK,      LOST,       "review", "poor-fit"),
    ("no ticked, but yes was not found",    LOST,      TICK,       "review", "poor-fit"),
]
# fmt: on


@pytest.mark.parametrize(
    ("yes", "no", "answer", "reason"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS]
)
def test_what_two_boxes_say(yes: Mark, no: Mark, answer: str, reason: str | None) -> None:
    found = decide_pair(pair(yes, no))
    assert (found.answer, found.reason) == (answer, reason)


def test_the_table_has_a_case_of_every_reason_and_every_kind() -> None:
    assert {row[4] for row in PAIRS} == {reason for reason, _ in WORST_FIRST} | {None}
    assert {box.kind for row in PAIRS for box in row[1:3]} == set(MarkKind)


LADDER = [
    ("poor-fit", mark("scribble", fit=0.0), TICK),
    ("corrected", SCRIBBLE, TICK),
    ("scribbled", SCRIBBLE, RING),
    ("ringed", RING, STRAY),
    ("stray", STRAY, FILL),
    ("filled", FILL, TICK),
    ("both-marked", PALE_TICK, OUT_OF_BOX),
    ("stroke", STROKE, FAINT),
    ("faint", FAINT, UNSURE),
    ("faint", mark("tick", darkness=0.1, inside=0.1, sure=0.1), SPECK),
    ("outside", mark("tick", inside=0.1, sure=0.1), SPECK),
    ("unsure", UNSURE, SPECK),
    ("speck", TICK, SPECK),
]


@pytest.mark.parametrize(("reason", "yes", "no"), LADDER)
def test_of_several_doubts_the_worst_is_told(reason: str, yes: Mark, no: Mark) -> None:
    assert decide_pair(pair(yes, no)).reason == reason


def test_the_doubts_above_stand_in_the_order_of_the_rules() -> None:
    told = list(dict.fromkeys(reason for reason, *_ in LADDER))
    ranked = list(dict.fromkeys(reason for reason, _ in WORST_FIRST))
    assert [reason for reason in ranked if reason in told] == told


def test_confidence_is_the_weakest_measure() -> None:
    assert decide_pair(pair(mark("tick", sure=0.9, inside=0.8, fit=0.7), EMPTY)).confidence == 0.7
    assert decide_pair(pair(EMPTY, mark("cross", sure=0.85))).confidence == 0.85


def test_every_reason_has_its_sentence() -> None:
    for reason, _ in WORST_FIRST:
        assert SENTENCES[reason].endswith(".")
    assert all(text.endswith(".") for text in SENTENCES.values())


# The sheet as a whole


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"fit": FRAME_FLOOR - JUST_BELOW}, "poor-fit"),
        ({"struck_out": Presence.PRESENT}, "struck-out"),
        ({"struck_out": Presence.UNSURE}, "struck-out"),
        ({"signature": Presence.ABSENT}, "unsigned"),
        ({"signature": Presence.UNSURE}, "signature-unsure"),
        ({"comment": Presence.PRESENT}, "comment"),
        ({"comment": Presence.UNSURE}, "comment"),
        ({"margin": Presence.PRESENT}, "comment"),
        ({"margin": Presence.UNSURE}, "comment"),
    ],
)
def test_s4_a_doubt_about_the_sheet_holds_back_every_yes_and_leaves_a_no(
    seen: dict[str, Any], reason: str
) -> None:
    pairs = (pair(TICK, EMPTY, "a"), pair(EMPTY, TICK, "b"), pair(EMPTY, EMPTY, "c"), pair(CROSS, EMPTY, "d"))
    decision = decide(slip(pairs=pairs, **seen))
    told = {purpose: (answer.answer, answer.reason) for purpose, answer in decision.answers.items()}
    assert told == {
        "a": ("review", reason),
        "b": ("no", None),
        "c": ("review", "blank"),
        "d": ("review", reason),
    }
    assert decision.doubts == (reason,)
    assert decision.outcome is Outcome.REVIEW
    assert reason in SENTENCES


def test_the_worst_doubt_about_a_sheet_is_told_and_all_are_kept() -> None:
    decision = decide(
        slip(fit=0.0, struck_out=Presence.PRESENT, signature=Presence.ABSENT, comment=Presence.PRESENT)
    )
    assert only(decision) == ("review", "poor-fit")
    assert decision.doubts == ("poor-fit", "struck-out", "unsigned", "comment")


def test_s4_nos_alone_under_a_doubt_stand_and_a_person_looks_all_the_same() -> None:
    decision = decide(slip(pairs=(pair(EMPTY, TICK),), comment=Presence.PRESENT))
    assert only(decision) == ("no", None)
    assert decision.outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("signature", "signed"), [(Presence.PRESENT, True), (Presence.ABSENT, False), (Presence.UNSURE, None)]
)
def test_a_signature_is_there_or_not_or_nobody_can_tell(signature: Presence, signed: bool | None) -> None:
    assert decide(slip(signature=signature)).signed is signed


def test_a_plain_slip_is_read_and_each_of_its_questions_answered() -> None:
    decision = decide(slip(pairs=(pair(TICK, EMPTY, "a"), pair(EMPTY, CROSS, "b"))))
    assert {purpose: answer.answer for purpose, answer in decision.answers.items()} == {"a": "yes", "b": "no"}
    assert (decision.outcome, decision.doubts, decision.flags) == (Outcome.READ, (), ())
    assert (decision.pupil_signed, decision.pupil_answers) == (None, None)


def test_s4_one_question_left_blank_is_asked_and_the_others_stand() -> None:
    decision = decide(slip(pairs=(pair(TICK, EMPTY, "a"), pair(EMPTY, EMPTY, "b"))))
    assert [answer.answer for answer in decision.answers.values()] == ["yes", "review"]
    assert decision.outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("seen", "flags"),
    [
        ({"date": Presence.ABSENT}, ("date-blank",)),
        ({"printed_name": Presence.ABSENT}, ("name-blank",)),
        ({"date": Presence.UNSURE, "printed_name": Presence.UNSURE, "relationship": Presence.ABSENT}, ()),
    ],
)
def test_a_missing_date_or_name_is_noted_and_holds_nothing_back(
    seen: dict[str, Any], flags: tuple[str, ...]
) -> None:
    decision = decide(slip(**seen))
    assert (only(decision), decision.flags) == (("yes", None), flags)
    assert decision.outcome is Outcome.READ


# The pupil's own part (rule A3)


def both(pupil: PairReading, **seen: Any) -> SlipReading:
    """A slip with a pupil's part of one question, signed by both but for what is given."""
    return slip(pupil_pairs=(pupil,), **{"pupil_signature": Presence.PRESENT, **seen})


def pupils(decision: Decision) -> tuple[str, str | None]:
    assert decision.pupil_answers is not None
    (answer,) = decision.pupil_answers.values()
    return answer.answer, answer.reason


def test_a3_both_answer_for_themselves() -> None:
    decision = decide(both(pair(EMPTY, TICK)))
    assert (only(decision), pupils(decision)) == (("yes", None), ("no", None))
    assert (decision.signed, decision.pupil_signed) == (True, True)
    assert decision.outcome is Outcome.READ


def test_a3_a_pupils_part_left_blank_is_noted_and_changes_nothing() -> None:
    decision = decide(both(pair(EMPTY, EMPTY), pupil_signature=Presence.ABSENT))
    assert only(decision) == ("yes", None)
    assert (decision.pupil_signed, decision.flags) == (False, ("pupil-blank",))
    assert decision.outcome is Outcome.READ


@pytest.mark.parametrize(
    ("pupil", "signature", "reason"),
    [
        pytest.param(pair(EMPTY, EMPTY), Presence.PRESENT, "blank", id="signed, nothing marked"),
        pytest.param(pair(EMPTY, EMPTY), Presence.UNSURE, "blank", id="perhaps signed, nothing marked"),
        pytest.param(pair(TICK, EMPTY), Presence.ABSENT, "unsigned", id="marked, not signed"),
        pytest.param(pair(TICK, EMPTY), Presence.UNSURE, "signature-unsure", id="marked, perhaps signed"),
        pytest.param(pair(TICK, TICK), Presence.ABSENT, "both-marked", id="both marked, not signed"),
        pytest.param(pair(LOST, EMPTY), Presence.ABSENT, "poor-fit", id="its boxes were not found"),
    ],
)
def test_a3_a_pupils_part_filled_in_half_is_asked(
    pupil: PairReading, signature: Presence, reason: str
) -> None:
    decision = decide(both(pupil, pupil_signature=signature))
    assert (only(decision), pupils(decision)) == (("yes", None), ("review", reason))
    assert decision.outcome is Outcome.REVIEW
    assert "pupil-blank" not in decision.flags


def test_a3_each_signature_holds_for_its_own_part() -> None:
    decision = decide(both(pair(TICK, EMPTY), signature=Presence.ABSENT))
    assert (only(decision), pupils(decision)) == (("review", "unsigned"), ("yes", None))
    assert pupils(decide(both(pair(EMPTY, TICK), pupil_signature=Presence.ABSENT))) == ("no", None)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"comment": Presence.PRESENT}, "comment"),
        ({"margin": Presence.UNSURE}, "comment"),
        ({"struck_out": Presence.PRESENT}, "struck-out"),
    ],
)
def test_a3_what_is_written_on_the_sheet_holds_back_the_pupils_yes_too(
    seen: dict[str, Any], reason: str
) -> None:
    decision = decide(both(pair(TICK, EMPTY), **seen))
    assert (only(decision), pupils(decision)) == (("review", reason), ("review", reason))


def test_a_word_that_ends_in_the_pupils_boxes_may_belong_to_the_guardians_answer() -> None:
    """The two pairs of a question stand side by side."""
    decision = decide(both(pair(STRAY, EMPTY)))
    assert (only(decision), pupils(decision)) == (("review", "stray"), ("review", "stray"))


def test_a_word_that_looks_like_a_tick_and_lies_beside_the_pupils_box_may_belong_to_the_guardian_too() -> (
    None
):
    guardians = both(pair(TICK, EMPTY)).pairs
    word = pair(mark("tick", inside=INSIDE_FLOOR - JUST_BELOW), EMPTY)
    decision = decide(replace(both(word), pairs=guardians))
    assert only(decision) == ("review", "stray")


# Whatever a reader may report

share = st.floats(0, 1.5)
marks = st.builds(Mark, st.sampled_from(MarkKind), share, share, share, share, share)
good_marks = st.builds(mark, st.sampled_from(["tick", "cross", "empty", "speck"]))
pairs = st.builds(pair, marks | good_marks, marks | good_marks)
presence = st.sampled_from(Presence)
slips = st.builds(
    slip,
    pairs=pairs.map(lambda one: (one,)),
    pupil_pairs=st.tuples(pairs) | st.just(()),
    pupil_signature=st.none() | presence,
    signature=st.just(Presence.PRESENT) | presence,
    comment=st.just(Presence.ABSENT) | presence,
    margin=st.just(Presence.ABSENT) | presence,
    struck_out=st.just(Presence.ABSENT) | presence,
    fit=share,
)


def is_clear(box: Mark) -> bool:
    return (
        box.kind in (MarkKind.TICK, MarkKind.CROSS)
        and box.sure >= SURE_FLOOR
        and box.inside >= INSIDE_FLOOR
        and box.darkness >= DARK_FLOOR
        and box.fit >= FIT_FLOOR
    )


@given(slips)
def test_a_yes_needs_everything_at_once(seen: SlipReading) -> None:
    """Invented consent: this is all that stands between a smudge and a photograph."""
    (one,) = seen.pairs
    answer, _ = only(decide(seen))
    if answer == "yes":
        assert is_clear(one.yes)
        assert one.no.kind is MarkKind.EMPTY
        assert one.no.fit >= FIT_FLOOR
        assert seen.signature is Presence.PRESENT
        assert (seen.comment, seen.margin, seen.struck_out) == (Presence.ABSENT,) * 3
        assert seen.fit >= FRAME_FLOOR


@given(slips)
def test_a_pupils_yes_needs_everything_at_once(seen: SlipReading) -> None:
    decision = decide(seen)
    for one in seen.pupil_pairs:
        if decision.pupil_answers and decision.pupil_answers[one.purpose].answer == "yes":
            assert is_clear(one.yes)
            assert one.no.kind is MarkKind.EMPTY
            assert seen.pupil_signature is Presence.PRESENT
            assert (seen.comment, seen.margin, seen.struck_out) == (Presence.ABSENT,) * 3


@given(pairs)
def test_a_no_needs_a_clear_mark_and_an_untouched_yes(one: PairReading) -> None:
    if decide_pair(one).answer == "no":
        assert is_clear(one.no)
        assert one.yes.kind in (MarkKind.EMPTY, MarkKind.SPECK)


@given(slips)
def test_all_is_read_or_asked_with_a_reason_that_has_a_sentence(seen: SlipReading) -> None:
    decision = decide(seen)
    answers = [*decision.answers.values(), *(decision.pupil_answers or {}).values()]
    for answer in answers:
        assert (answer.answer == "review") == (answer.reason is not None)
        assert answer.reason is None or answer.reason in SENTENCES
    if decision.outcome is Outcome.READ:
        assert decision.doubts == ()
        assert all(answer.answer != "review" for answer in decision.answers.values())


def worse(box: Mark, shares: tuple[float, float, float, float]) -> Mark:
    """The same mark, each measure no better than before."""
    darkness, inside, sure, fit = shares
    return replace(
        box,
        darkness=box.darkness * darkness,
        inside=box.inside * inside,
        sure=box.sure * sure,
        fit=box.fit * fit,
    )


shares = st.tuples(*[st.just(1.0) | st.floats(0, 1)] * 4)


@given(pairs, shares, shares)
def test_poorer_measures_never_make_an_answer_of_a_question(one: PairReading, yes: Any, no: Any) -> None:
    before, after = (
        decide_pair(one),
        decide_pair(replace(one, yes=worse(one.yes, yes), no=worse(one.no, no))),
    )
    assert after.answer in (before.answer, "review")


SURER = {
    "signature": [Presence.PRESENT, Presence.UNSURE, Presence.ABSENT],
    "comment": [Presence.ABSENT, Presence.UNSURE, Presence.PRESENT],
    "margin": [Presence.ABSENT, Presence.UNSURE, Presence.PRESENT],
    "struck_out": [Presence.ABSENT, Presence.UNSURE, Presence.PRESENT],
}
"""What may be seen on a sheet, from what holds a yes back least to what holds it back most."""


@given(slips, st.sampled_from(sorted(SURER)), st.integers(1, 2), st.floats(0, 1))
def test_a_poorer_sheet_never_makes_an_answer_of_a_question(
    seen: SlipReading, field: str, steps: int, fit: float
) -> None:
    ladder = SURER[field]
    there = ladder.index(getattr(seen, field))
    poorer = replace(seen, fit=seen.fit * fit, **{field: ladder[min(2, there + steps)]})
    before, after = only(decide(seen)), only(decide(poorer))
    assert after[0] in (before[0], "review")


@given(marks, marks)
def test_the_boxes_are_judged_alike(one: Mark, other: Mark) -> None:
    opposite = {"yes": "no", "no": "yes", "review": "review"}
    found, turned = decide_pair(pair(one, other)), decide_pair(pair(other, one))
    assert turned.answer == opposite[found.answer]
    assert turned.reason == found.reason
