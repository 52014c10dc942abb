"""A school's own form: its definition is checked down to the paper, then kept inside the database (rule P1)."""

from __future__ import annotations

from pathlib import Path

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition
from consentdesk.printing.formfile import load_definition
from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office, require
from consentdesk.store import forms


def add_form(office: Office, path: Path) -> FormDefinition:
    """Keep the definition in the TOML file at `path`; one of the same id takes the place of the present one.

    What was printed stays as it was (rule C6). Raises `KnownError` where the file or a key is wrong, or a
    purpose belongs to another form: two wordings of one purpose would make each other's answers void.
    """
    require(office, "change-forms")
    definition = load_definition(path)
    purposes = {question.purpose for question in definition.questions}
    for name, form in forms_in_force(office).items():
        shared = purposes & {question.purpose for question in form.definition.questions}
        if name != definition.id and shared:
            raise KnownError(
                f"the form {name} already asks about {', '.join(sorted(shared))}",
                "nothing was kept",
                f"give the purpose another id in {path.name}",
            )
    with office.db.writing():
        forms.keep_definition(office.db, definition, path.read_bytes().decode("utf-8-sig"), office.user.id)
    return definition
