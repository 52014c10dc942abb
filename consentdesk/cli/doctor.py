"""`doctor`: is everything here that the work needs?"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer

from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.session import Session
from consentdesk.services.doctor import examine

app = new_app()
APPS = {"doctor": app}
_SIGNS = {"ok": "ok    ", "better": "better", "needed": "NEEDED"}


@app.command("doctor")
def doctor(ctx: typer.Context, json: JsonOption = None) -> None:
    """Look at this computer and, where CONSENTDESK_PASSWORD is set, at the office. Exit 1 where something is needed."""
    session: Session = ctx.find_root().obj
    open_it: Callable[[], Any] | None = None
    if "CONSENTDESK_PASSWORD" in os.environ:
        # Not at the top: the libraries that opening needs may be what is missing.
        open_it = lambda: import_module("consentdesk.cli.signed_in").opened(ctx)  # noqa: E731
    out = Output(json)
    checks = []
    for check in examine(session.folder, open_it):
        out.say(f"{_SIGNS[check.level]}  {check.name}: {check.text}")
        checks.append(check)
    out.json({"checks": checks})
    if any(check.level == "needed" for check in checks):
        raise typer.Exit(1)
