"""`export`: the consent list of a class or the school as a file, with the columns and the day that are asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import Output, counted, new_app, warn
from consentdesk.cli.session import ask_new_password
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.export import kind_of
from consentdesk.services.forms import the_purposes
from consentdesk.services.list_export import ListChoice, export_list, usual_purposes

app = new_app()
APPS = {"export": app}


@app.command("export")
def write_list(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    target: Annotated[Path, typer.Option("--to", metavar="FILE", help="A .pdf, .xlsx or .csv file.")],
    school_class: Annotated[str | None, typer.Option("--class", metavar="NAME", help="This class.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="The whole school.")] = False,
    purposes: Annotated[
        list[str] | None,
        typer.Option(
            "--purposes",
            metavar="ID …",
            help="Its columns: purposes or forms, several may follow; else all asked.",
        ),
    ] = None,
    more_purposes: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="ID")] = None,
    as_at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="As known at the end of this day, else now."),
    ] = None,
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="Lock it with a password: asked for, or CONSENTDESK_EXPORT_PASSWORD."),
    ] = False,
) -> None:
    """Write the consent list of a class, or of everyone, and record that it left."""
    if everyone == (school_class is not None):
        raise typer.BadParameter("give exactly one of --class and --all")
    if more_purposes and not purposes:
        raise typer.BadParameter(f"what is {more_purposes[0]} for? columns follow --purposes")
    kind_of(target, encrypted=encrypt)
    with opened(ctx) as office:
        password = ask_new_password("CONSENTDESK_EXPORT_PASSWORD") if encrypt else None
        choice = ListChoice(
            school_class,
            tuple(the_purposes(office, [*(purposes or ()), *(more_purposes or ())]))
            or usual_purposes(office, school_class),
            as_at.date() if as_at else None,
        )
        done = watch(export_list(office, choice, target, password=password))
    Output().say(f"{counted(done.pupils, 'pupil')} in {target}.", *done.notes)
    if not done.encrypted:
        warn(f"{target.name} is not encrypted: whoever holds the file can read it.")
