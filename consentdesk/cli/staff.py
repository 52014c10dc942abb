"""`staff`: who works here, volunteers too; `roll-over`: the school moves up into a new year."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services import roll_over as years
from consentdesk.services import staff as of_staff

staff = new_app()
next_year = new_app()
APPS = {"staff": staff, "roll-over": next_year}

DAY = ["%Y-%m-%d"]


@staff.callback()
def of_the_school() -> None:
    """Who works here, volunteers too."""


@staff.command("list")
def list_staff(
    ctx: typer.Context,
    everybody: Annotated[bool, typer.Option("--all", help="Those who have left, too.")] = False,
    json: JsonOption = None,
) -> None:
    """Show who works here."""
    with opened(ctx) as office:
        found = of_staff.staff(office, include_left=everybody)
    out = Output(json)
    out.table(
        [
            (
                one.id,
                one.name,
                one.role,
                "volunteer" if one.volunteer else "",
                f"left {one.left.isoformat()}" if one.left else "",
            )
            for one in found
        ]
    )
    if not found:
        out.say("Nobody is on the list yet.")
    out.json({"staff": found})


@staff.command("add")
def add_staff(
    ctx: typer.Context,
    called: Annotated[str, typer.Argument(metavar="NAME")],
    role: Annotated[str, typer.Option(metavar="TEXT", help="What they do here.")] = "",
    volunteer: Annotated[bool, typer.Option("--volunteer", help="Unpaid.")] = False,
    since: Annotated[datetime | None, typer.Option(formats=DAY, metavar="DATE", help="Since when.")] = None,
) -> None:
    """Write down somebody who works here."""
    with opened(ctx) as office:
        member = of_staff.add_staff(
            office, called, role=role, volunteer=volunteer, since=since.date() if since else None
        )
    Output().say(f"{member.name} is on the list, with the id {member.id}.")


@staff.command("left")
def staff_left(ctx: typer.Context, called: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Somebody works here no more, from today."""
    with opened(ctx) as office:
        member = of_staff.staff_left(office, called)
    Output().say(f"{member.name} has left.")


@next_year.command("roll-over")
def roll_over(
    ctx: typer.Context,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="CLASS=CLASS|leaves", help="Where a class goes that is not as usual."),
    ] = None,
    keep: Annotated[bool, typer.Option("--apply", help="Take the step.")] = False,
    json: JsonOption = None,
) -> None:
    """Show what a new school year would change; take the step with --apply. Consent is never touched."""
    said = dict(_step(text) for text in to or [])
    out = Output(json)
    with opened(ctx) as office:
        plan = years.preview(office, said)
        out.table(
            [
                (
                    one.school_class,
                    {"moves": f"→ {one.to}", "leaves": "leaves", "unclear": "?  say where it goes with --to"}[
                        one.kind
                    ],
                    counted(one.pupils, "pupil"),
                    f"{one.key_stage} into another key stage" if one.key_stage else "",
                )
                for one in plan.steps
            ]
        )
        if plan.stay:
            out.say(f"{counted(plan.stay, 'pupil')} without a class: only the year group changes.")
        moved, gone = years.roll_over(office, plan) if keep else (0, 0)
    if keep:
        out.say(f"{counted(moved, 'pupil')} moved up, {gone} left.")
    else:
        out.say("Nothing is kept yet: give --apply.")
    out.json({"applied": keep, "moved": moved, "left": gone, "steps": plan.steps, "stay": plan.stay})


def _step(text: str) -> tuple[str, str]:
    name, sign, to = text.partition("=")
    if not sign or not name.strip() or not to.strip():
        raise typer.BadParameter(f"{text} is not of the form CLASS=CLASS or CLASS=leaves")
    return name.strip(), to.strip()
