"""`restrict`: safeguarding restrictions, for those who may see them."""

from __future__ import annotations

from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services.restrictions import lift, restrict, restrictions, why_restricted

app = new_app()
APPS = {"restrict": app}

Id = Annotated[str, typer.Argument(metavar="ID", help="The restriction, see restrict list.")]


@app.callback()
def of_safeguarding() -> None:
    """Restrictions force no for every picture. Their reason is told to safeguarding alone, and each look is logged."""


@app.command("add")
def add(
    ctx: typer.Context,
    pupil: Annotated[str, typer.Option(metavar="ID", help="Id, UPN, admission number or name.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, kept with safeguarding.")],
) -> None:
    """Restrict a pupil, from this moment."""
    with opened(ctx) as office:
        made = restrict(office, pupil, why)
    Output().say(f"No picture of {made.name} may be taken or used. The restriction is {made.restriction}.")


@app.command("list")
def list_them(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that were lifted, too.")] = False,
    json: JsonOption = None,
) -> None:
    """Show the restrictions in force, without their reasons."""
    with opened(ctx) as office:
        found = restrictions(office, lifted_too=everything)
    out = Output(json)
    out.table(
        [
            (
                one.restriction,
                f"{one.name}, {one.school_class or 'no class'}",
                f"since {one.since.astimezone():%Y-%m-%d}, {one.by}",
                f"lifted {one.lifted.astimezone():%Y-%m-%d}" if one.lifted else "",
            )
            for one in found
        ]
    )
    if not found:
        out.say("No restriction is in force.")
    out.json({"restrictions": found})


@app.command("why")
def why(ctx: typer.Context, restriction: Id) -> None:
    """Show why a restriction was made. That you looked is recorded."""
    with opened(ctx) as office:
        told = why_restricted(office, restriction)
    out = Output()
    out.say(f"{told.restriction.name}: {told.why}")
    out.table([("  looked at by", one.by, f"{one.at.astimezone():%Y-%m-%d %H:%M}") for one in told.looks])


@app.command("lift")
def lift_one(ctx: typer.Context, restriction: Id) -> None:
    """End a restriction: what the family answered holds again."""
    with opened(ctx) as office:
        ended = lift(office, restriction)
    Output().say(f"The restriction of {ended.name} is lifted. Check what holds now.")
