"""`trip`: activities at which pictures are taken: planned, permitted, checked, and the sheet for the coach."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app, warn
from consentdesk.cli.session import ask_new_password
from consentdesk.cli.signed_in import opened
from consentdesk.model.activity import Plan
from consentdesk.services.trip import TripCheck, trip_check
from consentdesk.services.trip_sheet import activity_check, write_sheet
from consentdesk.services.trips import (
    TripFile,
    allow_equipment,
    change_trip,
    permit_trip,
    plan_trip,
    the_trip,
    trip_file,
    trips,
    who_goes,
)

app = new_app()
APPS = {"trip": app}

MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]
_GROUPS = {"none": "do not photograph", "some": "only for", "all": "all places"}
_PERMISSION = {
    "given": "permitted",
    "missing": "not permitted",
    "outdated": "not permitted: the plan was changed since",
    "late": "not permitted in time",
}

Which: TypeAlias = Annotated[
    str, typer.Argument(metavar="TRIP", help="Its title, its id or the start of it.")
]
Classes: TypeAlias = Annotated[
    list[str] | None, typer.Option("--class", metavar="NAME", help="A class that goes; several may be given.")
]
Pupils: TypeAlias = Annotated[
    list[str] | None, typer.Option("--pupil", metavar="ID", help="A pupil who goes: id, number or name.")
]
Without: TypeAlias = Annotated[
    list[str] | None, typer.Option("--without", metavar="ID", help="A pupil of those classes who stays.")
]
Purposes: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--purpose", metavar="ID", help="What the pictures serve; all but the full name if none."),
]


@app.callback()
def about() -> None:
    """Activities at which pictures are taken: who may be photographed, and whether anybody may at all."""


@app.command("plan")
def plan(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is.")],
    *,
    starts: Annotated[datetime, typer.Option(formats=MOMENTS, metavar="MOMENT", help="2026-12-04 09:15")],
    equipment: Annotated[str, typer.Option(metavar="TEXT", help="What pictures are taken with.")],
    afterwards: Annotated[str, typer.Option(metavar="TEXT", help="What becomes of the pictures.")],
    school_class: Classes = None,
    pupil: Pupils = None,
    without: Without = None,
    purpose: Purposes = None,
    own_equipment: Annotated[
        bool, typer.Option("--own-equipment", help="The equipment is not the school's.")
    ] = False,
) -> None:
    """Plan an activity. Nobody may be photographed until a head has permitted it."""
    with opened(ctx) as office:
        pupils = who_goes(office, classes=school_class or (), pupils=pupil or (), without=without or ())
        planned = Plan(
            title, starts.astimezone(), tuple(purpose or ()), equipment, afterwards, own_equipment, pupils
        )
        made = plan_trip(office, planned)
    Output().say(
        f"{made.plan.title} is planned with {counted(len(made.plan.pupils), 'pupil')} (id {made.id}).",
        "Pictures are not permitted yet: a head does that with trip permit, before it starts.",
    )


@app.command("change")
def change(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    which: Which,
    *,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="What it is.")] = None,
    starts: Annotated[datetime | None, typer.Option(formats=MOMENTS, metavar="MOMENT")] = None,
    equipment: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    afterwards: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    school_class: Classes = None,
    pupil: Pupils = None,
    without: Without = None,
    purpose: Purposes = None,
) -> None:
    """Change what was planned; what is left out stays. Only who goes can change without a new permission."""
    with opened(ctx) as office:
        before = the_trip(office, which).plan
        pupils = before.pupils
        if school_class or pupil or without:
            meant = who_goes(office, classes=school_class or (), pupils=pupil or (), without=without or ())
            stay = set(who_goes(office, pupils=without or ()))
            kept = () if school_class or pupil else tuple(one for one in before.pupils if one not in stay)
            pupils = meant or kept
        changed = Plan(
            title or before.title,
            starts.astimezone() if starts else before.starts,
            tuple(purpose) if purpose else before.purposes,
            equipment or before.equipment,
            afterwards or before.afterwards,
            before.own_equipment,
            pupils,
        )
        made = change_trip(office, the_trip(office, which).id, changed)
        file = trip_file(office, made.id)
    Output().say(f"{made.plan.title} is changed; {_told(file)}.")


@app.command("list")
def list_trips(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    json: JsonOption = None,
) -> None:
    """Show the activities from today on, and whether pictures are permitted."""
    with opened(ctx) as office:
        found = trips(office, "all" if everything else "ahead")
    out = Output(json)
    out.table(
        [
            (
                one.activity[:8],
                f"{one.starts.astimezone():%Y-%m-%d %H:%M}",
                one.title,
                counted(one.pupils, "pupil"),
                _PERMISSION[one.permission],
            )
            for one in found
        ]
    )
    if not found:
        out.say("No activity is planned.")
    out.json({"trips": found})


@app.command("permit")
def permit(ctx: typer.Context, which: Which) -> None:
    """Permit pictures at an activity as it is planned now, as the head. It cannot be dated back."""
    with opened(ctx) as office:
        file = permit_trip(office, the_trip(office, which).id)
    Output().say(
        f"Pictures at {file.activity.plan.title} are permitted by {file.permission.by}, from this moment."
    )


@app.command("allow")
def allow(
    ctx: typer.Context,
    which: Which,
    equipment: Annotated[str, typer.Option(metavar="TEXT", help="What may be used.")],
    owner: Annotated[str, typer.Option(metavar="NAME", help="Whose it is.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Until this day.")],
) -> None:
    """Allow other equipment than the school's at one activity, as the head."""
    with opened(ctx) as office:
        made = allow_equipment(office, the_trip(office, which).id, equipment, owner, until.date())
    Output().say(f"{made.equipment} of {made.owner} may be used there until {made.until.isoformat()}.")


@app.command("check")
def check(
    ctx: typer.Context,
    which: Annotated[str | None, typer.Argument(metavar="[TRIP]", help="Its title or id.")] = None,
    school_class: Annotated[
        str | None, typer.Option("--class", metavar="NAME", help="A class instead of a planned trip.")
    ] = None,
    purpose: Purposes = None,
    json: JsonOption = None,
) -> None:
    """Show who may not be photographed, who only for some places, and who for all."""
    if (which is None) == (school_class is None):
        raise typer.BadParameter("give a TRIP or --class, not both")
    out = Output(json)
    with opened(ctx) as office:
        if which is None:
            found = trip_check(office, school_class or "", purpose or ())
            out.json({"may_photograph": None, "check": found})
        else:
            trip = activity_check(office, the_trip(office, which).id)
            found = trip.check
            out.json(
                {
                    "may_photograph": trip.may_photograph,
                    "trip": trip.file,
                    "check": found,
                    "sheet": trip.sheet,
                }
            )
            if not trip.may_photograph:
                out.say(f"Nobody may be photographed: {_told(trip.file)}.", "")
            if trip.sheet and trip.sheet.stale:
                names = ", ".join(one.name for one in trip.sheet.changes)
                out.say(f"The last sheet is out of date: it is wrong about {names}. Make a new one.", "")
    _tell(out, found)


@app.command("sheet")
def sheet(
    ctx: typer.Context,
    which: Which,
    target: Annotated[Path, typer.Option("--to", metavar="FILE.pdf", help="Where to write it.")],
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="Lock it with a password: asked for, or CONSENTDESK_EXPORT_PASSWORD."),
    ] = False,
) -> None:
    """Write the sheet for the coach: A4, to be printed on both sides."""
    with opened(ctx) as office:
        password = ask_new_password("CONSENTDESK_EXPORT_PASSWORD") if encrypt else None
        done = write_sheet(office, the_trip(office, which).id, target, password=password)
    Output().say(
        f"{target}: do not photograph {done.stopped}, only for some places {done.limited}, all places {done.free}."
    )
    if not done.encrypted:
        warn(f"{target.name} is not encrypted: whoever holds the file can read it.")


def _told(file: TripFile) -> str:
    if file.equipment_missing:
        return "its equipment is not the school's and nobody has allowed it"
    by = f" by {file.permission.by}" if file.permission.state == "given" else ""
    return f"pictures are {_PERMISSION[file.permission.state]}{by}"


def _tell(out: Output, found: TripCheck) -> None:
    """Print the groups, the strictest first; a condition stands below whom it narrows."""
    for group in ("none", "some", "all"):
        pupils = [one for one in found.pupils if one.group == group]
        out.say(f"{_GROUPS[group].capitalize()}: {len(pupils)} of {len(found.pupils)}")
        for one in pupils:
            places = f": {', '.join(one.allowed)}" if group == "some" else ""
            out.say(f"  {one.name} ({one.school_class}){places}")
            out.say(*(f"    {', '.join(each.purposes)}: “{each.words}”" for each in one.conditions))
    out.say("Whoever is not on this list may not be photographed.")
