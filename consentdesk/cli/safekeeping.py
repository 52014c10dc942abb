"""`verify` and `backup`: the office checked, and copied."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app, warn
from consentdesk.cli.signed_in import opened
from consentdesk.services.safekeeping import back_up, check_everything, note_backup

verify_app = new_app()
backup_app = new_app()
APPS = {"verify": verify_app, "backup": backup_app}


@verify_app.command()
def verify(ctx: typer.Context) -> None:
    """Check both files, every event and every picture. Exit 1 where something is wrong."""
    with opened(ctx) as office:
        findings = check_everything(office)
    if findings:
        warn(*findings, "Do not go on working in this office; put back the newest backup that is sound.")
        raise typer.Exit(1)
    Output().say("Everything is sound.")


@backup_app.command()
def backup(
    ctx: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new folder, on another disk or a stick.")],
) -> None:
    """Copy the office, encrypted as it is, into a new folder that opens as an office itself."""
    with opened(ctx) as office:
        back_up(office, target)
        note_backup(office, office.now(), target.absolute())
    Output().say(f"The office was copied to {target}, and the copy was checked.")
