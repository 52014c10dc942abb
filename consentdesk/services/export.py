"""What a list that leaves the program can be, and what is told of one that has left."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from consentdesk.errors import KnownError

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
