"""Rule C4: no yes counts before a person has confirmed it."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.reading import Presence
from consentdesk.services.confirm import confirm, waiting_batches
from consentdesk.services.progress import finish
from consentdesk.services.take_pages import open_intake
from consentdesk.store import scans
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
