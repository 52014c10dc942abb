"""`withdraw`: consent taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.model.consent import HowTold
from consentdesk.services.withdraw import withdraw

app = new_app()
APPS = {"withdraw": app}


@app.command("withdraw")
def withdraw_consent(
    ctx: typer.Context,
    pupil: Annotated[str, typer.Option(metavar="ID", help="Id, UPN, admission number or name.")],
    purpose: Annotated[
        list[str],
        typer.Option(metavar="ID …", help="Purposes, or a form for all it asked; several may follow."),
    ],
    how: Annotated[HowTold, typer.Option(help="How it was said.")],
    more_purposes: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="ID")] = None,
    by: Annotated[str, typer.Option(metavar="PERSON", help="Who said so: pupil, or a guardian's name.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Anything worth keeping.")] = "",
) -> None:
    """Record that consent was taken back. It holds from this moment; no reason is needed."""
    with opened(ctx) as office:
        meant, withdrawn = withdraw(office, pupil, [*purpose, *(more_purposes or ())], how, by=by, note=note)
    Output().say(f"Withdrawn for {meant.display_name}, from this moment: {', '.join(withdrawn)}.")
