"""`form`: the forms that can be printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services.add_form import add_form
from consentdesk.services.forms import forms_in_force

app = new_app()
APPS = {"form": app}


@app.callback()
def form() -> None:
    """The forms that can be printed: those that ship with the program, and the school's own."""


@app.command("add")
def add(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The definition.")]
) -> None:
    """Keep a form definition of the school's own, in place of one with the same id."""
    with opened(ctx) as office:
        definition = add_form(office, file)
        asked = ", ".join(question.purpose for question in definition.asked)
        Output().say(f"The form {definition.id} is kept. It asks about {asked}.")


@app.command("list")
def list_them(ctx: typer.Context) -> None:
    """Show every form with its purposes; those in brackets are switched off."""
    with opened(ctx) as office:
        out = Output()
        for one in forms_in_force(office).values():
            definition = one.definition
            whose = "the school’s own" if one.own else "shipped"
            out.say(f"{definition.id}  {definition.title} ({whose}; {', '.join(definition.languages)})")
            for question in definition.questions:
                purpose = question.purpose if question.asked else f"({question.purpose})"
                out.say(f"    {purpose}  {question.name}")
