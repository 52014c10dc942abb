"""`guardian`: the guardians of a pupil, and what is noted of them."""

from __future__ import annotations

from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.people import PupilOption
from consentdesk.cli.signed_in import opened
from consentdesk.model.people import Responsibility
from consentdesk.services import guardians
from consentdesk.services.guardians import GuardianChange

app = new_app()
APPS = {"guardian": app}

Who = Annotated[str, typer.Argument(metavar="GUARDIAN", help="The guardian's id or name.")]
Flag = Annotated[
    bool | None, typer.Option("--corporate/--not-corporate", help="An authority, in place of parents.")
]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="A court order's note; empty takes it back.")]
Kin = Annotated[str | None, typer.Option(metavar="TEXT", help="Mother, father, carer …")]
Duty = Annotated[Responsibility | None, typer.Option(help="Parental responsibility.")]


@app.callback()
def of_a_pupil() -> None:
    """Who may answer for a pupil: relationship, parental responsibility, court orders."""


@app.command("list")
def list_them(ctx: typer.Context, pupil: PupilOption, json: JsonOption = None) -> None:
    """Show a pupil's guardians."""
    with opened(ctx) as office:
        found = guardians.guardians_of(office, pupil)
    out = Output(json)
    out.table(
        [
            (
                one.id,
                one.name,
                one.relationship,
                f"responsibility: {one.responsibility}",
                " ".join(
                    (one.court_note and f"court order: {one.court_note}", "authority" * one.corporate)
                ).strip(),
            )
            for one in found
        ]
    )
    if not found:
        out.say("No guardian is known.")
    out.json({"guardians": found})


@app.command("add")
def add(
    ctx: typer.Context,
    *,
    pupil: PupilOption,
    called: Annotated[str, typer.Option("--name", metavar="NAME", help="The guardian's name.")],
    relationship: Kin = None,
    responsibility: Duty = None,
    court_note: Note = None,
    corporate: Flag = None,
) -> None:
    """Record a new guardian of a pupil."""
    known = GuardianChange(called, relationship, responsibility, court_note, corporate)
    with opened(ctx) as office:
        added = guardians.add_guardian(office, pupil, known)
    Output().say(f"{added.name} is recorded, with the id {added.id}.")


@app.command("change")
def change(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    guardian: Who,
    *,
    pupil: PupilOption,
    called: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Another name.")] = None,
    relationship: Kin = None,
    responsibility: Duty = None,
    court_note: Note = None,
    corporate: Flag = None,
) -> None:
    """Change what is known of a guardian; what is left out stays as it is."""
    known = GuardianChange(called, relationship, responsibility, court_note, corporate)
    with opened(ctx) as office:
        after = guardians.change_guardian(office, pupil, guardian, known)
    Output().say(f"Recorded for {after.name}.")


@app.command("end")
def end(
    ctx: typer.Context,
    guardian: Who,
    pupil: PupilOption,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Anything worth keeping.")] = "",
) -> None:
    """Somebody is no guardian of the pupil any more: their yes is over."""
    with opened(ctx) as office:
        gone = guardians.end_guardian(office, pupil, guardian, why)
    Output().say(f"{gone.name} is no guardian any more. Ask the family again.")
