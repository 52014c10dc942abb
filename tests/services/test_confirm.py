"""Rule C4: no yes counts before a person has confirmed it."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.people import Guardian
from consentdesk.model.reading import Presence
from consentdesk.services.confirm import confirm, waiting_batches
from consentdesk.services.confirm_sheet import confirm_sheet, next_sheet
from consentdesk.services.progress import finish
from consentdesk.services.review import Verdict, decide
from consentdesk.services.take_pages import open_intake
from consentdesk.store import people, scans
from tests.services.made_up import Desk


def test_a_confirmed_yes_counts(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada")))
    done = finish(confirm(desk.office))
    assert (done.batches, done.slips, done.answers, done.in_review) == ((1,), 1, 7, 0)
    assert desk.words("Ada") == {"yes"}
    assert finish(confirm(desk.office)).slips == 0


def test_one_batch_at_a_time(desk: Desk) -> None:
    ada, ben = desk.print_for("Ada"), desk.print_for("Ben")
    desk.take(desk.seen(ada), intake=open_intake(desk.office))
    desk.take(desk.seen(ben), intake=open_intake(desk.office))
    assert [(one.number, one.waiting) for one in waiting_batches(desk.office)] == [(1, 1), (2, 1)]
    finish(confirm(desk.office, 2))
    assert (desk.words("Ada"), desk.words("Ben")) == ({"unconfirmed"}, {"yes"})
    assert [one.number for one in waiting_batches(desk.office)] == [1]
    confirmed = scans.batches(desk.office.db)[1]
    assert confirmed.confirmed_by == desk.office.user.id


def test_a_batch_that_is_not_there(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada")))
    with pytest.raises(KnownError) as caught:
        finish(confirm(desk.office, 7))
    assert caught.value.sentence == "There is no batch 7; nothing was changed; the batches are 1."


def test_beside_a_blank_question_the_clear_answers_stand_once_confirmed(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, {one.purpose: "yes" for one in slip.questions[1:]}))
    done = finish(confirm(desk.office))
    assert (done.slips, done.answers, done.in_review) == (1, 6, 1)
    words = {purpose: found.word.value for purpose, found in desk.statuses("Ada").items()}
    assert words.pop("image.in-school") == "awaiting-review"
    assert set(words.values()) == {"yes"}
    assert finish(confirm(desk.office)).slips == 0


@pytest.mark.parametrize("field", ["comment", "struck_out"])
def test_a_doubt_about_the_whole_sheet_is_not_confirmed_away(desk: Desk, field: str) -> None:
    desk.take(desk.seen(desk.print_for("Ada"), **{field: Presence.PRESENT}))
    assert finish(confirm(desk.office)).slips == 0
    assert desk.words("Ada") == {"awaiting-review"}


def test_an_unsigned_yes_is_not_confirmed_away(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada"), signature=Presence.ABSENT))
    finish(confirm(desk.office))
    assert desk.words("Ada") == {"unsigned"}


def note_court_order(desk: Desk, name: str) -> Guardian:
    pupil = desk.pupil(name)
    known = people.guardians_of(desk.office.db, pupil.id)[0]
    noted = Guardian(known.id, pupil.id, known.name, "mother", "yes", "a court order")
    with desk.office.db.writing():
        people.set_guardians(desk.office.db, pupil.id, [noted])
    return noted


def test_whoever_must_be_named_is_named_first_whichever_door_confirms(desk: Desk) -> None:
    ada, ben = desk.print_for("Ada"), desk.print_for("Ben")
    guardian = note_court_order(desk, "Ada")
    desk.take(desk.seen(ada))
    desk.take(desk.seen(ben))
    done = finish(confirm(desk.office))
    assert (done.slips, done.to_name) == (1, (ada.code,))
    assert (desk.words("Ada"), desk.words("Ben")) == ({"unconfirmed"}, {"yes"})
    with pytest.raises(KnownError, match="Nobody has said who signed"):
        confirm_sheet(desk.office, next_sheet(desk.office).readings, {})
    assert desk.words("Ada") == {"unconfirmed"}
    decide(desk.office, ada.code, Verdict(guardian=guardian.id))
    done = finish(confirm(desk.office))
    assert (done.slips, done.to_name) == (1, ())
    assert desk.words("Ada") == {"yes"}


def test_more_than_a_sheet_at_once(desk: Desk) -> None:
    rows = "".join(f"Child{n},Made-Up,5A,5\n" for n in range(25))
    desk.import_text("First name,Last name,Class,Year\n" + rows)
    for slip in desk.print("web-publication"):
        desk.take(desk.seen(slip))
    done = finish(confirm(desk.office))
    assert done.slips == len(desk.printed)
    assert waiting_batches(desk.office) == []
