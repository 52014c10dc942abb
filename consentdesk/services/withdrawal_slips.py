"""Withdrawal slips on paper: for any pupil, for every form that was asked, read by the same reader (rule W1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consentdesk.errors import KnownError
from consentdesk.model.consent import Issued
from consentdesk.model.form import FormDefinition
from consentdesk.model.people import Pupil
from consentdesk.model.way_back import withdrawal_form
from consentdesk.services.forms import forms_in_force, the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.print_forms import PrintDone, Printing, Whom, print_slips, slips_wanted
from consentdesk.services.progress import Job
from consentdesk.store import ledger


def print_withdrawal_slips(
    office: Office, form_ids: Sequence[str], whom: Whom, target: Path, *, large: bool = False,
    manifest_file: Path | None = None,
) -> Job[PrintDone]:  # fmt: skip
    """Print withdrawal slips for the pupils meant; without a form, one for each form that a pupil was ever asked.

    Printing one changes nothing. A pupil who was never asked has nothing to take back, and gets none. Raises
    `KnownError` as `print_forms` does, and where nobody meant was ever asked anything.
    """
    require(office, "print-forms")
    if whom == Whom():
        raise KnownError("nobody is named", "nothing was printed", "choose a pupil, a class, or everyone")
    forms = forms_in_force(office)
    definitions = the_forms(office, form_ids) or [one.definition for one in forms.values()]
    wanted = _asked_already(office, slips_wanted(office, definitions, whom))
    if not wanted:
        raise KnownError(
            "nobody meant was ever asked, so there is nothing to take back",
            "nothing was printed",
            "choose another pupil or form",
        )
    way_back = {one.id: withdrawal_form(one) for one in definitions}
    how = Printing(large=large, manifest=manifest_file, withdraws=True)
    slips = [(pupil, way_back[definition.id]) for pupil, definition in wanted]
    return (yield from print_slips(office, slips, target, how))


def _asked_already(
    office: Office, wanted: Sequence[tuple[Pupil, FormDefinition]]
) -> list[tuple[Pupil, FormDefinition]]:
    """Of the pupils and forms wanted, those where the pupil was asked any of it, on whichever form."""
    events = ledger.events_of_many(office.db, {pupil.id for pupil, _ in wanted})
    asked = {
        pupil: {purpose for event in found if isinstance(event.what, Issued) for purpose in event.what.asked}
        for pupil, found in events.items()
    }
    return [
        (pupil, definition)
        for pupil, definition in wanted
        if any(question.purpose in asked[pupil.id] for question in definition.asked)
    ]
