"""`chase`: who is to be asked, reminded or asked again, the letters for them, and how many have come back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import STANDARD, JsonOption, Output, counted, new_app, write_json
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.chase import WORDS, to_ask
from consentdesk.services.chase import renewals as ending
from consentdesk.services.print_forms import Printing
from consentdesk.services.remind import print_reminders
from consentdesk.services.returns import returns

app = new_app()
APPS = {"chase": app}

FormOption = Annotated[
    list[str] | None, typer.Option("--form", metavar="ID", help="This form; every form in use if left out.")
]
ClassOption = Annotated[str | None, typer.Option("--class", metavar="NAME", help="This class alone.")]
DAY = ["%Y-%m-%d"]


@app.callback()
def chase() -> None:
    """Who has not answered, whose consent ends soon, and who is to be asked again because something changed."""


@app.command("list")
def list_them(
    ctx: typer.Context, form: FormOption = None, school_class: ClassOption = None, json: JsonOption = None
) -> None:
    """Show who is to be asked, and why."""
    with opened(ctx) as office:
        found = to_ask(office, form or (), school_class=school_class)
    out = Output(json)
    out.table(
        [(one.school_class, one.name, one.form, " ".join(WORDS[why] for why in one.whys)) for one in found]
    )
    if not found:
        out.say("Nobody is to be asked.")
    out.json({"to_ask": found})


@app.command("renewals")
def renewals(
    ctx: typer.Context,
    before: Annotated[datetime, typer.Option(formats=DAY, metavar="DATE", help="Ending by this day.")],
    json: JsonOption = None,
) -> None:
    """Show whose consent has ended, or ends by a day."""
    with opened(ctx) as office:
        found = ending(office, before.date())
    out = Output(json)
    out.table(
        [
            (
                one.school_class,
                one.name,
                one.form,
                f"until {one.ends.isoformat()}" if one.ends else WORDS["expired"],
            )
            for one in found
        ]
    )
    if not found:
        out.say("No consent ends by then.")
    out.json({"to_ask": found})


@app.command("letters")
def letters(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    target: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the PDF.")],
    form: FormOption = None,
    school_class: ClassOption = None,
    reply_by: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="The day to answer by.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write as JSON where every box is.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="The forms in a second language.")
    ] = None,
    large_print: Annotated[bool, typer.Option("--large-print", help="The forms in large print.")] = False,
) -> None:
    """Write reminder letters, each with fresh slips."""
    how = Printing(language, large_print, None if manifest == STANDARD else manifest)
    with opened(ctx) as office:
        done = watch(
            print_reminders(
                office,
                form or (),
                target,
                school_class=school_class,
                reply_by=reply_by.date() if reply_by else None,
                how=how,
            )
        )
    Output(manifest).say(
        f"{counted(done.pupils, 'letter')} with {counted(done.slips, 'slip')} on {counted(done.pages, 'page')},"
        f" in {target}."
    )
    if manifest == STANDARD:
        write_json(STANDARD, done.manifest)


@app.command("counts")
def counts(
    ctx: typer.Context,
    form: Annotated[str | None, typer.Option(metavar="ID", help="This form alone.")] = None,
    school_class: ClassOption = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="Days from this on.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show how many have come back, class by class; with --json day by day."""
    with opened(ctx) as office:
        found = returns(office, school_class=school_class, form=form, since=since.date() if since else None)
    out = Output(json)
    out.table(
        [
            (one.school_class, f"{one.back} of {one.asked} asked", counted(one.pupils, "pupil"))
            for one in found
        ]
    )
    out.json({"classes": found})
