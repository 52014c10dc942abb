"""The way in for class lists: one file, whatever its kind, to the pupils that it names."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

import msgspec

from consentdesk.classlists.ctf import read_ctf
from consentdesk.classlists.rows import SkippedLine, read_rows
from consentdesk.classlists.tables import MOST_BYTES, Table, find_heading, likely_headings
from consentdesk.classlists.textfile import read_text
from consentdesk.classlists.workbook import read_workbook
from consentdesk.errors import KnownError
from consentdesk.model.difference import NOBODY, Scope, scope_of
from consentdesk.model.evidence import told_apart
from consentdesk.model.people import ListedPupil, admission_key, class_key, name_key

Kind = Literal["csv", "xlsx", "ctf"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class ClassList(msgspec.Struct, frozen=True):
    """A class list as read, before it is compared with what is known.

    `unknown_columns` mean nothing to us, or repeat or lack a heading; `ignored_columns` are understood and
    left out on purpose (data minimisation). `remarks` are sentences about the whole list for a person.
    """

    kind: Kind
    pupils: tuple[ListedPupil, ...]
    unknown_columns: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    skipped: tuple[SkippedLine, ...] = ()
    school: str | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """Whom the list speaks for. A transfer file names those who move and says nothing of the others."""
        return NOBODY if self.kind == "ctf" else scope_of(self.pupils)


def read_class_list(path: Path, *, today: date | None = None) -> ClassList:
    """The pupils in a CSV, XLSX or CTF file, told apart by what is in it and not by its name.

    Dates of birth after `today` (the day of the call) are left out with a warning. Raises `KnownError` where
    the file is missing, unreadable, protected, over the limits, no class list, or names no pupil, or where
    two lines of one name and class have nothing to tell them apart.
    """
    untrusted_bytes = _bytes_of(path)
    class_list = _read(untrusted_bytes, path.name, today or date.today())  # noqa: DTZ011 - the school's own day
    if not class_list.pupils:
        raise KnownError(
            f"the file {path.name} names no pupil",
            "nothing was changed",
            "check that it is the right file and not empty",
        )
    class_list = _joined_by_number(class_list)
    _refuse_twins(class_list.pupils, path.name)
    return class_list


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise KnownError(f"{path} is a folder", "nothing was changed", "choose the class list in it")
        if path.stat().st_size > MOST_BYTES:
            raise KnownError(
                f"the file {path.name} is larger than {MOST_BYTES // 1_000_000} MB, which is more than a class list",
                "nothing was changed",
                "export the pupils alone, without pictures",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KnownError(
            f"there is no file {path}", "nothing was changed", "check its name and folder"
        ) from error
    except OSError as error:
        raise KnownError(
            f"the file {path} could not be opened ({error.strerror or 'unknown reason'})",
            "nothing was changed",
            "close it in other programs, or ask your technician for the right to read it",
        ) from error


def _read(untrusted_bytes: bytes, name: str, today: date) -> ClassList:
    if untrusted_bytes.startswith(_OLE):
        raise _refused_office_file(untrusted_bytes, name)
    if untrusted_bytes.startswith(_ZIP):
        return _from_table(read_workbook(untrusted_bytes, name), "xlsx", name, today)
    if _looks_like_xml(untrusted_bytes):
        found = read_ctf(untrusted_bytes, name, today)
        return ClassList("ctf", found.pupils, skipped=found.skipped, school=found.school)
    return _from_table(read_text(untrusted_bytes, name), "csv", name, today)


def _refused_office_file(untrusted_bytes: bytes, name: str) -> KnownError:
    if _ENCRYPTED_PACKAGE in untrusted_bytes:
        return KnownError(
            f"the file {name} is protected by a password",
            "nothing was changed",
            "open it in a spreadsheet, save a copy without the password and import that",
        )
    return KnownError(
        f"the file {name} is in the old Excel format",
        "nothing was changed",
        "save it as XLSX or CSV and import that",
    )


def _looks_like_xml(untrusted_bytes: bytes) -> bool:
    top = untrusted_bytes[:200]
    for mark in _MARKS:
        top = top.removeprefix(mark)
    return top.replace(b"\x00", b"").lstrip().startswith(b"<")


def _from_table(table: Table, kind: Kind, name: str, today: date) -> ClassList:
    headed = find_heading(table.lines)
    if headed is None:
        raise _no_name_column(table, name)
    rows = read_rows(headed, today)
    nameless = tuple(f"column {place + 1} (no heading)" for place in rows.nameless)
    return ClassList(
        kind,
        rows.pupils,
        unknown_columns=headed.header.unknown + headed.header.repeated + nameless,
        ignored_columns=headed.header.not_kept,
        skipped=rows.skipped,
        school=rows.school,
        encoding=table.encoding,
        separator=table.separator,
        sheet=table.sheet,
        remarks=table.remarks + rows.remarks,
    )


def _no_name_column(table: Table, name: str) -> KnownError:
    headings = likely_headings(table.lines)
    if not headings:
        return KnownError(
            f"the file {name} is empty", "nothing was changed", "check that it is the right file"
        )
    shown = ", ".join(heading[:40] for heading in headings[:12])
    return KnownError(
        f"the file {name} has no column for the pupils’ names (found: {shown})",
        "nothing was changed",
        "give the column a heading such as “First name”, “Last name” or “Name” and import it again",
    )


def _joined_by_number(class_list: ClassList) -> ClassList:
    """Join lines of one number, name and class: some systems print a pupil once for every contact."""
    kept: dict[tuple[str, ...], ListedPupil] = {}
    joined: dict[int, list[int]] = defaultdict(list)
    for pupil in class_list.pupils:
        number = pupil.upn or admission_key(pupil.admission_number)
        name = name_key(pupil.legal_first, pupil.legal_last)
        key = (number, name, class_key(pupil.class_name)) if number else ("", str(pupil.line))
        before = kept.get(key)
        if before is None:
            kept[key] = pupil
        elif told_apart(before, pupil) is None:
            joined[before.line].append(pupil.line)
            guardians = tuple(dict.fromkeys(before.guardians + pupil.guardians))
            kept[key] = msgspec.structs.replace(before, guardians=guardians)
        else:
            kept[*key, str(pupil.line)] = pupil
    remarks = tuple(
        f"Lines {first} and {' and '.join(map(str, others))} are one pupil by their number and were joined."
        for first, others in joined.items()
    )
    return msgspec.structs.replace(
        class_list, pupils=tuple(kept.values()), remarks=class_list.remarks + remarks
    )


def _refuse_twins(pupils: tuple[ListedPupil, ...], name: str) -> None:
    """Raise `KnownError` for two lines of one name and class that no number or date of birth tells apart."""
    namesakes: dict[tuple[str, str], list[ListedPupil]] = defaultdict(list)
    for pupil in pupils:
        namesakes[name_key(pupil.legal_first, pupil.legal_last), class_key(pupil.class_name)].append(pupil)
    for alike in namesakes.values():
        for one, other in combinations(alike, 2):
            if told_apart(one, other) is None:
                raise KnownError(
                    f"lines {one.line} and {other.line} of {name} have the same name and class, "
                    "and nothing tells the two pupils apart",
                    "nothing was changed",
                    "add their UPN, admission number or date of birth, or remove the line that is too many",
                )
