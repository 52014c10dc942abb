"""`confirm`: a person accepts the clear readings of a batch."""

from __future__ import annotations

from typing import Annotated

import typer

from consentdesk.cli.output import Output, counted, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.confirm import confirm, waiting_batches

app = new_app()
APPS = {"confirm": app}


@app.command("confirm")
def confirm_batch(
    ctx: typer.Context,
    batch: Annotated[int | None, typer.Option(metavar="N", help="This batch.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All batches.")] = False,
) -> None:
    """Accept the clear readings of a batch, once seen; without an option, show which batches wait."""
    if batch is not None and everything:
        raise typer.BadParameter("give --batch or --all, not both")
    out = Output()
    with opened(ctx) as office:
        if batch is None and not everything:
            waiting = waiting_batches(office)
            out.table(
                [(f"batch {one.number}", f"{one.waiting} of {one.slips} slips wait") for one in waiting]
            )
            if not waiting:
                out.say("No batch waits to be confirmed.")
            return
        done = watch(confirm(office, batch))
    slips, answers = counted(done.slips, "slip"), counted(done.answers, "clear answer")
    out.say(f"{slips} with {answers} confirmed; {counted(done.in_review, 'slip')} in review.")
    if done.to_name:
        out.say(
            f"{counted(len(done.to_name), 'slip')} cannot be confirmed before somebody says who signed: "
            f"{', '.join(done.to_name)}.",
            "Say so with “review decide CODE --guardian NAME”, and confirm again.",
        )
