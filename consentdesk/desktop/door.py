"""At the office's door, on the office's own thread: signing in, and what the window may know of who did."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple, get_args

from consentdesk import paths
from consentdesk.services.kept_reader import KeptReader
from consentdesk.services.office import (
    Errand,
    Office,
    change_password,
    close,
    may,
    open_office,
    open_with_recovery,
)
from consentdesk.services.school_settings import is_made_up, school_name
from consentdesk.services.set_up import set_up
from consentdesk.services.users import names_at, the_user

_SHEET: Final = "recovery.pdf"


class Session(NamedTuple):
    """Who signed in, where, and what their role includes; `notices` are to be shown once."""

    school: str
    folder: Path
    user_id: str
    user: str
    role: str
    errands: frozenset[str]
    notices: tuple[str, ...] = ()
    made_up: bool = False

    def may(self, errand: Errand) -> bool:
        """Whether the user's role includes the errand."""
        return errand in self.errands


class Opened(NamedTuple):
    """An open office and the reader of its scans, for their own thread alone, and the session that all may see."""

    office: Office
    reader: KeptReader
    session: Session


class Founded(NamedTuple):
    """A new office: the recovery sheet's groups, and the sheet itself as PDF."""

    groups: tuple[str, ...]
    sheet: bytes


def who_may_enter(folder: Path) -> tuple[str, ...]:
    """The names of those who may sign in; none where there is no office."""
    return names_at(folder)


def enter(folder: Path, user: str | None, password: str) -> Opened:
    """Sign in. Raises `KnownError` as `open_office` does."""
    return _opened(open_office(folder, user, password))


def enter_with_sheet(folder: Path, untrusted_groups: str, user: str, password: str) -> Opened:
    """Set a new password for `user` by the recovery sheet, and sign in with it. Raises `KnownError`."""
    with open_with_recovery(folder, untrusted_groups) as office:
        change_password(office, the_user(office, user).id, password)
    return enter(folder, user, password)


def found(folder: Path, school: str, user: str, password: str) -> Founded:
    """Make an office with its recovery sheet; the sheet's file is gone when this returns. Raises `KnownError`."""
    sheet = paths.make_private_folder(paths.computer_folder()) / _SHEET
    try:
        groups = set_up(folder, school, user, password, sheet)
        return Founded(groups, sheet.read_bytes())
    finally:
        sheet.unlink(missing_ok=True)


def leave(opened: Opened) -> None:
    """End the reader's workers, and close the office."""
    try:
        opened.reader.close()
    finally:
        close(opened.office)


def _opened(office: Office) -> Opened:
    try:
        session = Session(
            school=school_name(office),
            folder=office.folder,
            user_id=office.user.id,
            user=office.user.name,
            role=office.user.role.value,
            errands=frozenset(errand for errand in get_args(Errand) if may(office, errand)),
            notices=tuple(office.db.notices),
            made_up=is_made_up(office),
        )
    except BaseException:
        close(office)
        raise
    return Opened(office, KeptReader(), session)
