"""`demo`: a made-up school from print to consent list, with every answer checked."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app, warn
from consentdesk.cli.session import OpenWindow, Session
from consentdesk.cli.watch import watch
from consentdesk.services.demo import PASSWORD, USER, DemoReport, demo
from consentdesk.services.made_up_school import make_up_school

app = new_app()
APPS = {"demo": app}
_MOST_TOLD = 20


@app.command("demo")
def run_demo(
    ctx: typer.Context,
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no window: do it all, and check every answer.")
    ] = False,
    pupils: Annotated[
        int, typer.Option(min=1, max=5000, metavar="N", help="How many pupils the school has.")
    ] = 90,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Another number, another school and another pile.")
    ] = 1,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep everything in this new folder.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Make a made-up school, and open the window on it; or go through all of its work and check every answer."""
    out = Output(json)
    session: Session = ctx.obj
    if not headless and session.open_window is not None:
        raise typer.Exit(_look_round(out, session.open_window, pupils, seed, keep))
    if not headless:
        out.say("There is no screen here to open a window on, so this does what --headless does.")
    report = watch(demo(pupils, seed, keep))
    _tell(out, report)
    if keep is not None:
        out.say(
            f"Everything lies in {keep}; its office opens with "
            f"--office {keep / 'office'}, user {USER}, password “{PASSWORD}”."
        )
    out.json(report)
    if not report.passed:
        warn(*_faults(report))
        raise typer.Exit(1)


def _look_round(out: Output, open_window: OpenWindow, pupils: int, seed: int, keep: Path | None) -> int:
    """The made-up school in the window, its slips arriving a file at a time; gone afterwards unless it is kept."""
    with nullcontext(keep) if keep else TemporaryDirectory(prefix="consentdesk-demo-") as folder:
        made = watch(make_up_school(Path(folder), pupils, seed))
        out.say(f"The window opens on a made-up school: user {made.user}, password “{made.password}”.")
        return open_window(made.office)


def _tell(out: Output, report: DemoReport) -> None:
    outcomes = ", ".join(f"{count} {name}" for name, count in report.outcomes.items())
    clear = f"{report.clear_right / report.clear:.0%}" if report.clear else "none"
    out.say(
        f"{report.pupils} made-up pupils: {report.printed} slips printed, {report.slips} scanned on "
        f"{report.pages} pages in {report.files} files, {report.keyed} keyed by hand.",
        f"{report.accounted} of {report.pages} pages accounted for: {outcomes}.",
        f"{report.answers} answers: {report.right} read rightly without asking, {report.review} left to a person, "
        f"{report.wrong_yes} wrong yes, {report.wrong_no} wrong no.",
        f"Of {report.clear} plain and clear marks {clear} were read without asking.",
        f"Done in {report.seconds:.0f} seconds.",
    )


def _faults(report: DemoReport) -> list[str]:
    """A line for each answer that was read wrongly and each page that is not accounted for."""
    told = [
        f"Wrong: {one.file}, page {one.page}, slip {one.code}, {one.purpose}: read {one.answer}, "
        f"where “{one.case}” was drawn ({one.level})."
        for one in report.wrong
    ]
    told += [
        f"Not accounted for: {one.file}, page {one.page}: {one.outcome}, where a {one.held} lay ({one.level})."
        for one in report.lost
    ]
    if report.unfounded:
        told.append(f"{report.unfounded} statuses act as yes without a paper that says so.")
    more = len(told) - _MOST_TOLD
    return told[:_MOST_TOLD] + ([f"… and {more} more."] if more > 0 else [])
