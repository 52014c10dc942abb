"""`restore` and `backups`: a backup tried or put back, and the daily ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app, warn
from consentdesk.cli.session import Session, ask, ask_password
from consentdesk.cli.signed_in import RECOVERY, opened
from consentdesk.services.daily_backup import (
    back_up_daily,
    backup_due,
    backup_place,
    choose_backup_place,
    daily_backups,
)
from consentdesk.services.progress import finish
from consentdesk.services.restore import BackupFacts, SignIn, by_password, by_sheet, restore, try_backup
from consentdesk.services.users import names_at

restore_app = new_app()
backups_app = new_app()
APPS = {"restore": restore_app, "backups": backups_app}


@restore_app.command()
def put_back(
    ctx: typer.Context,
    backup: Annotated[Path, typer.Argument(metavar="FILE", help="The folder of the backup.")],
    *,
    from_sheet: Annotated[
        bool, typer.Option("--recovery", help="Open the backup with the recovery sheet alone.")
    ] = False,
    only_try: Annotated[
        bool, typer.Option("--check", help="Examine the backup as for putting it back; change nothing.")
    ] = False,
    losing: Annotated[
        int,
        typer.Option("--accept-missing", metavar="N", help="Go on although N events were recorded since."),
    ] = 0,
    json_file: JsonOption = None,
) -> None:
    """Put a backup in place of the office. It is examined first, and the present files are set aside."""
    session: Session = ctx.find_root().obj
    sign_in = _sign_in(backup, session.named_user, from_sheet=from_sheet)
    output = Output(json_file)
    if only_try:
        facts = try_backup(backup, sign_in)
        output.say(*_told(facts), "It is sound, and could be put back.")
        output.json(facts)
        return
    done = restore(backup, session.folder, sign_in, losing=losing)
    output.say(*_told(done.facts), f"It is now the office in {session.folder}.")
    if done.aside:
        output.say(f"What was there before is kept in {done.aside}.")
    output.json(done)


def _sign_in(backup: Path, user: str, *, from_sheet: bool) -> SignIn:
    if from_sheet:
        return by_sheet(ask_password("The groups of the recovery sheet: ", RECOVERY))
    if not user and sys.stdin.isatty() and len(names_at(backup)) > 1:
        user = ask("Your user name: ")
    return by_password(user or None, ask_password())


def _told(facts: BackupFacts) -> list[str]:
    lines = [
        f"The backup is of {facts.school}: {counted(facts.pupils, 'pupil')}, {counted(facts.events, 'event')}"
        + (f", the last of {facts.last.astimezone():%d %B %Y, %H.%M}." if facts.last else ".")
    ]
    if facts.missing:
        lines.append(f"This computer saw {counted(facts.missing, 'event')} more.")
    return lines


@backups_app.callback()
def backups() -> None:
    """The backup that is made once a day while the office is open: where it goes, and which are there."""


@backups_app.command("place")
def choose(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder on another disk or a stick.")
    ] = None,
) -> None:
    """Say where daily backups go, or choose it."""
    with opened(ctx) as office:
        if folder:
            choose_backup_place(office, folder)
        Output().say(f"Daily backups go to {backup_place(office)}.")


@backups_app.command("list")
def list_them(ctx: typer.Context) -> None:
    """Show the daily backups that are there, newest first."""
    with opened(ctx) as office:
        Output().table([(f"{one.at:%d %B %Y, %H.%M}", str(one.folder)) for one in daily_backups(office)])


@backups_app.command("run")
def run(ctx: typer.Context) -> None:
    """Make today's backup if it is still to be made, and thin the older ones."""
    with opened(ctx) as office:
        if not backup_due(office):
            warn("Today’s backup is there already.")
            return
        Output().say(f"The office was copied to {finish(back_up_daily(office)).folder}.")
