"""Which forms there are: those that ship with the program, and the school's own in their place or beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Question
from consentdesk.services.office import Office
from consentdesk.store import forms as kept


class FormInForce(msgspec.Struct, frozen=True):
    """A form that can be printed, and whether it is the school's own."""

    definition: FormDefinition
    own: bool


def forms_in_force(office: Office) -> dict[str, FormInForce]:
    """Every form by its id; the school's own definition stands in for a shipped one of the same id (rule P1)."""
    shipped = map(_shipped_definition, sorted(paths.shipped("forms").glob("*.toml")))
    forms = {definition.id: FormInForce(definition, own=False) for definition in shipped}
    forms |= {
        definition.id: FormInForce(definition, own=True) for definition in kept.kept_definitions(office.db)
    }
    return forms


def _shipped_definition(file: Path) -> FormDefinition:
    """A definition that ships with the program, unless somebody has broken it.

    Whether it fits on paper is found when it is printed; to check that here would lay out every form for
    each question about a pupil.
    """
    try:
        facts = file.stat()
        return _parsed(file, facts.st_size, facts.st_mtime_ns)
    except (OSError, ValueError) as error:
        raise KnownError(
            f"the shipped form {file.name} was changed and cannot be read ({error})",
            "nothing else is affected",
            f"put the original {file.name} back, and keep your own wording with “form add”",
        ) from error


@lru_cache(maxsize=32)
def _parsed(file: Path, _size: int, _written: int) -> FormDefinition:
    """What the file says; read again once its size or the time of its writing is another."""
    return msgspec.convert(tomllib.loads(file.read_bytes().decode("utf-8-sig")), FormDefinition)


def the_forms(office: Office, ids: Iterable[str]) -> list[FormDefinition]:
    """The forms of these ids, each once, in their order. Raises `KnownError` that lists what exists."""
    forms = forms_in_force(office)
    wanted = list(dict.fromkeys(ids))
    for name in wanted:
        if name not in forms:
            raise KnownError(
                f"there is no form {name}", "nothing was done", f"choose from {', '.join(forms)}"
            )
    return [forms[name].definition for name in wanted]


def questions(office: Office) -> dict[str, Question]:
    """Every question of every form by its purpose, in the order of the forms, asked or switched off."""
    return {
        question.purpose: question
        for form in forms_in_force(office).values()
        for question in form.definition.questions
    }


def the_purposes(office: Office, named: Iterable[str]) -> list[str]:
    """The purposes meant, each once; a form's id stands for all that it asks.

    Raises `KnownError` that lists what exists where one is unknown.
    """
    forms = forms_in_force(office)
    known = questions(office)
    meant: dict[str, None] = {}
    for name in named:
        if name in known:
            meant[name] = None
        elif name in forms:
            meant |= dict.fromkeys(question.purpose for question in forms[name].definition.asked)
        else:
            raise KnownError(
                f"there is no purpose {name}", "nothing was done", f"choose from {', '.join(known)}"
            )
    return list(meant)
