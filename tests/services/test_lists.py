"""The class consent list as it is where nobody chose anything, and what travels with it (C8, C9)."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Restricted
from consentdesk.model.listing import ListTable
from consentdesk.services.confirm import confirm
from consentdesk.services.list_export import ListChoice, chosen_list, usual_purposes
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from tests.services.made_up import SCHOOL, Desk


def consent_list(office: Office, school_class: str | None) -> ListTable:
    """The list with its usual columns, as at now."""
    return finish(chosen_list(office, ListChoice(school_class, usual_purposes(office, school_class))))


def test_a_row_each_pupil_and_a_column_each_purpose_that_was_asked(desk: Desk) -> None:
    ada, *_ = desk.print("web-publication")
    desk.take(desk.seen(ada, {"web.work": "yes", "web.first-name": "no"}))
    finish(confirm(desk.office))
    table = consent_list(desk.office, "4b")
    assert (table.title, table.school) == ("Consent list, class 4B", SCHOOL)
    assert [column.purpose for column in table.columns] == ["web.work", "web.first-name"]
    assert [(row.pupil, [cell.word for cell in row.cells]) for row in table.rows] == [
        ("Ada Okafor", ["Yes", "No"]),
        ("Ben O'Neill", ["No reply", "No reply"]),
    ]
    assert (table.counts.pupils, table.counts.returned, table.counts.outstanding) == (2, 1, 1)
    assert table.notes == ()


def test_before_anything_was_asked_every_question_has_its_column(desk: Desk) -> None:
    table = consent_list(desk.office, None)
    assert len(table.columns) == 11
    assert {cell.word for row in table.rows for cell in row.cells} == {"Not asked"}
    assert (table.counts.returned, table.counts.outstanding) == (0, 0)


def test_what_has_come_back_and_does_not_count_yet_travels_with_the_list(desk: Desk) -> None:
    ada, ben, cleo = desk.print("web-publication")
    desk.take(desk.seen(ada, "both"), desk.seen(ben), desk.seen(cleo), desk.seen(ada, codes=()))
    notes = consent_list(desk.office, "4B").notes
    assert notes[0] == f"Not reviewed when this list was made: Ada Okafor (slip {ada.code})."
    assert notes[1] == f"Read and not yet confirmed when this list was made: Ben O'Neill (slip {ben.code})."
    assert notes[2].startswith("1 slip lies in the tray")


def test_a_condition_travels_with_the_yes(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    decide(desk.office, slip.code, Verdict(rest="yes", conditions={"web.work": "no photographs"}))
    (first, second) = consent_list(desk.office, "4B").rows[0].cells
    assert (first.word, first.condition) == ("Yes, but see condition", "no photographs")
    assert second.word == "Yes"


def test_a_restriction_never_stands_on_a_list(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada")))
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    assert {cell.word for cell in consent_list(desk.office, "4B").rows[0].cells} == {"No"}


def test_a_list_without_pupils(empty_desk: Desk) -> None:
    with pytest.raises(KnownError, match="There are no pupils yet"):
        consent_list(empty_desk.office, None)
