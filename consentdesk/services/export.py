"""A class consent list out of the program, as a file; who took what, when, and how many is recorded (rule D4)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from consentdesk import paths
from consentdesk.classlists.write import write_csv, write_xlsx
from consentdesk.errors import KnownError
from consentdesk.model.consent import Exported
from consentdesk.printing.listing import write_listing
from consentdesk.services.lists import consent_list
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_class
from consentdesk.services.record import Happening, record

Kind = Literal["pdf", "xlsx", "csv"]
_KINDS: dict[str, Kind] = {".pdf": "pdf", ".xlsx": "xlsx", ".csv": "csv"}


class ExportDone(NamedTuple):
    """What left the program; `notes` are the sentences that travel with it."""

    pupils: int
    encrypted: bool
    notes: tuple[str, ...]


def kind_of(target: Path, *, encrypted: bool) -> Kind:
    """The kind of file that the name asks for. Raises `KnownError` for another, and for an encrypted CSV."""
    kind = _KINDS.get(target.suffix.lower())
    if kind is None:
        raise KnownError(
            f"the file name {target.name} does not say what to write",
            "nothing was written",
            "end it in .pdf, .xlsx or .csv",
        )
    if encrypted and kind == "csv":
        raise KnownError(
            "a CSV file cannot be encrypted", "nothing was written", "write a .pdf or .xlsx instead"
        )
    return kind


def export(
    office: Office, school_class: str | None, target: Path, *, password: str | None = None
) -> ExportDone:
    """Write the consent list of a class (or of everyone) to `target`, encrypted where a password is given.

    The ledger has the record before the file has its name, and neither is kept where the other fails.
    """
    require(office, "export-lists")
    kind = kind_of(target, encrypted=password is not None)
    table = consent_list(office, school_class)
    name = "all" if school_class is None else the_class(office, school_class)
    exported = Exported(name, kind, len(table.rows), password is not None)
    with paths.write_whole(target) as part:
        if kind == "pdf":
            write_listing(part, table, password)
        elif kind == "xlsx":
            write_xlsx(part, table, password=password)
        else:
            write_csv(part, table)
        record(office, [Happening(exported)])
    return ExportDone(len(table.rows), password is not None, table.notes)
