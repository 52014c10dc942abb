"""`read`: scanned slips in."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app, warn
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.model.reading import Outcome
from consentdesk.services.read_report import PageReport, ReadReport
from consentdesk.services.read_scans import read_scans

app = new_app()
APPS = {"read": app}
_QUIET = frozenset({Outcome.READ, Outcome.LETTER, Outcome.BLANK})


@app.command()
def read(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE …", help="PDF, TIFF, JPEG or PNG.")],
    json: JsonOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes that read; one a core by default.")
    ] = None,
) -> None:
    """Read scans, keep them, and say what became of every page."""
    with opened(ctx) as office:
        done = watch(read_scans(office, files, workers=workers))
    out = Output(json)
    _tell(out, done.report)
    out.json(done.report)
    warn(*done.refusals)
    if done.refusals:
        raise typer.Exit(1)


def _tell(out: Output, report: ReadReport) -> None:
    totals = report.totals
    ended = [f"{count} {name}" for name, count in totals.items() if count and name != "pages"]
    out.say(f"{counted(totals['pages'], 'page')}: {', '.join(ended)}.")
    for (file, outcome, text), group in groupby(report.pages, key=_alike):
        if outcome not in _QUIET:
            out.say(*_lines(file, outcome, text, list(group)))
    if report.batch is not None and (totals["read"] or totals["review"]):
        out.say(f"Batch {report.batch} waits to be confirmed: no yes counts until then.")


def _alike(page: PageReport) -> tuple[str, Outcome, str]:
    """What pages without slips must share to be told in one line."""
    return page.file, page.outcome, page.text or ""


def _lines(file: str, outcome: Outcome, text: str, pages: list[PageReport]) -> list[str]:
    lines = []
    bare = [page.page for page in pages if not page.slips]
    if bare:
        lines.append(f"{file}, {_numbers(bare)}: {outcome.value}. {text}".rstrip())
    for page in pages:
        for slip in page.slips:
            if slip.outcome not in _QUIET:
                which = f"slip {slip.code}" if slip.code else "a slip without a code"
                lines.append(
                    f"{file}, page {page.page}, {which}: {slip.outcome.value}. {slip.text or ''}".rstrip()
                )
    return lines


def _numbers(pages: list[int]) -> str:
    """Page numbers in words, runs of them as `1 to 12`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    told = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"{'page' if len(pages) == 1 else 'pages'} {', '.join(told)}"
