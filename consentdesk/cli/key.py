"""`key`: the answers of a slip typed in, paper in hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consentdesk import paths
from consentdesk.cli.output import Output, new_app
from consentdesk.cli.review import answers_of, pairs_of
from consentdesk.cli.signed_in import opened
from consentdesk.model.reading import Outcome
from consentdesk.services.key_slip import WORDS, Keyed, key_slip
from consentdesk.services.office import Office
from consentdesk.services.slip_to_key import blank_form, slip_to_key

app = new_app()
APPS = {"key": app}


@app.command("key")
def key(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code typed on the slip.")],
    *,
    answers: Annotated[
        list[str] | None,
        typer.Argument(metavar="PURPOSE=yes|no …", help="The answers; leave out what is blank."),
    ] = None,
    signed: Annotated[bool | None, typer.Option("--signed/--unsigned", help="Whether it is signed.")] = None,
    pupil: Annotated[
        list[str] | None, typer.Option(metavar="PURPOSE=yes|no", help="An answer in the pupil's own part.")
    ] = None,
    pupil_signed: Annotated[
        bool, typer.Option("--pupil-signed/--pupil-unsigned", help="Whether the pupil signed.")
    ] = False,
    condition: Annotated[
        list[str] | None, typer.Option(metavar="PURPOSE=TEXT", help="A handwritten condition, word for word.")
    ] = None,
    guardian: Annotated[str, typer.Option(metavar="NAME", help="Which guardian signed.")] = "",
    written: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="DATE", help="The date written on it."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option(metavar="ID", help="The slip in the tray that this is, see review list.")
    ] = None,
    blank: Annotated[
        Path | None, typer.Option("--show", metavar="FILE.pdf", help="Write the blank form here, to look at.")
    ] = None,
) -> None:
    """Record the answers of a slip by hand; without an answer, show what it asks.

    They count as confirmed: you have seen the paper.
    """
    said, own = answers_of(answers or [], WORDS), answers_of(pupil or [], WORDS)
    if signed is None and "yes" in said.values():
        raise typer.BadParameter("say whether the slip is signed: --signed or --unsigned")
    out = Output()
    with opened(ctx) as office:
        if blank is not None:
            with paths.write_whole(blank) as part:
                part.write_bytes(blank_form(office, code))
            out.say(f"The blank form is in {blank}.")
        if not said and not own:
            _show(out, office, code)
            return
        keyed = Keyed(
            said,
            bool(signed),
            own,
            pupil_signed,
            pairs_of(condition or []),
            guardian,
            written.date() if written else None,
        )
        done = key_slip(office, code, keyed, reading=reading)
    if done.outcome is Outcome.DUPLICATE:
        out.say("The same answers were recorded from this slip before; nothing was added.")
    elif done.outcome is Outcome.REVIEW:
        out.say("Recorded. Another copy of this slip says otherwise, so it waits in review.")
    else:
        out.say("Recorded.")


def _show(out: Output, office: Office, code: str) -> None:
    slip = slip_to_key(office, code)
    out.say(f"{slip.code}  {slip.name}, {slip.school_class or 'no class'}: {slip.form}")
    out.table(
        [("  " + ("pupil: " if one.who == "pupil" else "") + one.purpose, one.asks) for one in slip.questions]
    )
