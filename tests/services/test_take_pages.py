"""Rule S4: what becomes of each slip that comes back, and what holds afterwards."""

from __future__ import annotations

import msgspec
import pytest

from consentdesk.model.consent import Returned
from consentdesk.model.reading import Outcome, PageReading, Presence, Problem
from consentdesk.model.slip import check_letters
from consentdesk.services.take_pages import open_intake, take_pages
from consentdesk.store import images, ledger, scans
from tests.services.made_up import Desk


def test_a_clear_slip_is_read_and_waits_for_confirmation(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    report = desk.take_one(desk.seen(slip))
    assert (report.outcome, report.reason, report.signed) == (Outcome.READ, None, True)
    assert {(answer.answer, answer.reason) for answer in report.answers} == {("yes", None)}
    assert (report.code, report.pupil, report.form) == (slip.code, desk.pupil("Ada").id, "image-use")
    assert desk.words("Ada") == {"unconfirmed"}


def test_a_no_holds_at_once(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada"), "no"))
    assert desk.words("Ada") == {"no"}


@pytest.mark.parametrize(
    ("fields", "reason", "status"),
    [
        ({"signature": Presence.ABSENT}, "unsigned", "unsigned"),
        ({"signature": Presence.UNSURE}, "signature-unsure", "awaiting-review"),
        ({"comment": Presence.PRESENT}, "comment", "awaiting-review"),
        ({"margin": Presence.PRESENT}, "comment", "awaiting-review"),
        ({"struck_out": Presence.PRESENT}, "struck-out", "awaiting-review"),
        ({"signature": Presence.ABSENT, "comment": Presence.PRESENT}, "unsigned", "awaiting-review"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_doubt_about_the_sheet_turns_every_yes_into_a_question(
    desk: Desk, fields: dict[str, Presence], reason: str, status: str
) -> None:
    slip = desk.print_for("Ada")
    answers = {"image.website": "no"} | {
        one.purpose: "yes" for one in slip.questions if one.purpose != "image.website"
    }
    report = desk.take_one(desk.seen(slip, answers, **fields))
    assert (report.outcome, report.reason) == (Outcome.REVIEW, reason)
    told = {answer.purpose: (answer.answer, answer.reason) for answer in report.answers}
    assert told.pop("image.website") == ("no", None)
    assert set(told.values()) == {("review", reason)}
    found = {purpose: one.word.value for purpose, one in desk.statuses("Ada").items()}
    assert found.pop("image.website") == "no"
    assert set(found.values()) == {status}


def test_a_question_left_blank_is_asked_again_and_the_others_stand(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    report = desk.take_one(desk.seen(slip, {one.purpose: "yes" for one in slip.questions[1:]}))
    assert report.outcome is Outcome.REVIEW
    assert report.reason == "blank"
    assert [answer.answer for answer in report.answers].count("yes") == len(slip.questions) - 1


def test_the_crop_is_kept_and_its_hash_stands_in_the_ledger(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip))
    (returned,) = [
        event.what
        for event in ledger.events_of(desk.office.db, desk.pupil("Ada").id)
        if isinstance(event.what, Returned)
    ]
    assert images.image(desk.office.db, returned.image) == b"a picture of " + slip.code.encode()
    assert returned.image_sha256


def test_the_same_marks_again_are_a_duplicate_and_record_nothing(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip))
    before = desk.events
    report = desk.take_one(desk.seen(slip))
    assert (report.outcome, report.reason) == (Outcome.DUPLICATE, None)
    assert desk.events == before
    assert [row.state for row in scans.readings(desk.office.db)] == ["waiting", "duplicate"]


def test_a_late_duplicate_no_does_not_outweigh_a_newer_yes(desk: Desk) -> None:
    old = desk.print_for("Ada")
    desk.take(desk.seen(old, "no"))
    new = desk.print_for("Ada")
    desk.take(desk.seen(new))
    words = desk.words("Ada")
    desk.take(desk.seen(old, "no"))
    assert desk.words("Ada") == words


@pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes")])
def test_a_copy_with_other_marks_goes_to_review_and_a_no_on_either_holds(
    desk: Desk, order: tuple[str, str]
) -> None:
    slip = desk.print_for("Ada")
    first, second = ({"image.website": word, "image.video": "yes"} for word in order)
    desk.take(desk.seen(slip, first))
    report = desk.take_one(desk.seen(slip, second))
    assert (report.outcome, report.reason) == (Outcome.REVIEW, "different-marks")
    assert desk.statuses("Ada")["image.website"].word == "no"
    told = {answer.purpose: answer.answer for answer in report.answers}
    assert told["image.website"] == ("no" if order[1] == "no" else "review")
    assert told["image.video"] == "yes"


def test_a_copy_seen_before_stays_a_duplicate_after_it_was_found_to_differ(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    for meant in ("yes", "no", "yes", "no"):
        outcome = desk.take_one(desk.seen(slip, meant)).outcome
    assert outcome is Outcome.DUPLICATE


def test_a_slip_that_was_signed_since_is_no_duplicate(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, signature=Presence.ABSENT))
    report = desk.take_one(desk.seen(slip))
    assert report.outcome is Outcome.READ
    assert desk.words("Ada") == {"unconfirmed"}


def test_a_question_that_the_reader_could_not_find_is_a_doubt_and_not_forgotten(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    seen = desk.seen(slip, pupil="yes")
    report = desk.take_one(msgspec.structs.replace(seen, pairs=seen.pairs[:1], pupil_pairs=()))
    assert report.outcome is Outcome.REVIEW
    assert [answer.reason for answer in report.answers[1:]] == ["poor-fit"] * (len(slip.questions) - 1)
    assert {answer.reason for answer in report.pupil_answers} == {"poor-fit"}


def test_the_pupils_own_part_is_told_apart(desk: Desk) -> None:
    young, old = desk.print_for("Ada"), desk.print_for("Cleo")
    without = desk.take_one(desk.seen(young))
    assert without.pupil_answers is msgspec.UNSET
    assert without.pupil_signed is msgspec.UNSET
    report = desk.take_one(desk.seen(old, pupil="no"))
    assert report.outcome is Outcome.READ
    assert report.pupil_signed is True
    assert {answer.answer for answer in report.pupil_answers} == {"no"}
    assert {answer.answer for answer in report.answers} == {"yes"}


def test_a_pupils_part_left_blank_changes_nothing_in_the_answers(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    report = desk.take_one(desk.seen(slip))
    assert report.outcome is Outcome.READ
    assert {answer.answer for answer in report.answers} == {"yes"}
    assert report.pupil_signed is False
    assert "pupil-blank" in report.flags


def test_a_slip_from_a_class_since_left_is_recorded_and_flagged(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.import_text("First name,Last name,Class,Admission number\nAda,Okafor,5B,101\n")
    report = desk.take_one(desk.seen(slip))
    assert report.outcome is Outcome.READ
    assert report.flags == ("class-left",)


def test_several_slips_on_one_page_and_the_worst_names_it(desk: Desk) -> None:
    ada, ben, cleo = desk.print("image-use")
    page = desk.take(desk.seen(ada), desk.seen(ben, "both"), desk.seen(cleo, codes=()))
    assert [slip.outcome for slip in page.slips] == [Outcome.READ, Outcome.REVIEW, Outcome.UNMATCHED]
    assert (page.outcome, page.reason) == (Outcome.UNMATCHED, "no-code")


@pytest.mark.parametrize(
    "reason", ["no-code", "damaged-code", "other-school", "forged", "two-codes", "unknown-slip"]
)
def test_a_slip_without_a_proven_owner_goes_to_the_tray_with_its_picture(desk: Desk, reason: str) -> None:
    one, other = desk.print("image-use")[:2]
    first, second = desk.codes_of(one)
    otherwise = {
        "no-code": (),
        "damaged-code": (first[:-1] + ("0" if first[-1] != "0" else "1"),),
        "other-school": (_signed_anew(first, 4, 10, "ZZZZZZ"),),
        "forged": (_signed_anew(first, 14, 24, "0123456789"),),
        "two-codes": (first, desk.codes_of(other)[1]),
        "unknown-slip": (first,),
    }
    if reason == "unknown-slip":
        stranger = desk.codes_of(msgspec.structs.replace(one, code=_typed("0123456789")))
        otherwise["unknown-slip"] = stranger
    before = desk.events
    report = desk.take_one(desk.seen(one, codes=otherwise[reason]))
    assert report.outcome is (Outcome.UNMATCHED if reason == "no-code" else Outcome.REFUSED)
    assert report.reason == reason
    assert (report.pupil, report.form, report.answers) == (None, None, ())
    assert report.code == (_typed("0123456789") if reason == "unknown-slip" else None)
    assert desk.events == before
    (row,) = scans.in_tray(desk.office.db)
    assert images.image(desk.office.db, row.crop or "").startswith(b"a picture of")
    assert second


def _typed(slip: str) -> str:
    full = slip + check_letters(slip)
    return "-".join(full[at : at + 4] for at in range(0, 12, 4))


def _signed_anew(code: str, start: int, end: int, text: str) -> str:
    """A code with a part exchanged and its check letters made right again, but not its MAC."""
    body = code[:start] + text + code[end:-2]
    return body + check_letters(body)


@pytest.mark.parametrize("outcome", [Outcome.FOREIGN, Outcome.LETTER, Outcome.BLANK, Outcome.UNREADABLE])
def test_a_page_without_a_slip_has_its_outcome_and_no_slips(desk: Desk, outcome: Outcome) -> None:
    problem = Problem("cut-image", "The picture is cut.") if outcome is Outcome.UNREADABLE else None
    intake = open_intake(desk.office)
    (page,) = take_pages(intake, "a file", [PageReading(3, outcome=outcome, problem=problem)])
    assert (page.page, page.outcome, page.slips) == (3, outcome, ())
    assert page.reason == (problem.reason if problem else None)
