"""`people`: pupils who join, leave or move between two class lists; names, care, competence, views."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services import people_changes as changes
from consentdesk.services.people_changes import NameChange, NewPupil

app = new_app()
APPS = {"people": app}

PupilOption = Annotated[str, typer.Option("--pupil", metavar="ID", help="Id, UPN, number or name.")]
DAY = ["%Y-%m-%d"]


@app.callback()
def people() -> None:
    """Pupils who join, leave or move; their names and care; who was found able to decide."""


@app.command("add")
def add(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    first: Annotated[str, typer.Option(metavar="NAME", help="Legal first name, or the only one.")],
    last: Annotated[str, typer.Option(metavar="NAME", help="Legal last name.")] = "",
    school_class: Annotated[str, typer.Option("--class", metavar="NAME", help="The class.")] = "",
    born: Annotated[datetime | None, typer.Option(formats=DAY, metavar="DATE", help="The birthday.")] = None,
    number: Annotated[str | None, typer.Option(metavar="N", help="Admission number.")] = None,
    upn: Annotated[str | None, typer.Option(metavar="UPN", help="Unique pupil number.")] = None,
    year: Annotated[int | None, typer.Option(metavar="N", help="Year group; 0 is reception.")] = None,
    looked_after: Annotated[bool, typer.Option("--looked-after", help="The pupil is in care.")] = False,
) -> None:
    """A pupil joins between two class lists."""
    new = NewPupil(
        first, last, class_name=school_class, date_of_birth=born.date() if born else None, year_group=year,
        upn=upn, admission_number=number, looked_after=looked_after,
    )  # fmt: skip
    with opened(ctx) as office:
        pupil = changes.add_pupil(office, new)
    Output().say(f"{pupil.display_name} is on the roll, with the id {pupil.id}.")


@app.command("name")
def name(
    ctx: typer.Context,
    *,
    pupil: PupilOption,
    first: Annotated[str | None, typer.Option(metavar="NAME", help="Legal first name.")] = None,
    last: Annotated[str | None, typer.Option(metavar="NAME", help="Legal last name.")] = None,
    preferred_first: Annotated[
        str | None, typer.Option(metavar="NAME", help="Preferred first name; empty takes it away.")
    ] = None,
    preferred_last: Annotated[
        str | None, typer.Option(metavar="NAME", help="Preferred last name; empty takes it away.")
    ] = None,
) -> None:
    """Give a pupil another legal or preferred name, as it is written."""
    with opened(ctx) as office:
        after = changes.rename(office, pupil, NameChange(first, last, preferred_first, preferred_last))
    Output().say(f"The pupil is called {after.display_name} now.")


@app.command("move")
def move(
    ctx: typer.Context,
    pupil: PupilOption,
    school_class: Annotated[str, typer.Option("--class", metavar="NAME")],
) -> None:
    """Move a pupil to another class."""
    with opened(ctx) as office:
        after = changes.move(office, pupil, school_class)
    Output().say(f"{after.display_name} is in class {after.class_name} now.")


@app.command("left")
def left(ctx: typer.Context, pupil: PupilOption) -> None:
    """A pupil leaves the school: every yes is over."""
    with opened(ctx) as office:
        after = changes.leave(office, pupil)
    Output().say(f"{after.display_name} has left. Every yes is over; a no stays a no.")


@app.command("back")
def back(
    ctx: typer.Context,
    pupil: PupilOption,
    school_class: Annotated[
        str, typer.Option("--class", metavar="NAME", help="Another class than before.")
    ] = "",
) -> None:
    """A pupil who had left is on the roll again, and is asked anew."""
    with opened(ctx) as office:
        after = changes.come_back(office, pupil, school_class)
    Output().say(f"{after.display_name} is in class {after.class_name or '(none)'} again. Ask anew.")


@app.command("care")
def care(
    ctx: typer.Context,
    pupil: PupilOption,
    looked_after: Annotated[
        bool, typer.Option("--looked-after/--not-looked-after", help="Now in care?")
    ] = True,
) -> None:
    """A pupil comes into care, into another placement, or leaves care."""
    with opened(ctx) as office:
        after = changes.set_care(office, pupil, looked_after=looked_after)
    now = "is looked after: a carer’s yes waits for the social worker" if looked_after else "has left care"
    Output().say(f"{after.display_name} {now}.")


@app.command("agreed")
def agreed(
    ctx: typer.Context,
    *,
    pupil: PupilOption,
    who: Annotated[str, typer.Option(metavar="NAME", help="The social worker.")],
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Their reference.")],
    on: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="When; today if left out.")
    ] = None,
    code: Annotated[str, typer.Option(metavar="CODE", help="For this slip alone.")] = "",
) -> None:
    """Record the social worker's agreement to what a carer has answered."""
    with opened(ctx) as office:
        after = changes.social_worker_agreed(
            office, pupil, who, reference, given_on=on.date() if on else None, code=code
        )
    Output().say(f"Recorded for {after.display_name}.")


@app.command("competent")
def competent(
    ctx: typer.Context,
    *,
    pupil: PupilOption,
    who: Annotated[str, typer.Option(metavar="NAME", help="Who made the assessment.")],
    on: Annotated[datetime, typer.Option(formats=DAY, metavar="DATE", help="When it was made.")],
    able: Annotated[bool, typer.Option("--yes/--no", help="Whether the pupil can decide.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Anything worth keeping.")] = "",
) -> None:
    """Record whether somebody found that the pupil can decide alone. No birthday does that."""
    with opened(ctx) as office:
        after = changes.assess(office, pupil, who, on.date(), competent=able, note=note)
    Output().say(f"Recorded for {after.display_name}.")


@app.command("views")
def views(
    ctx: typer.Context,
    pupil: PupilOption,
    words: Annotated[str, typer.Option(metavar="TEXT", help="What the pupil said, word for word.")],
    heard_by: Annotated[str, typer.Option(metavar="NAME", help="Who heard it.")],
    purpose: Annotated[list[str] | None, typer.Option(metavar="ID", help="What it is about.")] = None,
) -> None:
    """Keep what a pupil thinks. It is no answer: who wants it stopped withdraws."""
    with opened(ctx) as office:
        after = changes.record_views(office, pupil, words, heard_by, tuple(purpose or ()))
    Output().say(f"Kept for {after.display_name}. It changes no status.")
