"""`snapshot`: an encrypted list for a teacher, with a passphrase of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app
from consentdesk.cli.session import ask_new_password, ask_password
from consentdesk.cli.signed_in import opened
from consentdesk.model.snapshot import Snapshot, SnapshotPupil
from consentdesk.services.snapshots import (
    LONGEST_DAYS,
    USUAL_DAYS,
    RecallOutcome,
    issue,
    open_snapshot,
    recall,
    snapshots,
)
from consentdesk.services.trip import trip_check

PASSPHRASE = "CONSENTDESK_SNAPSHOT"  # noqa: S105 - the name of a variable
app = new_app()
APPS = {"snapshot": app}

_IN_WORDS = {"none": "do not photograph", "some": "only for", "all": "may be photographed"}


@app.callback()
def snapshot() -> None:
    """An encrypted list for a teacher: who may be photographed, and nothing else.

    Its passphrase is typed, or taken from CONSENTDESK_SNAPSHOT.
    """


@app.command("issue")
def issue_one(
    ctx: typer.Context,
    *,
    school_class: Annotated[str, typer.Option("--class", metavar="NAME", help="Whom it is about.")],
    target: Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write.")],
    purposes: Annotated[
        list[str] | None,
        typer.Option("--purpose", metavar="ID", help="A place for pictures; may be repeated."),
    ] = None,
    days: Annotated[
        int, typer.Option(metavar="N", help=f"How long it may be used, at most {LONGEST_DAYS} days.")
    ] = USUAL_DAYS,
) -> None:
    """Write a snapshot of a class, as it is now, and record that."""
    with opened(ctx) as office:
        check = trip_check(office, school_class, purposes or ())
        made = issue(office, check, target, ask_new_password(PASSPHRASE), days=days)
    Output().say(
        f"{target} holds {counted(len(made.pupils), 'pupil')} of {made.of}, for use until {made.until:%d %B %Y}.",
        "Tell the teacher its passphrase by another way than the file.",
    )


@app.command("open")
def open_one(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The snapshot.")], json_file: JsonOption = None
) -> None:
    """Show a snapshot. No office is needed."""
    seen = open_snapshot(file, ask_password("Passphrase: ", PASSPHRASE), _today())
    output = Output(json_file)
    output.say(*_heading(seen))
    output.table([(one.name, one.school_class, _told(one)) for one in seen.pupils])
    output.json(seen)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the teacher's own day


def _heading(seen: Snapshot) -> list[str]:
    lines = [
        f"{seen.school}, {seen.of}, as at {seen.as_at.astimezone():%d %B %Y, %H.%M}; not after {seen.until:%d %B %Y}.",
        f"Pictures for: {', '.join(seen.purposes)}. Whoever is not on this list may not be photographed.",
    ]
    if seen.waiting:
        lines.append(f"{counted(seen.waiting, 'slip')} had come back and did not count yet.")
    return lines


def _told(pupil: SnapshotPupil) -> str:
    words = _IN_WORDS[pupil.group] + (f" {', '.join(pupil.allowed)}" if pupil.group == "some" else "")
    return "; ".join((words, *(f"“{one.words}” ({', '.join(one.purposes)})" for one in pupil.conditions)))


@app.command("list")
def list_them(ctx: typer.Context, json_file: JsonOption = None) -> None:
    """Show the snapshots that were given out, and which should be asked back."""
    with opened(ctx) as office:
        issued = snapshots(office)
    output = Output(json_file)
    output.table(
        [
            (
                one.id,
                one.of,
                f"{one.issued.astimezone():%d %B %Y, %H.%M}",
                one.by,
                f"until {one.until:%d %B %Y}",
                _state(one.recalled, one.too_wide_for),
            )
            for one in issued
        ]
    )
    output.json(issued)


def _state(recalled: RecallOutcome | None, too_wide_for: tuple[str, ...]) -> str:
    if recalled:
        return recalled
    return f"ask for it back: it allows too much for {', '.join(too_wide_for)}" if too_wide_for else ""


@app.command("recall")
def recall_one(
    ctx: typer.Context,
    snapshot_id: Annotated[str, typer.Argument(metavar="ID", help="Which; list shows them.")],
    *,
    outcome: Annotated[RecallOutcome, typer.Option(help="What became of it.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Who said so, and when.")] = "",
) -> None:
    """Record what became of a snapshot that was asked back."""
    with opened(ctx) as office:
        recall(office, snapshot_id, outcome, note)
    Output().say("That was recorded.")
