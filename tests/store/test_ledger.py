"""The ledger: appended in order, read as it was written, refused any change, and any change noticed all the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentdesk.errors import DamagedOffice
from consentdesk.model.circumstances import (
    Assessed,
    BirthRecorded,
    GuardianEnded,
    GuardianRecorded,
    Renamed,
    RestrictionSeen,
    ViewsRecorded,
)
from consentdesk.model.consent import (
    Answer,
    Answered,
    CareChanged,
    Confirmed,
    Event,
    Exported,
    Invalidated,
    Issued,
    Joined,
    Left,
    Lifted,
    Moved,
    Restricted,
    Returned,
    Reviewed,
    SocialWorkerAgreed,
    What,
    Withdrawn,
    kind_of,
)
from consentdesk.model.keeping_events import KeyChanged, PutBack, SnapshotIssued, SnapshotRecalled
from consentdesk.model.paper_trail import (
    Acknowledged,
    Dated,
    Proposed,
    Reminded,
    SignatoryNamed,
    WithdrawalIssued,
)
from consentdesk.model.school_events import (
    AccessEnded,
    AccessRestored,
    ActivityPermitted,
    ActivityPlanned,
    EquipmentAllowed,
    Erased,
    HandedOut,
    ImagesDestroyed,
    ImagesKept,
    PolicyAcknowledged,
    Published,
    RuleChanged,
    SheetMade,
    TakenDown,
)
from consentdesk.store import chain, ledger
from consentdesk.store.database import Database
from consentdesk.store.tables import erasure
from consentdesk.store.tables import event as table
from tests.store.made_up import Drawer, happened

EVERYTHING: list[What] = [
    Joined("4B", looked_after=True),
    Moved("5B"),
    CareChanged(True),
    SocialWorkerAgreed("A. Made-Up", "ref 7"),
    Left(),
    Issued("image-use", "AB12", {"image.website": "0123456789abcdef"}, ("image.website",), date(2027, 8, 31)),
    Returned("r1", "scan", None, True, "i1", "0" * 64, ("date-blank",)),
    Answered("r1", "guardian?S", {"image.website": Answer("review", "faint", 0.25)}),
    Reviewed("guardian:g1", {"image.website": "unclear"}, True, {"image.website": "website only – “please”"}),
    Confirmed("r1"),
    Withdrawn(("image.website",), "phone", None, "the mother", "a note"),
    Invalidated("e1", "wrong child"),
    Restricted("court order"),
    Lifted("e2"),
    Exported("4B", "pdf", 30, encrypted=True),
    Renamed("Zoë", "O’Example", None, "Example"),
    BirthRecorded(date(2010, 2, 28)),
    GuardianRecorded("g1", "Ida O’Example", "mother", "no", "no contact", corporate=True),
    GuardianEnded("g1", "the order ended"),
    Assessed(True, "the deputy head", date(2026, 9, 1), "talked it over"),
    ViewsRecorded("not with my glasses", "the form tutor", ("image.press",)),
    RestrictionSeen("e1"),
    WithdrawalIssued("withdraw-image-use", "7F3K", {"image.press": "00ff"}, ()),
    Dated(date(2026, 9, 1), True, "the postmark agrees"),
    SignatoryNamed("pupil"),
    Proposed("r1", "s1"),
    Acknowledged("e1"),
    Reminded(("image-use",)),
    ActivityPlanned("a1", "0" * 16, ("p1", "p2")),
    ActivityPermitted("a1", "0" * 16),
    EquipmentAllowed("x1", "a1", date(2026, 12, 24)),
    SheetMade("a1", ("p1",), ("image.press",), encrypted=False),
    Published("n1", date(2026, 12, 1), ("image.press",), ("p1",)),
    TakenDown("n1", "asked-third-party", "wrote to the paper", "letter of 3 May"),
    ImagesKept("i1", date(2026, 12, 1)),
    ImagesDestroyed("i1", date(2028, 12, 1)),
    PolicyAcknowledged("s1", date(2027, 8, 31)),
    AccessEnded("misuse"),
    AccessRestored("s1"),
    RuleChanged("images-kept", 24),
    HandedOut("counts", 412, encrypted=False),
    Erased("p1", 9, 2, 1),
    KeyChanged("u2"),
    PutBack(40, 2),
    SnapshotIssued(
        "n1", "4B", datetime(2026, 12, 1, 9, tzinfo=UTC), date(2026, 12, 8), ("image.press",), ("p1",)
    ),
    SnapshotRecalled("n1", "not-found", "asked twice"),
]


def test_the_list_above_holds_every_kind_of_event() -> None:
    assert {kind_of(what) for what in EVERYTHING} == {kind.__struct_config__.tag for kind in What.__args__}


@pytest.mark.parametrize("what", EVERYTHING, ids=kind_of)
def test_every_kind_comes_back_as_it_was_appended(drawer: Drawer, what: What) -> None:
    db = drawer.make()
    (kept,) = ledger.append(db, [happened(db, what, slip="S123456789")])
    db.close()
    (read,) = ledger.events_of(drawer.open(), "p1")
    assert read == kept
    assert read.what == what
    assert read.seq == 1


def test_the_schools_rules_stand_among_every_pupils_events(db: Database) -> None:
    """Rule C1: a status reads nothing else, and hangs on them too."""
    a, rule, b = ledger.append(
        db,
        [
            happened(db, pupil="p1"),
            happened(db, RuleChanged("social-worker-agrees", False), pupil=None),
            happened(db, pupil="p1"),
        ],
    )
    assert ledger.events_of(db, "p1") == [a, rule, b]
    assert ledger.events_of_many(db, ["p1", "p2"]) == {"p1": [a, rule, b], "p2": [rule]}


def test_what_happens_seldom_is_found_by_its_kind(db: Database) -> None:
    restricted = [happened(db, Restricted("x"), pupil="p1"), happened(db, Restricted("y"), pupil="p2")]
    one, _, other = ledger.append(db, [restricted[0], happened(db, pupil="p1"), restricted[1]])
    assert ledger.events_of_kind(db, "restricted") == [one, other]
    with pytest.raises(ValueError, match="too frequent"):
        ledger.events_of_kind(db, "answered")


def test_places_count_on_without_a_gap(db: Database) -> None:
    first = ledger.append(db, [happened(db), happened(db)])
    second = ledger.append(db, [happened(db)])
    assert [event.seq for event in (*first, *second)] == [1, 2, 3]
    assert ledger.append(db, []) == []
    assert ledger.head(db)[0] == 3


def test_events_are_found_by_pupil_slip_and_id_in_order(db: Database) -> None:
    a, b, c, d = ledger.append(
        db,
        [
            happened(db, pupil="p1", slip="A"),
            happened(db, pupil="p2", slip="B"),
            happened(db, pupil="p1", slip="B"),
            happened(db, pupil=None),
        ],
    )
    assert ledger.events_of(db, "p1") == [a, c]
    assert ledger.events_of_many(db, ["p2", "p1", "p3"]) == {"p2": [b], "p1": [a, c], "p3": []}
    assert ledger.events_of_slip(db, "B") == [b, c]
    assert ledger.events_of_slips(db, ["B", "A", "Z"]) == {"B": [b, c], "A": [a], "Z": []}
    assert ledger.event(db, d.id) == d
    assert ledger.event(db, "unknown") is None
    assert ledger.events(db) == [a, b, c, d]
    assert ledger.events(db, since_seq=1, limit=2) == [b, c]


def test_more_pupils_than_fit_in_one_question(db: Database) -> None:
    pupils = [f"p{number}" for number in range(1201)]
    ledger.append(db, [happened(db, pupil=pupil) for pupil in pupils])
    found = ledger.events_of_many(db, pupils)
    assert all(len(found[pupil]) == 1 for pupil in pupils)


def test_moments_of_any_zone_are_kept_as_one(db: Database) -> None:
    at = datetime.fromisoformat("2026-07-01T00:30:00+01:00")
    event = Event("e", "joined", at, date(2026, 7, 1), "u", Joined("4B"), "p1")
    ledger.append(db, [event])
    (read,) = ledger.events_of(db, "p1")
    assert read.at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert read.on == date(2026, 7, 1)
    ledger.check_chain(db)


def test_a_moment_without_a_zone_is_a_bug(db: Database) -> None:
    event = Event("e", "joined", datetime(2026, 7, 1), date(2026, 7, 1), "u", Joined("4B"), "p1")  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        ledger.append(db, [event])


def test_what_fails_moves_nothing(db: Database) -> None:
    ledger.append(db, [happened(db)])
    before = ledger.head(db)

    def interrupted() -> None:
        with db.writing():
            ledger.append(db, [happened(db), happened(db)])
            assert ledger.head(db)[0] == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert ledger.head(db) == before
    ledger.check_chain(db)
    assert ledger.append(db, [happened(db)])[0].seq == 2


def test_an_id_is_taken_once(db: Database) -> None:
    (event,) = ledger.append(db, [happened(db)])
    with pytest.raises(sa.exc.IntegrityError):
        ledger.append(db, [event])
    ledger.check_chain(db)


AT_THE_END_WITH_A_TAKEN_ID = (
    'INSERT OR REPLACE INTO event SELECT 3, id, kind, at, on_day, "by", pupil, slip, batch, payload, salt,'
    " payload_hash, chain_hash FROM event WHERE seq = 1"
)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET kind = 'left'",
        "UPDATE event SET payload = '{}'",
        "UPDATE event SET payload = NULL, salt = NULL",
        "UPDATE event SET pupil = 'p9' WHERE seq = 2",
        "UPDATE event SET seq = 9 WHERE seq = 2",
        "DELETE FROM event",
        "DELETE FROM event WHERE seq = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",
        AT_THE_END_WITH_A_TAKEN_ID,
        "REPLACE INTO event SELECT * FROM event WHERE seq = 1",
        "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_every_change(db: Database, sql: str) -> None:
    ledger.append(db, [happened(db), happened(db, pupil=None)])
    before = db.office.rows(sa.select(table))
    with pytest.raises(sa.exc.IntegrityError, match="an event is never"), db.office.writing() as connection:
        connection.exec_driver_sql(sql)
    assert db.office.rows(sa.select(table)) == before


def announcement(pupil: str, event: Event) -> sa.Insert:
    return erasure.insert().values(pupil=pupil, event=event.id)


def emptying(pupil: str) -> sa.Update:
    return table.update().where(table.c.pupil == pupil).values(payload=None, salt=None)


def together(db: Database, *statements: sa.Executable) -> None:
    """Carry out all of them in one transaction."""
    with db.writing():
        for statement in statements:
            db.office.write(statement)


def erased(db: Database, pupil: str) -> None:
    """As an erasure will do it: announce, empty, tell."""
    told = happened(db, Left(), pupil=None)
    with db.writing():
        together(db, announcement(pupil, told), emptying(pupil))
        ledger.append(db, [told])


def test_erasure_leaves_the_chain_whole_and_no_word_behind(drawer: Drawer) -> None:
    db = drawer.make()
    ledger.append(db, [happened(db, Restricted("court order")), happened(db, pupil="p2"), happened(db)])
    erased(db, "p1")
    ledger.append(db, [happened(db, pupil="p2")])
    ledger.check_chain(db)
    db.close()
    db = drawer.open()
    assert [event.what for event in ledger.events_of(db, "p1")] == [None, None]
    assert [event.what for event in ledger.events_of(db, "p2")] == [Joined("4B"), Joined("4B")]


def test_only_the_announced_pupils_events_are_emptied(db: Database) -> None:
    ledger.append(db, [happened(db), happened(db, pupil="p2"), happened(db, pupil=None)])
    for other in ("p2", None):
        empty = table.update().where(table.c.pupil.is_(other)).values(payload=None, salt=None)
        with pytest.raises(sa.exc.IntegrityError, match="never changed"):
            together(db, announcement("p1", happened(db)), empty)


@pytest.mark.parametrize(
    "change", [{"payload": "{}"}, {"payload": None}, {"payload": None, "salt": None, "kind": "left"}]
)
def test_an_erasure_empties_and_does_nothing_else(db: Database, change: dict[str, Any]) -> None:
    ledger.append(db, [happened(db)])
    with pytest.raises(sa.exc.IntegrityError):
        together(db, announcement("p1", happened(db)), table.update().values(**change))


def test_an_erasure_is_not_kept_without_an_event_of_its_own(db: Database) -> None:
    ledger.append(db, [happened(db)])
    with pytest.raises(sa.exc.IntegrityError):
        together(db, announcement("p1", happened(db)), emptying("p1"))
    assert ledger.events_of(db, "p1")[0].what == Joined("4B")
    ledger.append(db, [happened(db)])
    ledger.check_chain(db)


def test_an_erasure_cannot_borrow_an_event_that_was_there(db: Database) -> None:
    (old,) = ledger.append(db, [happened(db)])
    with pytest.raises(sa.exc.IntegrityError, match="of its own"):
        together(db, announcement("p1", old))


@pytest.mark.parametrize("sql", ["DELETE FROM erasure", "UPDATE erasure SET pupil = 'p2'"])
def test_an_erasure_stays_on_record(db: Database, sql: str) -> None:
    ledger.append(db, [happened(db)])
    erased(db, "p1")
    with pytest.raises(sa.exc.IntegrityError, match="an erasure is never"), db.office.writing() as connection:
        connection.exec_driver_sql(sql)


def tampered(db: Database, sql: str, *values: object) -> None:
    """Change the database as somebody would who holds the key: the triggers are out of the way."""
    with db.office.writing() as connection:
        triggers = db.office.triggers()
        for name in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(sql, values)
        for made in triggers.values():
            connection.exec_driver_sql(made)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM event WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM event WHERE seq = 1", "event 1 is missing"),
        ('UPDATE event SET payload = \'{"type":"left"}\' WHERE seq = 2', "event 2 is not as it was written"),
        ("UPDATE event SET payload = NULL, salt = NULL WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET salt = x'00' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET on_day = '2020-01-01' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 2", "event 2 is not"),
        ("UPDATE event SET pupil = 'p2' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET pupil = NULL WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET slip = 'S' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET batch = 7 WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET \"by\" = 'u2' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET id = 'other' WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET chain_hash = payload_hash WHERE seq = 2", "event 2 is not as it was written"),
        ("UPDATE event SET payload_hash = chain_hash WHERE seq = 2", "event 2 is not as it was written"),
        ("DELETE FROM event WHERE seq = 3", "does not end where it did"),
    ],
)
def test_the_chain_notices_what_gets_past_the_triggers(db: Database, sql: str, says: str) -> None:
    ledger.append(db, [happened(db), happened(db), happened(db)])
    tampered(db, sql)
    with pytest.raises(DamagedOffice, match=says):
        ledger.check_chain(db)


def test_the_chain_can_be_followed_from_any_place(db: Database) -> None:
    ledger.append(db, [happened(db) for _ in range(4)])
    for place in range(5):
        ledger.check_chain(db, place)
    with pytest.raises(DamagedOffice):
        ledger.check_chain(db, 9)


def test_the_same_events_make_another_chain_in_another_office(db: Database) -> None:
    assert chain.beginning("a").hash != chain.beginning("b").hash


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p1", "p2", "p3", None]),
            st.text(max_size=20).map(lambda note: Withdrawn(("image.press",), "phone", note=note)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_said_is_kept_and_chained(db: Database, said: list[tuple[str | None, Withdrawn]]) -> None:
    before = ledger.head(db)[0]
    kept = ledger.append(db, [happened(db, what, pupil=pupil) for pupil, what in said])
    assert ledger.events(db, since_seq=before) == kept
    assert [(event.pupil, event.what) for event in kept] == said
    ledger.check_chain(db)
