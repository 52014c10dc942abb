"""A new office with its recovery sheet: neither without the other."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path

from consentdesk import paths
from consentdesk.printing.recovery_sheet import write_recovery_sheet
from consentdesk.services.office import Office, create_office, new_recovery
from consentdesk.store import school

_TRIAL_GROUPS = ("00000",) * 8


def set_up(folder: Path, school_name: str, user: str, password: str, sheet: Path | None) -> tuple[str, ...]:
    """Make an office in `folder` and, where a file is named, its recovery sheet as PDF; the sheet's groups.

    The sheet is tried out first, so that no office is made whose sheet cannot be written. Raises `KnownError`.
    """
    day = date.today()  # noqa: DTZ011 - the school's own day
    with ExitStack() as files:
        part = files.enter_context(paths.write_whole(sheet)) if sheet else None
        if part:
            write_recovery_sheet(part, school_name, _TRIAL_GROUPS, day)
        office, groups = create_office(folder, school_name, user, password)
        with office:
            if part:
                write_recovery_sheet(part, school_name, groups, day)
    return groups


def renew_recovery(office: Office, sheet: Path) -> None:
    """Write a new recovery sheet; the one before it opens nothing any more. Raises `KnownError`."""
    heading = school.school(office.db).name
    with paths.write_whole(sheet) as part:
        write_recovery_sheet(part, heading, _TRIAL_GROUPS, office.today)
        write_recovery_sheet(part, heading, new_recovery(office), office.today)
