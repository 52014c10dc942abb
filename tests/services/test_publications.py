"""Rules I1, I2 and W3: what is published with whom, what must come down, and what must be destroyed when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.activity import Plan, Publication
from consentdesk.model.consent import Restricted
from consentdesk.model.school_events import Outcome, TakenDown
from consentdesk.services.confirm import confirm
from consentdesk.services.image_sets import attest_destroyed, held_images, keep_images, to_destroy
from consentdesk.services.progress import finish
from consentdesk.services.publications import ToPublish, publish, published
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from consentdesk.services.rules import set_rule
from consentdesk.services.stale import outdated_by, outdated_lists
from consentdesk.services.take_downs import report, take_downs
from consentdesk.services.trip_list import trip_pdf
from consentdesk.services.trips import allow_equipment, permit_trip, plan_trip, who_goes
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from tests.services.made_up import Desk

TODAY = date(2026, 11, 2)


def says_yes(desk: Desk, *names: str, form: str = "image-use") -> None:
    for name in names:
        slip = desk.print_for(name, form)
        desk.take(desk.seen(slip, "yes", pupil="yes" if slip.pupil_questions else None))
    finish(confirm(desk.office))


def newsletter(*pupils: str, **changes: object) -> ToPublish:
    wanted = ToPublish(
        "Sports day", ("image.website",), "school.example/news/3", TODAY, "Mrs Made-Up", pupils or ("Ada Okafor",)
    )  # fmt: skip
    return wanted._replace(**changes)


def print_out(desk: Desk, *pupils: str) -> Publication:
    return publish(desk.office, newsletter(*pupils))


# I1: the record.


def test_i1_what_is_published_is_recorded_with_its_sign_off(desk: Desk) -> None:
    says_yes(desk, "Ada", "Ben")
    made = publish(desk.office, newsletter("Ada Okafor", "102", "Ben O'Neill"))
    (told,) = published(desk.office)
    assert (told.what, told.purposes, told.place, told.editor) == (
        "Sports day", ("School website",), "school.example/news/3", "Mrs Made-Up",
    )  # fmt: skip
    assert [one.name for one in told.pupils] == ["Ada Okafor", "Ben O'Neill"]
    assert published(desk.office, "Ada Okafor") == (told,)
    assert published(desk.office, "Cleo Ünal") == ()
    assert made.pupils == (desk.pupil("Ada").id, desk.pupil("Ben").id)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (newsletter("Ada Okafor", "Ben O'Neill"), "Ben O'Neill may not be published there on that day"),
        (newsletter(purposes=("image.website", "image.full-name")), "Ada Okafor may not be published"),
        (newsletter(purposes=("web.work",)), "Ada Okafor may not be published"),
        (newsletter(day=TODAY + timedelta(days=1)), "has not come yet"),
        (newsletter(day=TODAY - timedelta(days=1)), "Ada Okafor may not be published there on that day"),
        (newsletter(what=" "), "wants what it is"),
        (newsletter(editor=""), "who signed it off"),
        (newsletter(place=""), "where it is"),
        (newsletter(purposes=()), "a purpose"),
        (newsletter()._replace(pupils=()), "the pupils in it"),
        (newsletter("Nobody"), "There is no pupil Nobody"),
        (newsletter(purposes=("image.nowhere",)), "There is no purpose image.nowhere"),
        (newsletter(activity="no such"), "There is no activity no such"),
    ],
)
def test_i1_what_may_not_be_is_refused_whole(desk: Desk, wanted: ToPublish, told: str) -> None:
    says_yes(desk, "Ada")
    before = desk.events
    with pytest.raises(KnownError) as caught:
        publish(desk.office, wanted)
    assert told in caught.value.sentence
    assert (desk.events, published(desk.office)) == (before, ())


def test_i1_a_refusal_names_who_and_never_why(desk: Desk) -> None:
    says_yes(desk, "Ada")
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ada").id)])
    with pytest.raises(KnownError) as caught:
        print_out(desk)
    assert "estrict" not in caught.value.sentence


def test_c8_a_condition_must_be_known_to_be_kept(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, "both"))
    decide(desk.office, slip.code, Verdict(rest="yes", conditions={"image.website": "no face"}))
    with pytest.raises(KnownError, match="Ada Okafor: “no face”"):
        print_out(desk)
    assert publish(desk.office, newsletter(conditions_met=True)).pupils == (desk.pupil("Ada").id,)


def test_a7_pictures_of_an_activity_go_only_where_they_were_permitted(desk: Desk) -> None:
    says_yes(desk, "Ada")
    starts = datetime(2026, 11, 2, 12, tzinfo=UTC)
    pupils = who_goes(desk.office, classes=["4B"])
    trip = plan_trip(
        desk.office,
        Plan("Farm", starts, ("image.website",), "School camera", "Deleted", pupils=pupils),
    )
    with pytest.raises(KnownError, match="were never permitted"):
        publish(desk.office, newsletter(activity="Farm"))
    permit_trip(desk.office, trip.id)
    with pytest.raises(KnownError, match=r"not permitted for image\.press"):
        publish(desk.office, newsletter(activity="Farm", purposes=("image.website", "image.press")))
    assert publish(desk.office, newsletter(activity="Farm")).activity == trip.id


# W3: taking down.


def test_w3_a_withdrawal_makes_every_publication_for_its_purposes_a_task_at_once(desk: Desk) -> None:
    says_yes(desk, "Ada", "Ben")
    print_out(desk, "Ada Okafor", "Ben O'Neill")
    publish(desk.office, newsletter(purposes=("image.press",), place="the Gazette"))
    assert take_downs(desk.office) == ()
    desk.clock.sleep(3)
    withdraw(desk.office, "Ada Okafor", ["image.website"], "phone")
    (task,) = take_downs(desk.office)
    assert (task.name, task.place, task.purposes, task.editor) == (
        "Ada Okafor", "school.example/news/3", ("School website",), "Mrs Made-Up",
    )  # fmt: skip
    assert (task.since, task.due, task.state) == (date(2026, 11, 5), date(2026, 11, 7), "open")
    assert not task.overdue(date(2026, 11, 7))
    assert task.overdue(date(2026, 11, 8))


def test_w3_a_no_on_a_new_slip_and_a_restriction_are_tasks_too(desk: Desk) -> None:
    says_yes(desk, "Ada", "Ben")
    print_out(desk, "Ada Okafor", "Ben O'Neill")
    desk.take(desk.seen(desk.print_for("Ada"), "no"))
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Ben").id)])
    assert [task.name for task in take_downs(desk.office)] == ["Ada Okafor", "Ben O'Neill"]
    assert "court" not in str(take_downs(desk.office))


@pytest.mark.parametrize("outcome", ["removed", "cannot-be-recalled"])
def test_w3_a_task_ends_with_what_came_of_it(desk: Desk, outcome: Outcome) -> None:
    says_yes(desk, "Ada")
    print_out(desk)
    withdraw(desk.office, "Ada Okafor", ["image-use"], "letter")
    (task,) = take_downs(desk.office)
    with pytest.raises(KnownError, match="is missing"):
        report(desk.office, task.code, outcome)
    ended = report(desk.office, task.code, outcome, tried="took it out", evidence="looked at the page")
    assert (ended.state, ended.steps[0].outcome) == ("done", outcome)
    assert take_downs(desk.office) == ()
    assert take_downs(desk.office, done=True) == (ended,)
    with pytest.raises(KnownError, match="has come down for Ada Okafor already"):
        report(desk.office, task.code, outcome, tried="x", evidence="x")
    last = ledger.events_of(desk.office.db, desk.pupil("Ada").id)[-1].what
    assert last == TakenDown(task.publication, outcome, "took it out", "looked at the page")


def test_w3_who_was_only_asked_is_asked_again(desk: Desk) -> None:
    says_yes(desk, "Ada")
    print_out(desk)
    withdraw(desk.office, "Ada Okafor", ["image-use"], "letter")
    (task,) = take_downs(desk.office)
    desk.clock.sleep(1)
    asked = report(desk.office, task.code, "asked-third-party", tried="wrote to the Gazette")
    assert (asked.state, asked.due) == ("asked", date(2026, 11, 10))
    assert take_downs(desk.office) == (asked,)
    assert report(desk.office, task.code, "removed", evidence="their page").state == "done"


def test_w3_the_days_are_the_schools(desk: Desk) -> None:
    set_rule(desk.office, "take-down-days", "0")
    says_yes(desk, "Ada")
    print_out(desk)
    withdraw(desk.office, "Ada Okafor", ["image-use"], "letter")
    assert take_downs(desk.office)[0].due == desk.office.today


def test_w5_given_again_it_may_stay(desk: Desk) -> None:
    says_yes(desk, "Ada")
    print_out(desk)
    withdraw(desk.office, "Ada Okafor", ["image-use"], "letter")
    assert len(take_downs(desk.office, pupil=desk.pupil("Ada").id)) == 1
    says_yes(desk, "Ada")
    assert take_downs(desk.office) == ()


def test_an_unknown_task_is_said_to_be_unknown(desk: Desk) -> None:
    with pytest.raises(KnownError, match="nothing has to come down"):
        report(desk.office, "nothing", "removed", evidence="x")


# W4 and C9: lists.


def test_w4_the_lists_made_before_are_named_as_out_of_date(desk: Desk) -> None:
    says_yes(desk, "Ada")
    trip_pdf(desk.office, "4B")
    trip_pdf(desk.office, "10A")
    ada = desk.pupil("Ada").id
    assert outdated_by(desk.office, ada) == finish(outdated_lists(desk.office)) == ()
    withdraw(desk.office, "Ada Okafor", ["image.press"], "phone")
    (one,) = outdated_by(desk.office, ada)
    assert (one.made.of, one.made.kind, one.made.by) == ("4B", "pdf", "head")
    assert [(change.name, change.purposes) for change in one.changes] == [
        ("Ada Okafor", ("Newspapers and TV",))
    ]
    assert finish(outdated_lists(desk.office)) == (one,)
    trip_pdf(desk.office, "4B")
    assert finish(outdated_lists(desk.office)) == (one,)


def test_c9_a_list_goes_stale_when_a_yes_comes_to_its_end_by_itself(desk: Desk) -> None:
    says_yes(desk, "Ada")
    desk.clock.at = datetime(2027, 8, 30, 12, tzinfo=UTC)
    trip_pdf(desk.office, "4B")
    assert finish(outdated_lists(desk.office)) == ()
    desk.clock.sleep(2)
    ((change,),) = (one.changes for one in finish(outdated_lists(desk.office)))
    assert len(change.purposes) == 7


def test_c9_whoever_came_into_the_class_later_was_not_on_its_list(desk: Desk) -> None:
    trip_pdf(desk.office, "10A")
    says_yes(desk, "Ada")
    desk.import_text("First name,Last name,Class,Admission number\nAda,Okafor,10A,101\n")
    withdraw(desk.office, "Ada Okafor", ["image-use"], "phone")
    assert finish(outdated_lists(desk.office)) == ()


# I2: images.


@pytest.mark.parametrize(("held_on", "due"), [("school", date(2028, 11, 1)), ("card", date(2026, 11, 3))])
def test_i2_pictures_have_an_end_and_a_card_an_early_one(desk: Desk, held_on: str, due: date) -> None:
    held = keep_images(desk.office, "Sports day", "staff drive", held_on, TODAY)  # type: ignore[arg-type]
    assert held.due == due
    assert to_destroy(desk.office, due - timedelta(days=1)) == ()
    assert to_destroy(desk.office, due) == (held,)
    assert held.overdue(due + timedelta(days=1))


def test_i2_an_attested_deletion_closes_the_entry(desk: Desk) -> None:
    held = keep_images(desk.office, "Sports day", "card of camera 2", "card", TODAY)
    for by, how in (("", "formatted"), ("Mr Made-Up", "")):
        with pytest.raises(KnownError, match="Who attests it, and how"):
            attest_destroyed(desk.office, held.images.id, by, how)
    with pytest.raises(KnownError, match="lies before the pictures were taken, or ahead"):
        attest_destroyed(desk.office, held.images.id, "x", "x", on=TODAY - timedelta(days=1))
    gone = attest_destroyed(desk.office, held.images.id[:8], "Mr  Made-Up", "formatted the card")
    assert (gone.images.attested_by, gone.images.destroyed) == ("Mr Made-Up", TODAY)
    assert held_images(desk.office) == ()
    assert held_images(desk.office, destroyed=True) == (gone,)
    with pytest.raises(KnownError, match="destroyed already"):
        attest_destroyed(desk.office, held.images.id, "x", "x")


def test_i3_pictures_on_other_equipment_want_the_exception_of_their_activity(desk: Desk) -> None:
    with pytest.raises(KnownError, match="were not allowed for that day"):
        keep_images(desk.office, "Farm", "a telephone", "other-equipment", TODAY)
    starts = datetime(2026, 11, 2, 12, tzinfo=UTC)
    pupils = who_goes(desk.office, classes=["4B"])
    trip = plan_trip(desk.office, Plan("Farm", starts, (), "A telephone", "Deleted", True, pupils))
    with pytest.raises(KnownError, match="were not allowed for that day"):
        keep_images(desk.office, "Farm", "a telephone", "other-equipment", TODAY, activity="Farm")
    allow_equipment(desk.office, trip.id, "A telephone", "Mr Made-Up", TODAY)
    held = keep_images(desk.office, "Farm", "a telephone", "other-equipment", TODAY, activity="Farm")
    assert held.due == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("what", "taken", "told"), [(" ", TODAY, "want a word"), ("x", date(2026, 11, 3), "has not come yet")]
)
def test_i2_an_entry_is_whole_or_not_at_all(desk: Desk, what: str, taken: date, told: str) -> None:
    before = desk.events
    with pytest.raises(KnownError, match=told):
        keep_images(desk.office, what, "staff drive", "school", taken)
    assert (desk.events, held_images(desk.office)) == (before, ())
