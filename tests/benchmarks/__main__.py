"""`./dev bench [exam] [OPTIONS]`: the benchmarks, one JSON line a figure; the exam is the reader's."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import figures as of_figures
from tests.benchmarks.exam import exam
from tests.benchmarks.figures import Figure
from tests.benchmarks.lookup import lookup_figures
from tests.benchmarks.paper import printing_figures
from tests.benchmarks.reading import reading_figures, scans_of
from tests.benchmarks.school import school
from tests.benchmarks.starting import starting_figures

_LATER = ("safety", "fuzz")
_PUPILS = 80


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Benchmarks, each beside its floor or its goal."
    )
    parser.add_argument(
        "which", nargs="?", choices=["exam", *_LATER], help="the reader's exam instead of the benchmarks"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result here as well")
    of_exam = parser.add_argument_group("exam")
    of_exam.add_argument(
        "--seed", type=int, default=1, help="another seed, another exam (default: %(default)s)"
    )
    of_exam.add_argument(
        "--slips", type=int, default=240, metavar="N", help="filled slips a level (default: %(default)s)"
    )
    of_exam.add_argument(
        "--failures", type=Path, metavar="FILE.png", help="a contact sheet of what was read wrongly or asked"
    )
    asked = parser.parse_args(arguments)
    if asked.which in _LATER:
        print(f"“{asked.which}” is not part of this version.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="consentdesk-bench-") as folder:
        os.environ["CONSENTDESK_DATA"] = str(Path(folder) / "computer")
        if asked.which == "exam":
            return exam(Path(folder), asked.seed, asked.slips, asked.json, asked.failures)
        _benchmarks(Path(folder), asked.json)
    return 0


def _benchmarks(folder: Path, target: Path | None) -> None:
    found: list[Figure] = []

    def tell(figures: list[Figure]) -> None:
        found.extend(figures)
        for figure in figures:
            print(of_figures.line(figure), flush=True)

    with school(folder, _PUPILS) as made:
        tell(printing_figures(made))
        scans = {dpi: scans_of(made, dpi, seed=dpi) for dpi in (200, 300)}
    tell(reading_figures(made, scans))
    tell(starting_figures(folder / "office"))
    tell(lookup_figures(folder / "many"))
    if target is not None:
        of_figures.write(found, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
