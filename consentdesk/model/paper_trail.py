"""The ledger's further events about paper: withdrawal slips, written dates, who signed, other names, letters."""

from __future__ import annotations

from datetime import date

import msgspec


class WithdrawalIssued(msgspec.Struct, frozen=True, tag="withdrawal-issued"):
    """A withdrawal slip was printed (rule W1). `asked` maps the purposes on it to the hash of their wording.

    It asks for nothing: what comes back on it can stop a use, and never allow one.
    """

    form: str
    version: str
    asked: dict[str, str]
    pupil_asked: tuple[str, ...] = ()


class Dated(msgspec.Struct, frozen=True, tag="dated"):
    """A person typed the date that is written on a slip (rule C5).

    With `noes_too` they decided that a no on it is as old as that, and `why`: only then can the date make a no
    earlier.
    """

    written: date
    noes_too: bool = False
    why: str = ""


class SignatoryNamed(msgspec.Struct, frozen=True, tag="signatory-named"):
    """A person said who signed a slip (rule A2): a guardian, or the pupil, who may be of age (rule A4)."""

    person: str


class Proposed(msgspec.Struct, frozen=True, tag="proposed"):
    """A slip that was printed for another child has this child's name written on it (rule S4).

    `reading` is what came back, and `slip` the other child's. It answers nothing: the office asks this child's
    family by a slip of their own.
    """

    reading: str
    slip: str


class Acknowledged(msgspec.Struct, frozen=True, tag="acknowledged"):
    """A letter was printed that says a withdrawal, named by its event, is in force (rule W1)."""

    event: str


class Reminded(msgspec.Struct, frozen=True, tag="reminded"):
    """A reminder went out with fresh slips of these forms (rule C7)."""

    forms: tuple[str, ...]


PaperWhat = WithdrawalIssued | Dated | SignatoryNamed | Proposed | Acknowledged | Reminded
"""What people do with slips and letters, beside printing, reading and deciding."""
