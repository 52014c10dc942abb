"""A made-up school in a real encrypted office, with forms printed: what the benchmarks measure on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from consentdesk.model.layout import FormLayout, SlipTemplate
from consentdesk.services.demo_families import SentHome, slips_of
from consentdesk.services.demo_school import class_list
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import Office, create_office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import finish
from consentdesk.store import forms, people
from consentdesk.store.slots import FLOOR

FORMS = ("internet-access", "web-publication", "image-use")


@dataclass(frozen=True)
class School:
    """An open office, whose files lie in `folder`."""

    office: Office
    folder: Path

    def print(self, form_ids: Sequence[str] = FORMS, *, large: bool = False) -> tuple[Path, SentHome]:
        """Print forms for everyone; the PDF, and what went home."""
        target = self.folder / f"{'-'.join(form_ids)}{'-large' if large else ''}.pdf"
        done = finish(print_forms(self.office, form_ids, Whom(everyone=True), target, large=large))
        pupils = {pupil.id: pupil for pupil in people.pupils(self.office.db)}
        return target, SentHome(
            slips_of(done.manifest), pupils, people.guardians_of_many(self.office.db, list(pupils))
        )

    def templates(self) -> list[SlipTemplate]:
        """What a reader needs of every form version printed so far."""
        return [
            SlipTemplate(one.tag, one.form, msgspec.json.decode(one.layout, type=FormLayout).slip, one.pdf)
            for one in forms.versions(self.office.db)
        ]


@contextmanager
def school(folder: Path, pupils: int, seed: int = 1) -> Iterator[School]:
    """A new office in `folder` with so many made-up pupils in three classes."""
    day = datetime.now(UTC).astimezone().date()
    office, _ = create_office(folder / "office", "Hazelbrook School", "head", "made up words", cost=FLOOR)
    with office:
        listed = folder / "class list.csv"
        listed.write_text(class_list(pupils, seed, day), encoding="utf-8")
        apply(office, preview(office, listed).difference)
        yield School(office, folder)
