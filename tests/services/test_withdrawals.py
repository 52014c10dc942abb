"""Withdrawal slips, acknowledgements, and withdrawals recorded in error (rules W1, W2, W5)."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import PUPIL, Invalidated, Withdrawn, unnamed_guardian
from consentdesk.model.paper_trail import Acknowledged
from consentdesk.model.reading import Outcome, Presence
from consentdesk.model.slip import slip_of_typed
from consentdesk.printing.manifest import ManifestSlip
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.print_forms import Whom
from consentdesk.services.progress import finish
from consentdesk.services.review import Verdict, decide, review_list
from consentdesk.services.rules import set_rule
from consentdesk.services.slip_notes import name_other_child, name_signatory
from consentdesk.services.take_back import decide_once, take_back
from consentdesk.services.withdraw import withdraw
from consentdesk.services.withdrawal_slips import print_withdrawal_slips
from consentdesk.services.withdrawals import acknowledge, withdrawals, withdrawn_in_error
from consentdesk.store import ledger, scans
from tests.services.made_up import Desk

FORM = "web-publication"


def all_yes(desk: Desk, first_name: str) -> str:
    slip = desk.print_for(first_name, FORM)
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict({"web.work": "yes", "web.first-name": "yes"}, signed=True))
    return slip.code


def way_back(desk: Desk, first_name: str) -> ManifestSlip:
    """A withdrawal slip for a pupil, printed."""
    target = desk.folder / "way back.pdf"
    whom = Whom(pupil=desk.pupil(first_name).id)
    done = finish(print_withdrawal_slips(desk.office, [FORM], whom, target))
    (slip,) = (slip for page in done.manifest.pages for slip in page.slips)
    return slip


def words(desk: Desk, first_name: str = "Ada") -> dict[str, str]:
    return {purpose: status.word.value for purpose, status in desk.statuses(first_name).items()}


def text_of(file: Path) -> str:
    with pdfium.PdfDocument(file) as document:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_w1_printing_one_changes_nothing(desk: Desk) -> None:
    all_yes(desk, "Ada")
    held = desk.statuses("Ada")
    slip = way_back(desk, "Ada")
    assert (slip.form, [one.purpose for one in slip.questions]) == (
        "withdraw-web-publication",
        ["web.work", "web.first-name"],
    )
    assert desk.statuses("Ada") == held


def test_w1_what_is_marked_stop_is_withdrawn_at_once_and_the_rest_stays(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    report = desk.take_one(desk.seen(slip, {"web.work": "no"}))
    assert report.outcome is Outcome.READ
    assert words(desk) == {"web.work": "withdrawn", "web.first-name": "yes"}
    assert [(item.review, item.tray) for item in [review_list(desk.office)]] == [((), ())]
    assert slip_of_typed(slip.code) not in {row.slip for row in scans.waiting_confirmation(desk.office.db)}
    event = ledger.events_of(desk.office.db, desk.pupil("Ada").id)[-1]
    assert event.what == Withdrawn(("web.work",), "slip", unnamed_guardian(event.slip or ""))


def test_w2_without_a_signature_it_stops_the_use_all_the_same(desk: Desk) -> None:
    all_yes(desk, "Ada")
    seen = desk.seen(way_back(desk, "Ada"), "no", signature=Presence.ABSENT)
    assert desk.take_one(seen).outcome is Outcome.REVIEW
    assert set(words(desk).values()) == {"withdrawn"}


def test_w1_what_is_left_as_before_is_no_yes(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    desk.take_one(desk.seen(way_back(desk, "Ada"), "yes"))
    assert set(words(desk).values()) == {"no-reply"}
    assert scans.waiting_confirmation(desk.office.db) == []


def test_w1_in_doubt_everything_marked_waits_for_a_person_and_acts_as_no(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    desk.take_one(desk.seen(slip, {"web.work": "both", "web.first-name": "no"}))
    assert words(desk) == {"web.work": "awaiting-review", "web.first-name": "withdrawn"}
    decide(desk.office, slip.code, Verdict({"web.work": "no"}))
    assert words(desk) == {"web.work": "withdrawn", "web.first-name": "withdrawn"}
    assert review_list(desk.office).review == ()


def test_w1_a_slip_with_nothing_marked_is_looked_at(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    assert desk.take_one(desk.seen(slip, "blank")).outcome is Outcome.REVIEW
    assert set(words(desk).values()) == {"awaiting-review"}
    decide(desk.office, slip.code, Verdict(rest="yes"))
    assert set(words(desk).values()) == {"yes"}


def test_w5_a_decision_about_one_is_undone_with_what_it_stopped(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    desk.take_one(desk.seen(slip, {"web.work": "both", "web.first-name": "yes"}))
    done = decide_once(desk.office, slip.code, Verdict({"web.work": "no"}))
    assert words(desk)["web.work"] == "withdrawn"
    take_back(desk.office, done.undo)
    assert words(desk)["web.work"] == "awaiting-review"


def test_w1_keyed_by_hand_it_is_the_same(desk: Desk) -> None:
    all_yes(desk, "Ada")
    key_slip(desk.office, way_back(desk, "Ada").code, Keyed({"web.work": "no"}, signed=True))
    assert words(desk) == {"web.work": "withdrawn", "web.first-name": "yes"}


def test_w5_read_twice_it_withdraws_once_even_after_consent_was_given_again(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    desk.take_one(desk.seen(slip, "no"))
    all_yes(desk, "Ada")
    assert set(words(desk).values()) == {"yes"}
    assert desk.take_one(desk.seen(slip, "no")).outcome is Outcome.DUPLICATE
    assert set(words(desk).values()) == {"yes"}


def test_w5_an_older_slip_never_undoes_it(desk: Desk) -> None:
    late = desk.print_for("Ada", FORM)
    desk.take_one(desk.seen(way_back(desk, "Ada"), "no"))
    desk.take(desk.seen(late))
    decide(desk.office, late.code, Verdict({"web.work": "yes", "web.first-name": "yes"}, signed=True))
    assert set(words(desk).values()) == {"withdrawn"}


def test_a2_who_signed_one_may_be_the_pupil(desk: Desk) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    desk.take_one(desk.seen(slip, "no"))
    name_signatory(desk.office, slip.code, "pupil")
    assert withdrawals(desk.office, "101")[0].person == PUPIL
    all_yes(desk, "Ada")
    assert set(words(desk).values()) == {"withdrawn"}


def test_w1_for_a_class_only_those_who_were_asked_get_one(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    target = desk.folder / "way back.pdf"
    done = finish(print_withdrawal_slips(desk.office, (), Whom(school_class="4b"), target))
    assert (done.slips, done.pupils) == (1, 1)
    with pytest.raises(KnownError, match="ever asked"):
        finish(print_withdrawal_slips(desk.office, [FORM], Whom(pupil="102"), target))
    with pytest.raises(KnownError, match="Nobody is named"):
        finish(print_withdrawal_slips(desk.office, [FORM], Whom(), target))


def test_w1_the_letter_names_what_was_stopped_and_is_noted(desk: Desk) -> None:
    all_yes(desk, "Ada")
    withdraw(desk.office, "101", ["web.work"], "phone", by="Ngozi Okafor", note="rang at noon")
    (one,) = withdrawals(desk.office)
    assert (one.name, one.how, one.person, one.acknowledged) == ("Ada Okafor", "phone", "Ngozi Okafor", None)
    target = desk.folder / "letter.pdf"
    after = acknowledge(desk.office, one.withdrawal, target)
    assert after.acknowledged is not None
    letter = text_of(target)
    assert "Ngozi Okafor, for Ada Okafor" in letter
    assert one.names[0] in letter
    assert "on the phone" in letter
    assert "rang at noon" not in letter
    assert ledger.events_of(desk.office.db, one.pupil)[-1].what == Acknowledged(one.withdrawal)


def test_w2_where_the_school_wants_it_in_writing_the_spoken_word_stops_the_use_and_writing_is_asked_for(
    desk: Desk,
) -> None:
    set_rule(desk.office, "withdrawal-in-writing", "yes")
    all_yes(desk, "Ada")
    withdraw(desk.office, "101", [FORM], "in-person")
    assert set(words(desk).values()) == {"withdrawn"}
    (spoken,) = withdrawals(desk.office)
    assert spoken.writing_due is not None
    target = desk.folder / "letter.pdf"
    acknowledge(desk.office, spoken.withdrawal, target)
    assert "in writing as well" in text_of(target)
    withdraw(desk.office, "101", [FORM], "letter", by="Ngozi Okafor")
    assert {one.writing_due for one in withdrawals(desk.office)} == {None}


def test_w5_recorded_in_error_it_is_invalidated_by_a_named_person_and_stays_to_be_seen(desk: Desk) -> None:
    all_yes(desk, "Ada")
    withdraw(desk.office, "101", [FORM], "phone")
    (one,) = withdrawals(desk.office)
    told = withdrawn_in_error(desk.office, one.withdrawal, "it was Ben’s mother")
    assert told.void == "it was Ben’s mother"
    assert set(words(desk).values()) == {"yes"}
    assert withdrawals(desk.office, "101") == (told,)
    event = ledger.events_of(desk.office.db, one.pupil)[-1]
    assert (event.what, event.by) == (Invalidated(one.withdrawal, told.void), desk.office.user.id)


def test_bad_input_is_one_sentence_and_nothing_is_recorded(desk: Desk) -> None:
    all_yes(desk, "Ada")
    withdraw(desk.office, "101", [FORM], "phone")
    (one,) = withdrawals(desk.office)
    withdrawn_in_error(desk.office, one.withdrawal, "another child")
    target = desk.folder / "letter.pdf"
    before = desk.events
    for errand, sentence in (
        (lambda: withdrawn_in_error(desk.office, one.withdrawal, "again"), "counts no more already"),
        (lambda: withdrawn_in_error(desk.office, "nothing", "why"), "no such withdrawal"),
        (lambda: acknowledge(desk.office, one.withdrawal, target), "recorded in error"),
        (lambda: withdrawals(desk.office, "nobody"), "no pupil nobody"),
        (lambda: withdraw(desk.office, "102", [FORM], "phone"), "never asked"),
    ):
        with pytest.raises(KnownError, match=f"(?i){sentence}"):
            errand()
    withdraw(desk.office, "101", [FORM], "phone")
    (newest, _) = withdrawals(desk.office)
    with pytest.raises(KnownError, match="without a reason"):
        withdrawn_in_error(desk.office, newest.withdrawal, " ")
    assert (desk.events, target.exists()) == (before + 1, False)


def test_s4_another_name_on_one_stops_the_use_for_the_printed_child_until_a_person_has_settled_both(
    desk: Desk,
) -> None:
    all_yes(desk, "Ada")
    slip = way_back(desk, "Ada")
    desk.take_one(desk.seen(slip, "no", struck_out=Presence.PRESENT))
    with pytest.raises(KnownError, match="is a withdrawal slip"):
        name_other_child(desk.office, slip.code, "102")
    assert set(words(desk).values()) == {"withdrawn"}


def test_the_code_of_a_withdrawal_slip_is_typed_like_any_other(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    assert slip_of_typed(way_back(desk, "Ada").code) is not None
