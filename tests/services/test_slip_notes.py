"""Who signed, the written date, another child's name, and keying with all that stands on the paper (A2, C5, C8, S4)."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.paper_trail import Dated, Proposed
from consentdesk.model.reading import Presence
from consentdesk.services.guardians import GuardianChange, change_guardian
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.review import review_list
from consentdesk.services.slip_notes import name_other_child, name_signatory, proposed_for, write_date
from consentdesk.services.slip_to_key import blank_form, slip_to_key
from consentdesk.store import ledger
from tests.services.made_up import Desk

FORM = "web-publication"
YES = {"web.work": "yes", "web.first-name": "yes"}
NO = {"web.work": "no", "web.first-name": "no"}
MOTHER = "Ngozi Okafor"


def test_c5_a_yes_written_after_a_no_overturns_it_once_the_date_is_typed(desk: Desk) -> None:
    first, late = desk.print_for("Ada", FORM), desk.print_for("Ada", FORM)
    desk.clock.sleep(2)
    key_slip(desk.office, first.code, Keyed(NO, signed=True, guardian=MOTHER))
    desk.clock.sleep(5)
    key_slip(desk.office, late.code, Keyed(YES, signed=True, guardian=MOTHER))
    assert desk.words("Ada") == {"no"}
    write_date(desk.office, late.code, date(2026, 11, 6))
    assert desk.words("Ada") == {"yes"}


def test_c5_the_date_may_be_typed_while_keying(desk: Desk) -> None:
    first, late = desk.print_for("Ada", FORM), desk.print_for("Ada", FORM)
    desk.clock.sleep(2)
    key_slip(desk.office, first.code, Keyed(NO, signed=True, guardian=MOTHER))
    desk.clock.sleep(5)
    keyed = Keyed(YES, signed=True, guardian=MOTHER, written=date(2026, 11, 6))
    key_slip(desk.office, late.code, keyed)
    assert desk.words("Ada") == {"yes"}


def test_c5_a_no_is_made_older_only_with_a_reason(desk: Desk) -> None:
    late = desk.print_for("Ada", FORM)
    desk.clock.sleep(5)
    key_slip(desk.office, desk.print_for("Ada", FORM).code, Keyed(YES, signed=True, guardian=MOTHER))
    desk.clock.sleep(5)
    key_slip(desk.office, late.code, Keyed(NO, signed=True, guardian=MOTHER))
    with pytest.raises(KnownError, match="wants a reason"):
        write_date(desk.office, late.code, date(2026, 11, 3), noes_too=True)
    assert desk.words("Ada") == {"no"}
    write_date(desk.office, late.code, date(2026, 11, 3), noes_too=True, why="it lay in a drawer")
    assert desk.words("Ada") == {"yes"}
    last = ledger.events_of(desk.office.db, desk.pupil("Ada").id)[-1]
    assert last.what == Dated(date(2026, 11, 3), noes_too=True, why="it lay in a drawer")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (date(2026, 11, 1), "was printed on"),
        (date(2026, 11, 5), "came in on"),
        (date(2030, 1, 1), "came in on"),
    ],
)
def test_c5_no_date_before_the_printing_after_the_return_or_ahead(
    desk: Desk, written: date, sentence: str
) -> None:
    slip = desk.print_for("Ada", FORM)
    desk.clock.sleep(1)
    keyed = Keyed(YES, signed=True)
    before = desk.events
    with pytest.raises(KnownError, match=sentence):
        key_slip(desk.office, slip.code, keyed._replace(written=written))
    assert desk.events == before
    key_slip(desk.office, slip.code, keyed)
    with pytest.raises(KnownError, match=sentence):
        write_date(desk.office, slip.code, written)


def test_c8_a_condition_is_keyed_word_for_word(desk: Desk) -> None:
    slip = desk.print_for("Ada", FORM)
    key_slip(desk.office, slip.code, Keyed(YES, signed=True, conditions={"web.work": "no poems  pls"}))
    statuses = desk.statuses("Ada")
    assert (statuses["web.work"].word, statuses["web.work"].condition) == ("yes", "no poems  pls")
    assert statuses["web.first-name"].condition is None


def test_a2_who_signed_is_named_while_keying(desk: Desk) -> None:
    change_guardian(desk.office, "101", "Emeka Okafor", GuardianChange(court_note="no contact"))
    slip = desk.print_for("Ada", FORM)
    key_slip(desk.office, slip.code, Keyed(YES, signed=True))
    assert desk.words("Ada") == {"pending"}
    other = desk.print_for("Ada", FORM)
    key_slip(desk.office, other.code, Keyed(YES, signed=True, guardian=MOTHER))
    assert desk.words("Ada") == {"yes"}


def test_s2_what_the_slip_asks_and_what_the_paper_looked_like(desk: Desk) -> None:
    slip = desk.print_for("Cleo", FORM)
    asked = slip_to_key(desk.office, slip.code)
    assert (asked.name, asked.pupil_signs) == ("Cleo Ünal", True)
    assert blank_form(desk.office, slip.code).startswith(b"%PDF")


def test_s4_another_childs_name_makes_the_slip_invalid_and_proposes_the_other(desk: Desk) -> None:
    slip, own = desk.print_for("Ada", FORM), desk.print_for("Ben", FORM)
    desk.take(desk.seen(slip, "no", struck_out=Presence.PRESENT))
    assert desk.words("Ada") == {"no"}
    found = name_other_child(desk.office, slip.code, "102")
    assert (found.printed_for.legal_first, found.other.legal_first, found.own) == ("Ada", "Ben", own.code)
    assert (desk.words("Ada"), desk.words("Ben")) == ({"no-reply"}, {"no-reply"})
    assert review_list(desk.office).review == ()
    assert proposed_for(desk.office, "102") == (slip.code,)
    proposed = ledger.events_of(desk.office.db, desk.pupil("Ben").id)[-1].what
    assert isinstance(proposed, Proposed)
    key_slip(desk.office, own.code, Keyed(NO, signed=True))
    assert (desk.words("Ben"), proposed_for(desk.office, "102")) == ({"no"}, ())


def test_bad_input_is_one_sentence_and_nothing_is_recorded(desk: Desk) -> None:
    slip, out = desk.print_for("Ada", FORM), desk.print_for("Cleo", FORM)
    key_slip(desk.office, slip.code, Keyed(YES, signed=True))
    own = desk.print_for("Cleo", FORM)
    key_slip(desk.office, own.code, Keyed(YES, True, YES, True))
    name_other_child(desk.office, slip.code, "102")
    before = desk.events
    for errand, sentence in (
        (lambda: write_date(desk.office, out.code, date(2026, 11, 2)), "has not come back"),
        (lambda: name_signatory(desk.office, out.code, "pupil"), "has not come back"),
        (lambda: name_signatory(desk.office, slip.code, "Nobody"), "not one guardian"),
        (lambda: name_signatory(desk.office, own.code, "pupil"), "a part that"),
        (lambda: name_other_child(desk.office, slip.code, "101"), "own"),
        (lambda: name_other_child(desk.office, slip.code, "103"), "counts no more already"),
        (lambda: name_other_child(desk.office, out.code, "102"), "has not come back"),
        (lambda: key_slip(desk.office, slip.code, Keyed(YES, True, conditions={"x.y": "z"})), "did not ask"),
        (lambda: key_slip(desk.office, slip.code, Keyed(NO, True, guardian="Nobody")), "not one guardian"),
    ):
        with pytest.raises(KnownError, match=f"(?i){sentence}"):
            errand()
    assert desk.events == before
