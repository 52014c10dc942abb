"""`status`: what holds for whom, and for what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.model.consent import StatusWord
from consentdesk.model.listing import cell_for
from consentdesk.services.status import StatusReport, status

app = new_app()
APPS = {"status": app}


@app.command("status")
def tell_status(
    ctx: typer.Context,
    school_class: Annotated[
        str | None, typer.Option("--class", metavar="NAME", help="Of this class.")
    ] = None,
    pupil: Annotated[
        str | None, typer.Option(metavar="ID", help="Of one pupil: id, UPN, admission number or name.")
    ] = None,
    purpose: Annotated[list[str] | None, typer.Option(metavar="ID", help="For this purpose or form.")] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="On this day, else today.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show what is allowed. Only yes allows; everything else means no."""
    if school_class is not None and pupil is not None:
        raise typer.BadParameter("give --class or --pupil, not both")
    with opened(ctx) as office:
        found = status(
            office,
            school_class=school_class,
            pupil=pupil,
            purposes=purpose or (),
            on=on.date() if on else None,
        )
    out = Output(json)
    _tell(out, found, everything=bool(purpose))
    out.json(found)


def _tell(out: Output, found: StatusReport, *, everything: bool) -> None:
    """Print a line for each answer; what nobody was ever asked stays out unless it was asked for."""
    rows = []
    for pupil in found.pupils:
        for one in pupil.purposes:
            if one.status is StatusWord.NOT_ASKED and not everything:
                continue
            cell = cell_for(one.status, one.condition)
            told = f"{cell.shape.glyph} {cell.word}"
            rows.append(
                (pupil.school_class, pupil.name, one.purpose, told, one.condition or one.reason or "")
            )
    out.table(rows)
    if not rows:
        out.say("Nobody has been asked anything yet, so everything counts as no.")
