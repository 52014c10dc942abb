"""`publish`, `takedown` and `images`: what went where, what must come down, and which pictures must go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app, warn
from consentdesk.cli.signed_in import opened
from consentdesk.model.activity import HeldOn
from consentdesk.model.school_events import Outcome
from consentdesk.services.image_sets import attest_destroyed, held_images, keep_images
from consentdesk.services.office_lists import write_destruction_list
from consentdesk.services.publications import ToPublish, publish, published
from consentdesk.services.take_downs import report, take_downs

publish_app, takedown_app, images_app = new_app(), new_app(), new_app()
APPS = {"publish": publish_app, "takedown": takedown_app, "images": images_app}

DAY = ["%Y-%m-%d"]


@publish_app.callback()
def about_publications() -> None:
    """Where pictures and work of pupils went."""


@publish_app.command("add")
def add(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What it is.")],
    *,
    purpose: Annotated[
        list[str], typer.Option(metavar="ID", help="All that it needs; several may be given.")
    ],
    place: Annotated[str, typer.Option("--at", metavar="PLACE", help="Address, issue or wall.")],
    editor: Annotated[str, typer.Option(metavar="NAME", help="Who signed it off.")],
    pupil: Annotated[list[str], typer.Option(metavar="ID", help="A pupil in it; several may be given.")],
    on: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="The day, else today.")
    ] = None,
    trip: Annotated[
        str | None, typer.Option(metavar="TRIP", help="The activity the pictures are from.")
    ] = None,
    conditions_kept: Annotated[
        bool, typer.Option("--conditions-kept", help="It keeps to every condition of these pupils.")
    ] = False,
) -> None:
    """Record a publication. Refused where anybody in it is not a yes on that day."""
    with opened(ctx) as office:
        day = on.date() if on else office.today
        wanted = ToPublish(what, tuple(purpose), place, day, editor, tuple(pupil), trip, conditions_kept)
        made = publish(office, wanted)
    Output().say(
        f"Recorded: {made.what}, {made.place}, with {counted(len(made.pupils), 'pupil')} (id {made.id})."
    )


@publish_app.command("list")
def list_published(
    ctx: typer.Context,
    pupil: Annotated[str | None, typer.Option(metavar="ID", help="Where this pupil is.")] = None,
    json: JsonOption = None,
) -> None:
    """Show what was published, the latest first."""
    with opened(ctx) as office:
        found = published(office, pupil)
    out = Output(json)
    out.table(
        [
            (one.day.isoformat(), one.what, one.place, ", ".join(one.purposes), f"signed off by {one.editor}",
             ", ".join(each.name for each in one.pupils))
            for one in found
        ]
    )  # fmt: skip
    if not found:
        out.say("Nothing was published.")
    out.json({"publications": found})


@takedown_app.callback()
def about_take_downs() -> None:
    """What must come down since consent was taken back."""


@takedown_app.command("list")
def list_take_downs(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what has come down.")] = False,
    json: JsonOption = None,
) -> None:
    """Show what must come down, the first due first."""
    with opened(ctx) as office:
        found, today = take_downs(office, done=everything), office.today
    out = Output(json)
    out.table(
        [
            (one.code, "overdue" if one.overdue(today) else one.state, f"due {one.due.isoformat()}", one.name,
             f"{one.what}, {one.place}", f"ask {one.editor}")
            for one in found
        ]
    )  # fmt: skip
    if not found:
        out.say("Nothing has to come down.")
    out.json({"take_downs": found})


@takedown_app.command("report")
def report_take_down(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Which task, see takedown list.")],
    outcome: Annotated[Outcome, typer.Argument(metavar="OUTCOME", help="What came of it.")],
    tried: Annotated[str, typer.Option(metavar="TEXT", help="What was tried, or who was asked.")] = "",
    evidence: Annotated[str, typer.Option(metavar="TEXT", help="What shows that it is gone.")] = "",
) -> None:
    """Record what came of a task: removed, asked-third-party (it stays open) or cannot-be-recalled."""
    with opened(ctx) as office:
        done = report(office, code, outcome, tried=tried, evidence=evidence)
    again = f"; look again by {done.due.isoformat()}" if done.state == "asked" else ""
    Output().say(f"Recorded for {done.name}: {outcome}{again}.")


@images_app.callback()
def about_images() -> None:
    """Pictures that are held: where, until when at most, and who attests that they are gone."""


@images_app.command("add")
def add_images(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What they show.")],
    *,
    place: Annotated[str, typer.Option("--at", metavar="PLACE", help="Where they are.")],
    held_on: Annotated[
        HeldOn, typer.Option("--on", help="The school's own store, a card, other equipment.")
    ] = "school",
    taken: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="The day they were taken, else today."),
    ] = None,
    trip: Annotated[str | None, typer.Option(metavar="TRIP", help="The activity they are from.")] = None,
) -> None:
    """Record that pictures are held."""
    with opened(ctx) as office:
        day = taken.date() if taken else office.today
        held = keep_images(office, what, place, held_on, day, activity=trip)
    Output().say(f"Recorded (id {held.images.id}). They must be gone by the end of {held.due.isoformat()}.")


@images_app.command("list")
def list_images(
    ctx: typer.Context,
    destroyed: Annotated[bool, typer.Option("--destroyed", help="Those that are gone.")] = False,
    due: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="Only what must be gone by this day.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE.pdf", help="Write what is due as a list to sign.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show the pictures that are held, the first to go first."""
    with opened(ctx) as office:
        today = office.today
        if to is not None:
            found = write_destruction_list(office, due.date() if due else today, to)
        else:
            found = held_images(office, destroyed=destroyed)
            found = tuple(one for one in found if due is None or one.due <= due.date())
    out = Output(json)
    out.table(
        [
            (one.images.id[:8], one.images.what, one.images.place, _until(one.images.destroyed, one.due.isoformat()),
             "overdue" if one.overdue(today) else one.images.attested_by)
            for one in found
        ]
    )  # fmt: skip
    if not found:
        out.say("There is nothing to list.")
    out.json({"images": found})
    if to is not None:
        warn(f"{to.name} is not encrypted: whoever holds the file can read it.")


@images_app.command("destroyed")
def images_destroyed(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="Which pictures, see images list.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who attests it.")],
    how: Annotated[str, typer.Option(metavar="TEXT", help="What was done with every copy.")],
    on: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="The day, else today.")
    ] = None,
) -> None:
    """Record that somebody attests that pictures are gone, from cards and borrowed equipment too."""
    with opened(ctx) as office:
        gone = attest_destroyed(office, which, by, how, on=on.date() if on else None)
    Output().say(f"{gone.images.what}: destroyed, attested by {gone.images.attested_by}.")


def _until(destroyed: object, due: str) -> str:
    return f"destroyed {destroyed}" if destroyed else f"until {due}"
