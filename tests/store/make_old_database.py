"""Makes the office of the present schema that later programs must still open: run once, before a new migration."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from consentdesk.model.activity import Activity, EquipmentException, ImageSet, Plan, Publication
from consentdesk.model.consent import (
    Answer,
    Answered,
    Confirmed,
    Issued,
    Joined,
    Returned,
    Withdrawn,
    unnamed_guardian,
)
from consentdesk.model.form import FormDefinition, FormVersion, Question, Variant
from consentdesk.model.people import Guardian, Pupil
from consentdesk.model.reading import Outcome
from consentdesk.model.slip import PrintRun, Slip
from consentdesk.services import office as services
from consentdesk.services.office import Office
from consentdesk.store import activities, forms, images, ledger, people, publications, scans, slips
from consentdesk.store.scans import ReadingRow
from consentdesk.store.schema import HEAD
from consentdesk.store.slots import FLOOR, Role

PASSWORD = "a made-up password"
AT = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
PICTURE = b"a made-up crop"


def make(folder: Path) -> tuple[str, ...]:
    """Write the office into `folder`; the recovery sheet's groups."""
    office, groups = services.create_office(
        folder, "Made-up Primary", "Ada Made-Up", PASSWORD, clock=lambda: AT, cost=FLOOR
    )
    with office:
        services.add_user(office, "Ben Example", Role.TEACHER, PASSWORD, cost=FLOOR)
        _fill(office)
    return groups


def _fill(office: Office) -> None:
    db = office.db
    pupil = Pupil(
        "p1", "Zoë", "O’Example", class_name="4B", date_of_birth=date(2018, 5, 1), upn="A123456789012"
    )
    people.add_pupils(db, [pupil], [Guardian("g1", "p1", "Ida O’Example", "mother", "yes")])
    question = Question("image.website", "Website", "May we show your child on our website?")
    form = FormDefinition(
        "image-use", "image", "Photographs", ("Dear parent",), (question,), "Tell the office."
    )
    forms.keep_version(db, FormVersion("AB12", form.id, Variant(), form, b"{}", b"%PDF", "0" * 64))
    slip = Slip("S123456789", "p1", form.id, "AB12", "r1", AT.date(), date(2027, 8, 31), "4B")
    slips.keep_run(db, PrintRun("r1", AT, office.user.id, 1), [slip])
    batch = scans.new_batch(db)
    image, sha256 = images.keep_image(db, PICTURE, "crop")
    row = ReadingRow("x1", None, 0, 0, slip.id, batch, Outcome.READ, True, b"{}", image, "", "done", AT)
    scans.keep_reading(db, row)
    answered = Answered("x1", unnamed_guardian(slip.id), {"image.website": Answer("yes", None, 0.9)})
    happened = (
        Joined("4B"),
        Issued(form.id, "AB12", {"image.website": "0" * 16}, (), slip.until),
        Returned("x1", "scan", True, None, image, sha256),
        answered,
        Confirmed("x1"),
        Withdrawn(("image.website",), "phone"),
    )
    ledger.append(db, [services.event(office, what, "p1", slip.id, batch) for what in happened])
    _fill_pictures(office)


def _fill_pictures(office: Office) -> None:
    """An activity with borrowed equipment, what was published of it, and the pictures that are held."""
    db = office.db
    plan = Plan(
        "Farm",
        datetime(2026, 9, 11, 9, 15, tzinfo=UTC),
        ("image.website",),
        "A camera",
        "Deleted",
        True,
        ("p1",),
    )
    activities.keep_activity(db, Activity("a1", plan))
    exception = EquipmentException("x1", "a1", "A camera", "Mr Made-Up", office.user.id, date(2026, 9, 11))
    activities.keep_exception(db, exception)
    publications.keep_publication(
        db,
        Publication(
            "n1",
            "The farm",
            ("image.website",),
            "school.example/1",
            date(2026, 9, 14),
            "Mrs Made-Up",
            ("p1",),
            "a1",
        ),
    )
    publications.keep_images(db, ImageSet("i1", "The farm", "staff drive", "school", date(2026, 9, 11), "a1"))


if __name__ == "__main__":
    # The high-water mark of the made-up office belongs to no computer.
    with tempfile.TemporaryDirectory() as computer:
        os.environ["CONSENTDESK_DATA"] = computer
        print(*make(Path(__file__).resolve().parents[1] / "old_databases" / HEAD))
