"""`print`: forms with their slips, as one PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import STANDARD, Output, counted, new_app, write_json
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.print_forms import Whom, print_forms

app = new_app()
APPS = {"print": app}


@app.command("print")
def print_them(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    form: Annotated[list[str], typer.Option(metavar="ID …", help="Which forms; several ids may follow.")],
    target: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the PDF.")],
    more_forms: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="ID")] = None,
    school_class: Annotated[
        str | None, typer.Option("--class", metavar="NAME", help="For this class.")
    ] = None,
    pupil: Annotated[
        str | None, typer.Option(metavar="ID", help="For one pupil: id, UPN, admission number or name.")
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="For those whose slip has not come back.")
    ] = False,
    everyone: Annotated[bool, typer.Option("--all", help="For everyone.")] = False,
    manifest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write as JSON where every box is; - for standard output."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="A second language of the form.")
    ] = None,
    large_print: Annotated[bool, typer.Option("--large-print", help="In large print.")] = False,
) -> None:
    """Print forms with their slips: for a class, a pupil, everyone, or only those still missing."""
    chosen = [school_class is not None, pupil is not None, missing, everyone]
    if sum(chosen) != 1:
        raise typer.BadParameter("give exactly one of --class, --pupil, --missing and --all")
    if manifest == target:
        raise typer.BadParameter("--out and --manifest name the same file")
    with opened(ctx) as office:
        done = watch(
            print_forms(
                office,
                [*form, *(more_forms or ())],
                Whom(school_class, pupil, everyone),
                target,
                language=language,
                large=large_print,
                manifest_file=None if manifest == STANDARD else manifest,
            )
        )
    slips, pupils, pages = (
        counted(done.slips, "slip"),
        counted(done.pupils, "pupil"),
        counted(done.pages, "page"),
    )
    Output(manifest).say(f"{slips} for {pupils} on {pages}, in {target}.")
    if manifest == STANDARD:
        write_json(STANDARD, done.manifest)
