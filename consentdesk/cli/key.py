"""`key`: the answers of a slip typed in, paper in hand."""

from __future__ import annotations

from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app
from consentdesk.cli.review import answers_of
from consentdesk.cli.signed_in import opened
from consentdesk.model.reading import Outcome
from consentdesk.services.key_slip import WORDS, Keyed, key_slip

app = new_app()
APPS = {"key": app}


@app.command("key")
def key(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code typed on the slip.")],
    answers: Annotated[
        list[str], typer.Argument(metavar="PURPOSE=yes|no …", help="The answers; leave out what is blank.")
    ],
    signed: Annotated[bool | None, typer.Option("--signed/--unsigned", help="Whether it is signed.")] = None,
    pupil: Annotated[
        list[str] | None, typer.Option(metavar="PURPOSE=yes|no", help="An answer in the pupil's own part.")
    ] = None,
    pupil_signed: Annotated[
        bool, typer.Option("--pupil-signed/--pupil-unsigned", help="Whether the pupil signed.")
    ] = False,
    reading: Annotated[
        str | None, typer.Option(metavar="ID", help="The slip in the tray that this is, see review list.")
    ] = None,
) -> None:
    """Record the answers of a slip by hand. They count as confirmed: you have seen the paper."""
    said = answers_of(answers, WORDS)
    if signed is None and "yes" in said.values():
        raise typer.BadParameter("say whether the slip is signed: --signed or --unsigned")
    keyed = Keyed(said, bool(signed), answers_of(pupil or [], WORDS), pupil_signed)
    with opened(ctx) as office:
        done = key_slip(office, code, keyed, reading=reading)
    out = Output()
    if done.outcome is Outcome.DUPLICATE:
        out.say("The same answers were recorded from this slip before; nothing was added.")
    elif done.outcome is Outcome.REVIEW:
        out.say("Recorded. Another copy of this slip says otherwise, so it waits in review.")
    else:
        out.say("Recorded.")
