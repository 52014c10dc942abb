"""`access`: who may use the internet, what changed for the technician, and who acknowledged the policy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from consentdesk.cli.output import JsonOption, Output, new_app, warn
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.access_record import (
    access_changes,
    access_record,
    acknowledge,
    acknowledgements_due,
    end_access,
    restore_access,
)
from consentdesk.services.office_lists import write_access_changes, write_access_record

app = new_app()
APPS = {"access": app}

Target: TypeAlias = Annotated[
    Path | None, typer.Option("--to", metavar="FILE.pdf", help="Write it as PDF too.")
]
PupilOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="ID", help="Id, number or name of a pupil.")
]
StaffOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="A member of staff, a volunteer.")
]


@app.callback()
def about() -> None:
    """The record of who may use the internet. Leavers and those who withdraw are off it at once."""


@app.command("list")
def list_access(ctx: typer.Context, to: Target = None, json: JsonOption = None) -> None:
    """Show who has access, by what and since when."""
    with opened(ctx) as office:
        found = watch(access_record(office))
        if to is not None:
            watch(write_access_record(office, to))
    out = Output(json)
    out.table(
        [(one.kind, one.name, one.group, one.by, f"since {one.since.isoformat()}") for one in found.lines]
    )
    if not found.lines:
        out.say("Nobody has access.")
    out.json(found)
    _warn(to)


@app.command("changes")
def changes(
    ctx: typer.Context,
    since: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Since the end of this day.")
    ],
    to: Target = None,
    json: JsonOption = None,
) -> None:
    """Show whose access was granted or ended since a day: the technician's list."""
    with opened(ctx) as office:
        found = watch(access_changes(office, since.date()))
        if to is not None:
            watch(write_access_changes(office, since.date(), to))
    out = Output(json)
    out.table([(one.on.isoformat(), one.change, one.name, one.group, one.why) for one in found])
    if not found:
        out.say("Nothing has changed.")
    out.json({"since": since.date(), "changes": found})
    _warn(to)


@app.command("acknowledge")
def acknowledged(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(metavar="NAME", help="A member of staff or a volunteer.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The day, else today.")
    ] = None,
) -> None:
    """Record that somebody acknowledged the policy."""
    with opened(ctx) as office:
        until = acknowledge(office, who, on=on.date() if on else None)
    Output().say(f"Recorded. It counts until {until.isoformat()}.")


@app.command("due")
def due(ctx: typer.Context) -> None:
    """Show who must acknowledge the policy within a month."""
    with opened(ctx) as office:
        found = acknowledgements_due(office)
    out = Output()
    out.table(
        [(member.name, member.role, until.isoformat() if until else "never") for member, until in found]
    )
    if not found:
        out.say("Everybody has acknowledged it.")


@app.command("end")
def end(
    ctx: typer.Context,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why.")],
    pupil: PupilOption = None,
    staff: StaffOption = None,
) -> None:
    """End somebody's access by the school's decision, from this moment."""
    _one_of(pupil, staff)
    with opened(ctx) as office:
        name = end_access(office, why, pupil=pupil, staff=staff)
    Output().say(f"The access of {name} is ended, from this moment.")


@app.command("restore")
def restore(ctx: typer.Context, pupil: PupilOption = None, staff: StaffOption = None) -> None:
    """Allow again what the school had ended."""
    _one_of(pupil, staff)
    with opened(ctx) as office:
        name = restore_access(office, pupil=pupil, staff=staff)
    Output().say(f"The school no longer stands against the access of {name}.")


def _one_of(pupil: str | None, staff: str | None) -> None:
    if (pupil is None) == (staff is None):
        raise typer.BadParameter("give --pupil or --staff, not both")


def _warn(target: Path | None) -> None:
    if target is not None:
        warn(f"{target.name} is not encrypted: whoever holds the file can read it.")
