"""Opening an office: whatever is damaged, rolled back, changed or torn is refused, with the way back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.model.consent import Withdrawn
from consentdesk.store import chain, ledger, mark, opening, place, school
from consentdesk.store.database import Database
from consentdesk.store.tables import event
from tests.store.made_up import DATA_KEY, DATABASE, Drawer, happened, let_go

PAGE = 4096


def with_events(db: Database, count: int) -> None:
    ledger.append(db, [happened(db, pupil=f"p{number % 7}") for number in range(count)])


def test_an_office_opens_again_without_a_word(drawer: Drawer) -> None:
    drawer.make().close()
    assert drawer.open().notices == []


def test_the_mark_follows_every_commit_that_holds_an_event(drawer: Drawer) -> None:
    db = drawer.make()
    for count in (1, 2, 3):
        ledger.append(db, [happened(db)])
        seen = mark.read(DATABASE, db.mark_key).mark
        assert seen == mark.Mark(DATABASE, count, db.head.hash, clean=False)
    school.set_setting(db, "writing-wanted", True)
    assert mark.read(DATABASE, db.mark_key).mark == seen
    db.close()
    last = mark.read(DATABASE, db.mark_key).mark
    assert last is not None
    assert last.clean


def test_the_mark_waits_for_the_outermost_commit(db: Database) -> None:
    before = mark.place(DATABASE).read_bytes() if mark.place(DATABASE).exists() else b""
    with db.writing():
        ledger.append(db, [happened(db)])
        with db.writing():
            ledger.append(db, [happened(db)])
        assert (mark.place(DATABASE).read_bytes() if mark.place(DATABASE).exists() else b"") == before
    seen = mark.read(DATABASE, db.mark_key).mark
    assert seen is not None
    assert seen.events == 2


@pytest.mark.parametrize(("events", "says"), [(1, "1 event is missing"), (3, "3 events are missing")])
def test_a_file_put_back_from_an_older_copy_is_refused(
    drawer: Drawer, tmp_path: Path, events: int, says: str
) -> None:
    db = drawer.make()
    with_events(db, 5)
    db.close()
    shutil.copy(drawer.office, tmp_path / "older")
    db = drawer.open()
    with_events(db, events)
    db.close()
    shutil.copy(tmp_path / "older", drawer.office)
    with pytest.raises(DamagedOffice, match=says) as told:
        drawer.open()
    assert "put back the newest backup with restore" in str(told.value)


def test_every_page_put_back_from_an_older_copy_is_refused(drawer: Drawer) -> None:
    """What turned a withdrawal back into a yes, unnoticed by both of SQLite's checks."""
    db = drawer.make()
    with_events(db, 60)
    db.close()
    older = drawer.office.read_bytes()
    db = drawer.open()
    ledger.append(db, [happened(db, Withdrawn(("image.press",), "phone"))])
    db.close()
    newer = drawer.office.read_bytes()
    kept = mark.place(DATABASE).read_bytes()
    replayed = [at for at in range(0, len(older), PAGE) if older[at : at + PAGE] != newer[at : at + PAGE]]
    assert len(replayed) > 1
    for at in replayed:
        drawer.office.write_bytes(newer[:at] + older[at : at + PAGE] + newer[at + PAGE :])
        try:
            again = drawer.open()
        except DamagedOffice:
            assert mark.place(DATABASE).read_bytes() == kept
            continue
        # A page of an index alone: the withdrawal itself is there, and the page's loss is SQLite's to find.
        what = [one.what for one in ledger.events(again)]
        assert what[-1] == Withdrawn(("image.press",), "phone")
        let_go(again)
        mark.place(DATABASE).write_bytes(kept)


def test_a_page_in_the_middle_of_the_ledger_is_noticed_after_a_proper_end_too(drawer: Drawer) -> None:
    db = drawer.make()
    with_events(db, 30)
    db.close()
    older = drawer.office.read_bytes()
    db = drawer.open()
    with_events(db, 200)
    db.close()
    newer = drawer.office.read_bytes()
    refused = 0
    for at in range(PAGE, len(older), PAGE):
        if older[at : at + PAGE] == newer[at : at + PAGE]:
            continue
        drawer.office.write_bytes(newer[:at] + older[at : at + PAGE] + newer[at + PAGE :])
        with pytest.raises(DamagedOffice):
            let_go(drawer.open())
        refused += 1
    assert refused


def test_as_many_events_of_another_history_are_refused(drawer: Drawer, tmp_path: Path) -> None:
    db = drawer.make()
    with_events(db, 2)
    db.close()
    shutil.copy(drawer.office, tmp_path / "fork")
    kept = mark.place(DATABASE).read_bytes()
    db = drawer.open()
    ledger.append(db, [happened(db, Withdrawn(("image.press",), "phone"))])
    db.close()
    ours = mark.place(DATABASE).read_bytes()
    shutil.copy(tmp_path / "fork", drawer.office)
    mark.place(DATABASE).write_bytes(kept)
    db = drawer.open()
    with_events(db, 1)
    db.close()
    mark.place(DATABASE).write_bytes(ours)
    with pytest.raises(DamagedOffice, match="event 3 is not the one that was written"):
        drawer.open()


def test_a_ledger_that_another_computer_carried_on_is_accepted(drawer: Drawer) -> None:
    db = drawer.make()
    with_events(db, 3)
    db.close()
    kept = mark.place(DATABASE).read_bytes()
    db = drawer.open()
    with_events(db, 4)
    db.close()
    mark.place(DATABASE).write_bytes(kept)
    again = drawer.open()
    assert again.head.events == 7
    assert again.notices == []


@pytest.mark.parametrize("spoilt", [None, b"", b"{}", b"not a mark"])
def test_a_computer_without_a_mark_adopts_what_it_finds_and_says_so(
    drawer: Drawer, spoilt: bytes | None
) -> None:
    db = drawer.make()
    with_events(db, 3)
    db.close()
    if spoilt is None:
        mark.place(DATABASE).unlink()
    else:
        mark.place(DATABASE).write_bytes(spoilt)
    again = drawer.open()
    assert len(again.notices) == 1
    assert ("first time" in again.notices[0]) == (spoilt is None)
    again.close()
    assert drawer.open().notices == []


def test_a_mark_that_somebody_wrote_themselves_counts_for_nothing(drawer: Drawer) -> None:
    db = drawer.make()
    with_events(db, 3)
    db.close()
    mark.write(mark.Mark(DATABASE, 1, b"x" * 32, clean=True), b"another key")
    assert "does not fit" in drawer.open().notices[0]


def test_work_is_kept_where_the_mark_cannot_be(db: Database, own_computer: Path) -> None:
    shutil.rmtree(own_computer, ignore_errors=True)
    own_computer.write_text("a file where the folder should be")
    with_events(db, 1)
    with_events(db, 1)
    assert ledger.head(db)[0] == 2
    assert len(db.notices) == 1
    assert "could not note" in db.notices[0]


def test_after_an_unclean_end_the_whole_chain_is_followed(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WHOLE_CHAIN_UP_TO", 0)
    followed = []
    check = chain.check

    def watched(office: object, since: chain.Head, **rest: object) -> chain.Head:
        followed.append(since.events)
        return check(office, since, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(chain, "check", watched)
    db = drawer.make()
    with_events(db, 3)
    db.close()
    let_go(drawer.open())
    drawer.open().close()
    drawer.open().close()
    assert followed == [3, 0, 3]


def test_a_change_behind_the_mark_is_found_by_the_whole_check(drawer: Drawer) -> None:
    db = drawer.make()
    with_events(db, 3)
    triggers = db.office.triggers()
    with db.office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_stays_as_it_is")
        connection.exec_driver_sql("UPDATE event SET \"by\" = 'somebody else' WHERE seq = 1")
        connection.exec_driver_sql(triggers["event_stays_as_it_is"])
    db.close()
    with pytest.raises(DamagedOffice, match="event 1 is not as it was written"):
        drawer.open()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DROP TRIGGER event_stays", "event_stays"),
        ("CREATE TRIGGER helpful AFTER INSERT ON event BEGIN DELETE FROM pupil; END", "helpful"),
    ],
)
def test_triggers_that_are_missing_or_strange_are_refused(drawer: Drawer, sql: str, named: str) -> None:
    db = drawer.make()
    with db.office.writing() as connection:
        connection.exec_driver_sql(sql)
    db.close()
    with pytest.raises(DamagedOffice, match=rf"rules against changing records differ \({named}\)"):
        drawer.open()


def test_a_trigger_of_the_same_name_that_does_nothing_is_refused(drawer: Drawer) -> None:
    db = drawer.make()
    with db.office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_stays")
        connection.exec_driver_sql("CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT 1; END")
    db.close()
    with pytest.raises(DamagedOffice, match="event_stays"):
        drawer.open()


@pytest.mark.parametrize("name", ["office.db", "images.db"])
def test_a_missing_file_is_named(drawer: Drawer, name: str) -> None:
    drawer.make().close()
    (drawer.folder / name).unlink()
    with pytest.raises(DamagedOffice, match=rf"{name} is missing"):
        drawer.open()
    assert not (drawer.folder / name).exists()


@pytest.mark.parametrize("name", ["office.db", "images.db"])
def test_a_file_cut_short_is_refused(drawer: Drawer, name: str) -> None:
    drawer.make().close()
    data = (drawer.folder / name).read_bytes()
    (drawer.folder / name).write_bytes(data[:-PAGE])
    with pytest.raises(DamagedOffice, match=rf"{name} is"):
        drawer.open()


def test_the_two_files_cannot_stand_in_for_each_other(drawer: Drawer) -> None:
    drawer.make().close()
    office, images = drawer.office.read_bytes(), drawer.images.read_bytes()
    drawer.office.write_bytes(images)
    drawer.images.write_bytes(office)
    with pytest.raises(DamagedOffice):
        drawer.open()


def test_what_is_refused_is_let_go(drawer: Drawer) -> None:
    drawer.make().close()
    whole = drawer.images.read_bytes()
    drawer.images.write_bytes(whole[:-PAGE])
    with pytest.raises(DamagedOffice):
        drawer.open()
    drawer.images.write_bytes(whole)
    drawer.open().close()


def test_a_folder_on_a_network_share_is_refused(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "on_network_share", lambda _: True)
    with pytest.raises(KnownError, match="network share"):
        drawer.make()
    with pytest.raises(KnownError, match="network share"):
        opening.open_database(drawer.folder, DATABASE, DATA_KEY)
    assert list(drawer.folder.iterdir()) == []


CRASH = """
import os, sys
from pathlib import Path
from consentdesk.store import opening, ledger
from tests.store.made_up import DATABASE, DATA_KEY, happened
db = opening.open_database(Path(sys.argv[1]), DATABASE, DATA_KEY)
ledger.append(db, [happened(db) for _ in range(3)])
# So little memory for pages that the open transaction spills into the file, and its journal is hot.
db.office._raw.execute("PRAGMA cache_size = 5")
with db.writing():
    for _ in range(50):
        ledger.append(db, [happened(db) for _ in range(20)])
    os._exit(9)
"""


def test_a_crash_loses_what_was_not_acknowledged_and_nothing_else(drawer: Drawer) -> None:
    drawer.make().close()
    before = drawer.office.stat().st_size
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", CRASH, str(drawer.folder)], check=False
    )
    assert done.returncode == 9
    assert drawer.office.stat().st_size > before
    assert (drawer.folder / "office.db-journal").stat().st_size > 0
    db = drawer.open()
    assert db.head.events == 3
    assert db.office.rows(sa.select(sa.func.count()).select_from(event)) == [(3,)]
    ledger.check_chain(db)


def test_an_ordinary_opening_never_loads_the_migrations(drawer: Drawer) -> None:
    drawer.make().close()
    program = (
        "import sys; from pathlib import Path\n"
        "from consentdesk.store import opening; from tests.store.made_up import DATABASE, DATA_KEY\n"
        "opening.open_database(Path(sys.argv[1]), DATABASE, DATA_KEY).close()\n"
        "print('alembic' in sys.modules)\n"
    )
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program, str(drawer.folder)], capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\n"
