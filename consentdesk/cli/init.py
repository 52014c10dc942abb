"""`init`: a new office for a school."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from consentdesk import settings
from consentdesk.cli.output import Output, new_app
from consentdesk.cli.session import Session, ask_new_password
from consentdesk.services.set_up import set_up

app = new_app()
APPS = {"init": app}


@app.command()
def init(
    ctx: typer.Context,
    school: Annotated[
        str, typer.Option(metavar="NAME", help="The school's name, as it is printed on forms.")
    ],
    recovery: Annotated[
        Path | None,
        typer.Option(metavar="FILE.pdf", help="Write the recovery sheet here instead of showing it."),
    ] = None,
    user: Annotated[
        str, typer.Option(metavar="NAME", help="The first user, who is the head; else CONSENTDESK_USER.")
    ] = "",
) -> None:
    """Make a new, encrypted office for a school, with a recovery sheet for lost passwords."""
    session: Session = ctx.find_root().obj
    out = Output()
    name = user or session.named_user or "head"
    folder = session.folder
    groups = set_up(folder, school, name, ask_new_password(), recovery)
    if session.is_remembered:
        settings.save(msgspec.structs.replace(settings.load(), office=str(folder), last_user=name))
    out.say(f"The office of {school} is ready in {folder}; its first user is {name}.")
    if recovery:
        out.say(f"Print {recovery} and keep it in the safe: it opens the office when passwords are lost.")
    else:
        out.say("Write these groups down and keep them in the safe. They are shown only once:")
        out.say("  " + " ".join(groups))
