"""`withdraw`: consent taken back. `withdrawal`: its slips, letters, and what was recorded in error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import STANDARD, JsonOption, Output, counted, new_app, write_json
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.model.consent import HowTold
from consentdesk.services.print_forms import Whom
from consentdesk.services.withdraw import withdraw
from consentdesk.services.withdrawal_slips import print_withdrawal_slips
from consentdesk.services.withdrawals import acknowledge, withdrawals, withdrawn_in_error

app = new_app()
around = new_app()
APPS = {"withdraw": app, "withdrawal": around}

Id = Annotated[str, typer.Argument(metavar="ID", help="The withdrawal, see withdrawal list.")]


@app.command("withdraw")
def withdraw_consent(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    pupil: Annotated[str, typer.Option(metavar="ID", help="Id, UPN, admission number or name.")],
    purpose: Annotated[
        list[str],
        typer.Option(metavar="ID …", help="Purposes, or a form for all it asked; several may follow."),
    ],
    how: Annotated[HowTold, typer.Option(help="How it was said.")],
    more_purposes: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="ID")] = None,
    by: Annotated[str, typer.Option(metavar="PERSON", help="Who said so: pupil, or a guardian's name.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Anything worth keeping.")] = "",
    letter: Annotated[
        Path | None, typer.Option(metavar="FILE.pdf", help="Write the letter that says it is in force.")
    ] = None,
) -> None:
    """Record that consent was taken back. It holds from this moment; no reason is needed."""
    out = Output()
    with opened(ctx) as office:
        meant, withdrawn = withdraw(office, pupil, [*purpose, *(more_purposes or ())], how, by=by, note=note)
        out.say(f"Withdrawn for {meant.display_name}, from this moment: {', '.join(withdrawn)}.")
        newest = withdrawals(office, meant.id)[0]
        if newest.writing_due is not None:
            out.say(f"Please ask for it in writing as well, by {newest.writing_due.isoformat()}.")
        if letter is not None:
            acknowledge(office, newest.withdrawal, letter)
            out.say(f"The letter to the family is in {letter}.")


@around.callback()
def withdrawal() -> None:
    """Withdrawals: the slips to make one by, the letter that says it is in force, and what was an error."""


@around.command("list")
def list_them(
    ctx: typer.Context,
    pupil: Annotated[str | None, typer.Option(metavar="ID", help="Of this pupil alone.")] = None,
    json: JsonOption = None,
) -> None:
    """Show every withdrawal, newest first; those recorded in error too."""
    with opened(ctx) as office:
        found = withdrawals(office, pupil)
    out = Output(json)
    out.table(
        [
            (
                one.withdrawal,
                f"{one.at.astimezone():%Y-%m-%d %H:%M}",
                f"{one.name}, {one.school_class or 'no class'}",
                f"{one.how}{f', {one.person}' if one.person else ''}",
                f"in error: {one.void}" if one.void else ", ".join(one.purposes),
            )
            for one in found
        ]
    )
    if not found:
        out.say("Nothing was ever withdrawn.")
    out.json({"withdrawals": found})


@around.command("slips")
def slips(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    target: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the PDF.")],
    form: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Of these forms; all that were asked if left out.")
    ] = None,
    school_class: Annotated[
        str | None, typer.Option("--class", metavar="NAME", help="For this class.")
    ] = None,
    pupil: Annotated[str | None, typer.Option(metavar="ID", help="For one pupil.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="For everyone.")] = False,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write as JSON where every box is.")
    ] = None,
    large_print: Annotated[bool, typer.Option("--large-print", help="In large print.")] = False,
) -> None:
    """Print withdrawal slips. They are scanned and read like any other slip."""
    if sum([school_class is not None, pupil is not None, everyone]) != 1:
        raise typer.BadParameter("give exactly one of --class, --pupil and --all")
    with opened(ctx) as office:
        done = watch(
            print_withdrawal_slips(
                office,
                form or (),
                Whom(school_class, pupil, everyone),
                target,
                large=large_print,
                manifest_file=None if manifest == STANDARD else manifest,
            )
        )
    Output(manifest).say(f"{counted(done.slips, 'withdrawal slip')} in {target}.")
    if manifest == STANDARD:
        write_json(STANDARD, done.manifest)


@around.command("letter")
def letter_for(
    ctx: typer.Context,
    withdrawal: Id,
    target: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write it.")],
) -> None:
    """Write the letter that tells the family that a withdrawal is in force."""
    with opened(ctx) as office:
        acknowledge(office, withdrawal, target)
    Output().say(f"The letter is in {target}.")


@around.command("error")
def in_error(
    ctx: typer.Context,
    withdrawal: Id,
    why: Annotated[str, typer.Option(metavar="TEXT", help="What went wrong.")],
) -> None:
    """A withdrawal was recorded in error: it counts no more from today, and both stay to be seen."""
    with opened(ctx) as office:
        meant = withdrawn_in_error(office, withdrawal, why)
    Output().say(
        f"The withdrawal for {meant.name} counts no more: {', '.join(meant.purposes)}. Check what holds now."
    )
