"""The office that a command works on, opened by whoever signs in."""

from __future__ import annotations

import sys

import typer

from consentdesk.cli.session import Session, ask, ask_password
from consentdesk.services.office import Office, open_office, open_with_recovery
from consentdesk.services.users import names_at

RECOVERY = "CONSENTDESK_RECOVERY"
"""The variable that may hold the groups of the recovery sheet."""


def opened(ctx: typer.Context) -> Office:
    """Open the office that the command is about; close it with a `with` block.

    Asks on the terminal for what is not in the environment. Raises `KnownError`.
    """
    session: Session = ctx.find_root().obj
    folder = session.folder
    name = session.named_user
    if not name and sys.stdin.isatty() and len(names_at(folder)) > 1:
        name = ask("Your user name: ")
    names_at(folder)
    return _with_notices(open_office(folder, name or None, ask_password()))


def opened_with_recovery(ctx: typer.Context) -> Office:
    """Open the office with the groups of its recovery sheet instead of a password. Raises `KnownError`."""
    session: Session = ctx.find_root().obj
    groups = ask_password("The groups of the recovery sheet: ", RECOVERY)
    return _with_notices(open_with_recovery(session.folder, groups))


def _with_notices(office: Office) -> Office:
    for notice in office.db.notices:
        print(notice, file=sys.stderr)
    return office
