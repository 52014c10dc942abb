"""`demo`: a made-up school from print to consent list, with every answer checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app, warn
from consentdesk.cli.watch import watch
from consentdesk.services.demo import PASSWORD, USER, DemoReport, demo

app = new_app()
APPS = {"demo": app}
_MOST_TOLD = 20


@app.command("demo")
def run_demo(
    *,
    headless: Annotated[bool, typer.Option("--headless", help="Open no window on the result.")] = False,
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
    """Make a made-up school, print its forms, fill in and scan the slips, read them, and check every answer."""
    out = Output(json)
    if not headless:
        out.say("The window is not part of this version, so this does what --headless does.")
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
