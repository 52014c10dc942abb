"""What a person is asked about a doubtful slip, in which order, and what each answer comes to (rules A2, C8, S4)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from consentdesk.model.reading import Presence
from consentdesk.services.look_at_slip import look_at
from consentdesk.services.review import DecisionWord, Verdict, decide, review_list
from consentdesk.services.review_steps import Step, verdict_of
from tests.services.made_up import Desk, Meant

WORK, NAME = "web.work", "web.first-name"


def steps(desk: Desk) -> tuple[Step, ...]:
    """The steps of the one slip in review."""
    (item,) = review_list(desk.office).review
    return look_at(desk.office, item.reading).steps


def asked(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.kind, step.purposes) for step in steps(desk)]


def answer(desk: Desk, word: DecisionWord, **more: str) -> None:
    """Answer the first step."""
    (item,) = review_list(desk.office).review
    decide(desk.office, item.code, verdict_of(steps(desk)[0], word, **more))


BOTH_YES: Mapping[str, Meant] = {WORK: "yes", NAME: "yes"}
MIXED: Mapping[str, Meant] = {WORK: "both", NAME: "yes"}
CASES = [
    ("a doubtful box is a question", MIXED, {}, [("question", (WORK,))]),
    ("no signature is asked once", BOTH_YES, {"signature": Presence.ABSENT}, [("signature", (WORK, NAME))]),
    (
        "a note is asked once for every yes, then each doubtful box",
        MIXED,
        {"comment": Presence.PRESENT},
        [("note", (NAME,)), ("question", (WORK,))],
    ),
    (
        "a signature comes before the note",
        BOTH_YES,
        {"signature": Presence.UNSURE, "comment": Presence.PRESENT},
        [("signature", (WORK, NAME)), ("note", (WORK, NAME))],
    ),
    ("a struck-out name is one step", BOTH_YES, {"struck_out": Presence.UNSURE}, [("name", (WORK, NAME))]),
    (
        "a note beside nothing but no has to be seen",
        {WORK: "no", NAME: "no"},
        {"comment": Presence.PRESENT},
        [("look", ())],
    ),
    (
        "a slip that was not found well is asked box by box",
        BOTH_YES,
        {"fit": 0.1},
        [("question", (WORK,)), ("question", (NAME,))],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("meant", "fields", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_asked(
    desk: Desk,
    meant: Mapping[str, Meant],
    fields: Mapping[str, object],
    wanted: list[tuple[str, tuple[str, ...]]],
) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication"), meant, **fields))
    assert asked(desk) == wanted


def test_a_signature_that_a_person_finds_settles_what_hung_on_it(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication"), "yes", signature=Presence.UNSURE))
    answer(desk, "yes")
    assert review_list(desk.office).review == ()
    assert desk.words("Ada") == {"unconfirmed"}


@pytest.mark.parametrize(("word", "status"), [("no", "unsigned"), ("unclear", "no-reply")])
def test_a_signature_that_is_none_lets_no_yes_count(desk: Desk, word: DecisionWord, status: str) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication"), "yes", signature=Presence.UNSURE))
    answer(desk, word)
    assert review_list(desk.office).review == ()
    assert desk.words("Ada") == {status}


def test_after_the_signature_the_note_is_still_open(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "yes", signature=Presence.UNSURE, comment=Presence.PRESENT))
    answer(desk, "yes")
    assert asked(desk) == [("note", (WORK, NAME))]
    answer(desk, "yes", condition="not on Fridays")
    assert review_list(desk.office).review == ()
    assert {(one.word.value, one.condition) for one in desk.statuses("Ada").values()} == {
        ("yes", "not on Fridays")
    }


def test_another_childs_name_leaves_every_yes_unclear(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication"), "yes", struck_out=Presence.PRESENT))
    answer(desk, "no")
    assert desk.words("Ada") == {"no-reply"}


def test_what_was_seen_once_is_not_pointed_out_again(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {WORK: "both", NAME: "blank"}, comment=Presence.PRESENT))
    assert steps(desk)[0].reasons == ("both-marked", "comment")
    decide(desk.office, slip.code, Verdict({WORK: "no"}))
    assert [step.reasons for step in steps(desk)] == [("blank",)]


def test_the_pupils_part_is_asked_by_itself(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    seen = desk.seen(slip, "yes", pupil="both")
    desk.take(seen)
    kinds = {(step.kind, step.who) for step in steps(desk)}
    assert kinds == {("question", "pupil")}
    before = len(steps(desk))
    answer(desk, "no")
    assert len(steps(desk)) == before - 1


def test_the_signatory_goes_with_every_word(desk: Desk) -> None:
    step = Step("question", "guardian", (WORK,), ("blank",), ("…",))
    assert verdict_of(step, "yes", guardian="g1") == Verdict({WORK: "yes"}, guardian="g1")
    signature = Step("signature", "guardian", (WORK,), ("unsigned",), ("…",))
    assert verdict_of(signature, "yes", guardian="g1") == Verdict(signed=True, guardian="g1")
