"""`export`: a class consent list as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import Output, counted, new_app, warn
from consentdesk.cli.session import ask_new_password
from consentdesk.cli.signed_in import opened
from consentdesk.services.export import export, kind_of

app = new_app()
APPS = {"export": app}


@app.command("export")
def export_list(
    ctx: typer.Context,
    target: Annotated[Path, typer.Option("--to", metavar="FILE", help="A .pdf, .xlsx or .csv file.")],
    school_class: Annotated[str | None, typer.Option("--class", metavar="NAME", help="This class.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="The whole school.")] = False,
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="Lock it with a password: asked for, or CONSENTDESK_EXPORT_PASSWORD."),
    ] = False,
) -> None:
    """Write the consent list of a class, or of everyone."""
    if everyone == (school_class is not None):
        raise typer.BadParameter("give exactly one of --class and --all")
    kind_of(target, encrypted=encrypt)
    with opened(ctx) as office:
        password = ask_new_password("CONSENTDESK_EXPORT_PASSWORD") if encrypt else None
        done = export(office, school_class, target, password=password)
    Output().say(f"{counted(done.pupils, 'pupil')} in {target}.", *done.notes)
    if not done.encrypted:
        warn(f"{target.name} is not encrypted: whoever holds the file can read it.")
