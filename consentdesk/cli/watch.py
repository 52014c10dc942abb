"""Long jobs on the terminal: a progress bar on standard error, where there is somebody to see it."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from consentdesk.errors import KnownError
from consentdesk.services.progress import Job, Result, finish


def watch(job: Job[Result]) -> Result:
    """Run `job` to its end and return its result. Stopping it keeps what it has done, and is told as an error."""
    try:
        return _with_bar(job) if sys.stderr.isatty() else finish(job)
    except KeyboardInterrupt as error:
        raise KnownError(
            "you stopped it", "what was done until then is kept", "give the same command again to go on"
        ) from error
    finally:
        job.close()


def _with_bar(job: Job[Result]) -> Result:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        while True:
            try:
                done, total, what = next(job)
            except StopIteration as end:
                result: Result = end.value
                return result
            bar.update(task, completed=done, total=total or None, description=what)
