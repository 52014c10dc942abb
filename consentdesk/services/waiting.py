"""What waits on the desk of whoever looks through scans: the queue, the sheets, the tray, and what is done."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import Reviewed
from consentdesk.services.doubts import counting, decision_of
from consentdesk.services.identify import SENTENCES
from consentdesk.services.office import Office, may, require
from consentdesk.services.slip_places import Places, all_places
from consentdesk.store import images, ledger, people, scans, slips
from consentdesk.store.scans import ReadingRow

_LATEST_BATCHES: Final = 20
"""How far back duplicates are shown."""


class Waiting(NamedTuple):
    """How much waits, and for what. `review` are the ids of the readings in the queue, in its order.

    `clear` slips wait to be confirmed; None where the user's role does not include it.
    """

    now: datetime
    review: tuple[str, ...]
    clear: int | None
    tray: int
    batches_today: tuple[int, ...]


class DoneIn(NamedTuple):
    """How a batch was done with: its slips, how many a person decided about, and how many of those the user."""

    slips: int
    helped: int
    by_user: int


class TrayEntry(NamedTuple):
    """Something in the tray. `why` is one sentence. `told` is what a proven code says of a slip without a home.

    A `duplicate` came in a second time with the same marks; `slip` is its code, and nothing is to be done.
    """

    reading: str
    why: str
    file: str
    page: int
    came: datetime
    duplicate: bool
    slip: str
    name: str


class TrayPicture(NamedTuple):
    """The picture of something in the tray, and the places on every form that it may be."""

    picture: bytes
    places: tuple[Places, ...]


def waiting(office: Office) -> Waiting:
    """What waits at this moment."""
    require(office, "review-answers")
    batches = scans.batches(office.db)
    return Waiting(
        office.now(),
        tuple(row.id for row in scans.waiting_review(office.db)),
        sum(batch.waiting for batch in batches) if may(office, "confirm-answers") else None,
        len(scans.in_tray(office.db)),
        tuple(
            batch.number
            for batch in batches
            if batch.opened.astimezone().date() == office.today and batch.slips
        ),
    )


def done_in(office: Office, batch: int) -> DoneIn:
    """How many slips of a batch were read without help, and how many somebody decided about."""
    require(office, "review-answers")
    rows = [
        row for row in scans.readings(office.db, batch=batch) if row.slip and row.state in ("done", "waiting")
    ]
    events = ledger.events_of_slips(office.db, {row.slip for row in rows if row.slip})
    helped = {
        slip: {event.by for event in counting(found) if isinstance(event.what, Reviewed)}
        for slip, found in events.items()
    }
    return DoneIn(
        len(rows),
        sum(bool(helped[row.slip]) for row in rows if row.slip),
        sum(office.user.id in helped[row.slip] for row in rows if row.slip),
    )


def tray(office: Office) -> tuple[TrayEntry, ...]:
    """What lies in the tray, then the duplicates of the latest batches."""
    require(office, "review-answers")
    found = [_entry(office, row) for row in scans.in_tray(office.db)]
    for batch in scans.batches(office.db)[: -_LATEST_BATCHES - 1 : -1]:
        rows = scans.readings(office.db, batch=batch.number)
        found += [_duplicate(office, row) for row in rows if row.state == "duplicate"]
    return tuple(found)


def tray_picture(office: Office, reading: str) -> TrayPicture:
    """What something in the tray looks like. Raises `KnownError` where it is not there any more."""
    require(office, "review-answers")
    row = scans.reading(office.db, reading)
    if row is None:
        raise KnownError("this page is not in the tray any more", "nothing was changed", "look at the others")
    return TrayPicture(images.image(office.db, row.crop) if row.crop else b"", all_places(office))


def _entry(office: Office, row: ReadingRow) -> TrayEntry:
    why = SENTENCES[decision_of(row).doubts[0]]
    return TrayEntry(row.id, why, _file(office, row), row.page, row.at, False, row.typed_code, "")


def _duplicate(office: Office, row: ReadingRow) -> TrayEntry:
    slip = slips.slip(office.db, row.slip or "")
    pupil = people.pupil(office.db, slip.pupil) if slip else None
    why = "The same slip came in before with the same marks. Nothing was recorded twice."
    name = pupil.display_name if pupil else ""
    return TrayEntry(row.id, why, _file(office, row), row.page, row.at, True, row.typed_code, name)


def _file(office: Office, row: ReadingRow) -> str:
    file = scans.scan_file_of(office.db, row.file) if row.file else None
    return file.name if file else ""
