"""Who is to be asked, reminded or asked again, and why; the letters; the counts by class (rules C7, S4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Restricted
from consentdesk.model.paper_trail import Reminded
from consentdesk.services.chase import WORDS, renewals, to_ask
from consentdesk.services.guardians import GuardianChange, add_guardian, end_guardian
from consentdesk.services.people_changes import set_care
from consentdesk.services.print_forms import Printing
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.remind import print_reminders
from consentdesk.services.returns import returns
from consentdesk.services.review import Verdict, decide
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from tests.services.made_up import Desk

FORM = "web-publication"


def whys(desk: Desk, first_name: str) -> tuple[str, ...]:
    """Why a pupil is to be asked about the web."""
    name = desk.pupil(first_name).display_name
    return next((one.whys for one in to_ask(desk.office, [FORM]) if one.name == name), ())


def keyed_yes(desk: Desk, first_name: str) -> str:
    """A slip went out and came back as a yes that counts; its code."""
    slip = desk.print_for(first_name, FORM)
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict({"web.work": "yes", "web.first-name": "yes"}, signed=True))
    return slip.code


def text_of(file: Path, page: int) -> str:
    with pdfium.PdfDocument(file) as document:
        return " ".join(document[page].get_textpage().get_text_bounded().split())


def test_c7_who_was_never_asked_who_has_not_answered_and_who_has(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    keyed_yes(desk, "Ben")
    assert (whys(desk, "Ada"), whys(desk, "Ben"), whys(desk, "Cleo")) == (("no-reply",), (), ("not-asked",))
    (ada,) = (one for one in to_ask(desk.office, school_class="4b") if one.out)
    assert (ada.form, ada.since, ada.reminders) == (FORM, desk.office.today, 0)


def test_c7_only_forms_that_are_in_use_are_asked_about_unless_named(desk: Desk) -> None:
    assert to_ask(desk.office) == ()
    assert {one.whys for one in to_ask(desk.office, [FORM])} == {("not-asked",)}


def test_s4_a_blank_question_and_a_missing_signature_are_asked_again(desk: Desk) -> None:
    slip = desk.print_for("Ada", FORM)
    desk.take(desk.seen(slip, {"web.work": "yes", "web.first-name": "blank"}))
    decide(desk.office, slip.code, Verdict({"web.first-name": "unclear"}))
    assert whys(desk, "Ada") == ("unclear",)
    other = desk.print_for("Ben", FORM)
    desk.take(desk.seen(other, "yes"))
    decide(desk.office, other.code, Verdict(signed=False))
    assert whys(desk, "Ben") == ("unsigned",)


def test_c7_before_its_end_a_consent_is_to_be_renewed_and_after_it_asked_anew(desk: Desk) -> None:
    keyed_yes(desk, "Ada")
    assert renewals(desk.office, date(2027, 8, 30)) == ()
    (soon,) = renewals(desk.office, date(2027, 8, 31))
    assert (soon.name, soon.whys, soon.ends) == ("Ada Okafor", ("ends-soon",), date(2027, 8, 31))
    desk.clock.sleep(270)
    assert whys(desk, "Ada") == ("ends-soon",)
    desk.clock.sleep(60)
    assert whys(desk, "Ada")[0] == "expired"


def test_c7_a_refusal_and_a_withdrawal_are_answers(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", FORM), "no"))
    keyed_yes(desk, "Ben")
    withdraw(desk.office, desk.pupil("Ben").id, [FORM], "phone")
    assert (whys(desk, "Ada"), whys(desk, "Ben")) == ((), ())


def test_c7_another_guardian_and_other_care_are_reasons_to_ask_again(desk: Desk) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        keyed_yes(desk, name)
    add_guardian(desk.office, desk.pupil("Ada").id, GuardianChange("Chidi Okafor", "uncle"))
    end_guardian(desk.office, desk.pupil("Ben").id, "Mary O'Neill", "moved away")
    set_care(desk.office, desk.pupil("Cleo").id, looked_after=True)
    assert (whys(desk, "Ada"), whys(desk, "Ben")) == (("guardian",), ("guardian",))
    assert "care" in whys(desk, "Cleo")


def test_c7_another_key_stage_is_a_reason_to_ask_again(desk: Desk) -> None:
    """Cleo, born in January 2012, is in year 10 and key stage 4 until the summer of 2028."""
    keyed_yes(desk, "Cleo")
    before = whys(desk, "Cleo")
    desk.clock.sleep(365 * 2)
    assert "key-stage" not in before
    assert "key-stage" in whys(desk, "Cleo")


def test_c7_new_wording_is_a_reason_to_ask_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from consentdesk.services import chase  # noqa: PLC0415 - the room whose wording is changed

    keyed_yes(desk, "Ada")
    assert whys(desk, "Ada") == ()
    monkeypatch.setattr(chase, "wording_hash", lambda _: "other words")
    assert whys(desk, "Ada") == ("new-wording",)


def test_a6_who_is_to_be_asked_does_not_tell_who_is_restricted(desk: Desk) -> None:
    desk.print_for("Ada", "image-use")
    before = to_ask(desk.office)
    record(desk.office, [Happening(Restricted("not to be told"), desk.pupil("Ada").id)])
    assert to_ask(desk.office) == before


def test_every_reason_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in WORDS.values())


def test_c7_reminders_are_a_letter_and_fresh_slips_each(desk: Desk) -> None:
    out = desk.print_for("Ada", FORM)
    keyed_yes(desk, "Ben")
    desk.print_for("Cleo", FORM)
    target = desk.folder / "reminders.pdf"
    done = finish(print_reminders(desk.office, [FORM], target, how=Printing()))
    assert (done.slips, done.pupils, done.pages) == (2, 2, 8)
    assert [bool(page.slips) for page in done.manifest.pages] == [False, False, True, False] * 2
    ada = next(page for page in done.manifest.pages if page.slips).slips[0]
    assert ada.name == "Ada Okafor"
    assert ada.code != out.code
    letter = text_of(target, 0)
    assert "Ada Okafor" in letter
    assert "has not come back" in letter
    assert "Please answer by 12 November 2026" in letter
    assert ledger.events_of(desk.office.db, ada.pupil)[-1].what == Reminded((FORM,))
    assert {one.reminders for one in to_ask(desk.office, [FORM]) if one.out} == {1}
    finish(print_reminders(desk.office, [FORM], target))
    assert "once more" in text_of(target, 0)


def test_c7_a_letter_says_nothing_of_who_looks_after_a_child(desk: Desk) -> None:
    keyed_yes(desk, "Ada")
    set_care(desk.office, desk.pupil("Ada").id, looked_after=True)
    target = desk.folder / "reminders.pdf"
    finish(print_reminders(desk.office, [FORM], target))
    assert "something has changed since you answered" in text_of(target, 0)
    assert "care has" not in text_of(target, 0)


def test_nobody_to_remind_and_a_day_that_is_past_are_errors_and_nothing_is_kept(desk: Desk) -> None:
    target = desk.folder / "reminders.pdf"
    before = desk.events
    with pytest.raises(KnownError, match="Nobody is to be reminded"):
        finish(print_reminders(desk.office, [FORM], target))
    with pytest.raises(KnownError, match="not ahead"):
        finish(print_reminders(desk.office, [FORM], target, reply_by=desk.office.today))
    assert (desk.events, target.exists()) == (before, False)


def test_c7_returns_by_class_and_day(desk: Desk) -> None:
    first, second = desk.print_for("Ada", FORM), desk.print_for("Ben", FORM)
    monday = desk.office.today
    desk.clock.sleep(2)
    desk.take(desk.seen(first))
    (four,) = returns(desk.office, school_class="4B", form=FORM)
    assert (four.pupils, four.asked, four.back) == (2, 2, 1)
    assert [(one.on, one.asked, one.back) for one in four.days] == [
        (monday, 2, 0),
        (desk.office.today, 2, 1),
    ]
    assert [one.on for one in returns(desk.office, school_class="4B", since=desk.office.today)[0].days] == [
        desk.office.today
    ]
    desk.take(desk.seen(second))
    assert [(one.school_class, one.back) for one in returns(desk.office)] == [("4B", 2), ("10A", 0)]


def test_returns_of_what_there_is_not(desk: Desk) -> None:
    with pytest.raises(KnownError, match="no form nothing"):
        returns(desk.office, form="nothing")
    with pytest.raises(KnownError, match="no class 9Z"):
        returns(desk.office, school_class="9Z")
