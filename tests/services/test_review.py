"""What a person decides about a doubtful slip, and what holds then (rules A2, C8, S4)."""

from __future__ import annotations

import re

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.reading import Presence
from consentdesk.services.confirm import confirm
from consentdesk.services.progress import finish
from consentdesk.services.review import ReviewItem, TrayItem, Verdict, decide, review_list, show
from tests.services.made_up import Desk


def open_purposes(desk: Desk) -> list[str | None]:
    return [doubt.purpose for item in review_list(desk.office).review for doubt in item.doubts]


def test_the_list_says_who_and_why(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {"web.work": "both", "web.first-name": "yes"}))
    (item,) = review_list(desk.office).review
    assert (item.code, item.name, item.school_class, item.form) == (
        slip.code,
        "Ada Okafor",
        "4B",
        "web-publication",
    )
    assert [(one.who, one.purpose, one.reason, one.text) for one in item.doubts] == [
        ("guardian", "web.work", "both-marked", "Both boxes are marked.")
    ]


@pytest.mark.parametrize(
    ("word", "status"), [("yes", "yes"), ("no", "no"), ("unclear", "no-reply")], ids=lambda value: value
)
def test_a_decision_settles_the_question(desk: Desk, word: str, status: str) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {"web.work": "both", "web.first-name": "yes"}))
    assert decide(desk.office, slip.code, Verdict({"web.work": word})) == ()
    assert desk.statuses("Ada")["web.work"].word == status
    assert open_purposes(desk) == []
    assert desk.statuses("Ada")["web.first-name"].word == "unconfirmed"
    finish(confirm(desk.office))
    assert desk.statuses("Ada")["web.first-name"].word == "yes"


def test_a_decision_is_undone_by_another(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    decide(desk.office, slip.code, Verdict(rest="yes"))
    assert desk.words("Ada") == {"yes"}
    decide(desk.office, slip.code, Verdict({"web.work": "unclear"}))
    assert desk.statuses("Ada")["web.work"].word == "no-reply"


def test_all_means_what_is_in_doubt_and_overturns_nothing_clear(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {"web.work": "both", "web.first-name": "no"}))
    decide(desk.office, slip.code, Verdict(rest="yes"))
    assert {purpose: one.word.value for purpose, one in desk.statuses("Ada").items()} == {
        "web.work": "yes",
        "web.first-name": "no",
    }


def test_part_by_part(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "blank"))
    left = decide(desk.office, slip.code, Verdict({"web.work": "yes"}))
    assert [doubt.purpose for doubt in left] == ["web.first-name"]
    assert open_purposes(desk) == ["web.first-name"]


@pytest.mark.parametrize("presence", [Presence.ABSENT, Presence.UNSURE])
def test_a_signature_found_by_a_person_needs_no_answer_again(desk: Desk, presence: Presence) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, signature=presence))
    assert decide(desk.office, slip.code, Verdict(signed=True)) == ()
    finish(confirm(desk.office))
    assert desk.words("Ada") == {"yes"}


def test_a_slip_that_is_not_signed_stays_without_effect(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, signature=Presence.UNSURE))
    assert decide(desk.office, slip.code, Verdict(signed=False)) == ()
    finish(confirm(desk.office))
    assert desk.words("Ada") == {"unsigned"}


def test_a_comment_that_changes_nothing_is_settled_by_a_look(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "no", comment=Presence.PRESENT))
    assert open_purposes(desk) == [None]
    assert decide(desk.office, slip.code, Verdict()) == ()
    assert open_purposes(desk) == []


def test_nothing_decided_is_no_decision(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    before = desk.events
    with pytest.raises(KnownError, match=r"Nothing was decided about web\.work, web\.first-name"):
        decide(desk.office, slip.code, Verdict())
    assert desk.events == before


def test_a_condition_is_kept_word_for_word_and_narrows_the_yes(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, comment=Presence.PRESENT))
    decide(desk.office, slip.code, Verdict(rest="yes", conditions={"web.work": "paintings only!"}))
    found = desk.statuses("Ada")["web.work"]
    assert (found.word, found.condition) == ("yes", "paintings only!")


def test_the_pupils_own_part_is_decided_apart(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    desk.take(desk.seen(slip, pupil="both"))
    assert {one.who for item in review_list(desk.office).review for one in item.doubts} == {"pupil"}
    assert decide(desk.office, slip.code, Verdict(rest="no", of_pupil=True)) == ()
    words = {purpose: one.word.value for purpose, one in desk.statuses("Cleo").items()}
    assert words["image.website"] == "no"
    assert words["image.in-school"] == "unconfirmed"


def test_copies_that_differ_are_settled_together(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "no"))
    desk.take(desk.seen(slip, "yes"))
    decide(desk.office, slip.code, Verdict(rest="yes"))
    assert desk.words("Ada") == {"yes"}
    assert open_purposes(desk) == []


def test_a_guardian_may_be_named(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict(guardian="ngozi okafor"))
    with pytest.raises(KnownError) as caught:
        decide(desk.office, slip.code, Verdict(guardian="Mary O'Neill"))
    assert "Ngozi Okafor" in caught.value.sentence
    assert "Emeka Okafor" in caught.value.sentence


def test_a_slip_is_shown_with_its_picture_by_code_or_reading(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    report = desk.take_one(desk.seen(slip, "both"))
    item, picture = show(desk.office, slip.code.lower())
    assert isinstance(item, ReviewItem)
    assert [answer.answer for answer in item.answers] == ["review", "review"]
    assert picture == b"a picture of " + slip.code.encode()
    assert show(desk.office, report.reading) == (item, picture)


def test_what_lies_in_the_tray_is_listed_and_shown(desk: Desk) -> None:
    report = desk.take_one(desk.seen(desk.print_for("Ada"), codes=(), crop=b"", typed_code_crop=b"a code"))
    (one,) = review_list(desk.office).tray
    assert (one.reading, one.reason, one.file, one.page) == (report.reading, "no-code", "made up.pdf", 1)
    item, picture = show(desk.office, report.reading)
    assert isinstance(item, TrayItem)
    assert picture == b"a code"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("7F3K-22QX-19AB", "is no slip code"),
        ("nonsense", "is no slip code"),
        ("0000-0000-0000", "has never printed a slip 0000-0000-0000"),
        ("the printed one", "has not come back"),
    ],
)
def test_a_code_that_leads_nowhere(desk: Desk, code: str, sentence: str) -> None:
    slip = desk.print_for("Ada")
    with pytest.raises(KnownError) as caught:
        decide(desk.office, slip.code if " " in code else code, Verdict(rest="yes"))
    assert re.search(sentence, caught.value.sentence)


def test_a_purpose_that_the_slip_did_not_ask(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    for verdict in (
        Verdict({"image.website": "yes"}),
        Verdict(conditions={"image.website": "x"}),
        Verdict({"web.work": "yes"}, of_pupil=True),
    ):
        with pytest.raises(KnownError, match="did not ask about"):
            decide(desk.office, slip.code, verdict)
