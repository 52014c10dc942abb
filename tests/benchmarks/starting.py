"""How soon the command answers: a whole process from its start to its end, beside a Python that does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from consentdesk.services.demo import PASSWORD
from tests.benchmarks.figures import Figure

_TRIED = 7


def starting_figures(office: Path) -> list[Figure]:
    """Milliseconds of `--help`, and of `status` for a class of the small office in the closed folder `office`."""
    floor = _milliseconds("-c", "pass")
    commands = {
        "start-help": ("-m", "consentdesk", "--help"),
        "start-status": ("-m", "consentdesk", "--office", str(office), "status", "--class", "4H"),
    }
    figures = []
    for name, arguments in commands.items():
        value = _milliseconds(*arguments)
        figures.append(Figure(name, value, "ms", floor, round(value / floor, 1)))
    return figures


def _milliseconds(*arguments: str) -> float:
    seconds = []
    for _ in range(_TRIED):
        begun = perf_counter()
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, *arguments],
            check=True,
            capture_output=True,
            env=os.environ | {"CONSENTDESK_PASSWORD": PASSWORD},
        )
        seconds.append(perf_counter() - begun)
    return round(median(seconds) * 1000, 1)
