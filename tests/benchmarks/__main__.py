"""`./dev bench [exam|fuzz|safety] [OPTIONS]`: benchmarks, one JSON line a figure; exam; broken files; the promises."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from consentdesk.scanning.rehearsal.levels import LEVELS
from tests.benchmarks.exam_papers import aim_at, levels_of


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Benchmarks, each beside its floor or its goal."
    )
    parser.add_argument(
        "which",
        nargs="?",
        choices=["exam", "fuzz", "safety"],
        help="instead of the benchmarks: the reader's exam, broken files, or what SECURITY.md promises",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result here as well")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="exam, fuzz: processes (default: one for each core)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        help="another seed is another run; below 1000 to tune by, from 1000 to show (default: %(default)s)",
    )
    _of_exam(parser.add_argument_group("exam"))
    parser.add_argument_group("fuzz").add_argument(
        "--count", type=int, default=2000, metavar="N", help="broken files and codes (default: %(default)s)"
    )
    _of_safety(parser.add_argument_group("safety"))
    asked = parser.parse_args(arguments)
    try:
        aim_at(asked.only)
    except ValueError as error:
        parser.error(str(error))
    with tempfile.TemporaryDirectory(prefix="consentdesk-bench-") as folder:
        os.environ["CONSENTDESK_DATA"] = str(Path(folder) / "computer")
        return _run(asked, Path(folder))


def _of_exam(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--slips", type=int, default=240, metavar="N", help="sheets with slips a level (default: %(default)s)"
    )
    group.add_argument(
        "--level", action="append", choices=list(LEVELS), default=[], help="this level alone; may be repeated"
    )
    group.add_argument(
        "--only",
        action="append",
        metavar="KIND",
        default=[],
        help="pairs with this kind of mark alone, such as “struck tick”, or slips that are such as “unsigned”; may be"
        " repeated; an unknown one lists all",
    )
    group.add_argument(
        "--failures", type=Path, metavar="FILE.png", help="a contact sheet of what was read wrongly or asked"
    )
    group.add_argument("--number", type=int, metavar="N", help="this sheet of each level alone")
    group.add_argument("--page", type=Path, metavar="FILE.png", help="with --number and --level: its scan")


def _of_safety(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--row",
        action="append",
        metavar="NAME",
        default=[],
        help="this row alone; may be repeated; a wrong one lists all",
    )
    group.add_argument("--full", action="store_true", help="as many trials as are promised, instead of a few")
    group.add_argument("--times", type=int, metavar="N", help="so many trials a row")
    group.add_argument("--slice", default="1/1", metavar="K/N", help="the K-th of N parts of the trials")


def _run(asked: argparse.Namespace, folder: Path) -> int:
    # Each errand loads only what it needs: the exam and the fuzz run know no service that reads.
    match asked.which:
        case "exam":
            from tests.benchmarks.exam import Asked, exam  # noqa: PLC0415

            return exam(
                folder,
                Asked(
                    asked.seed,
                    asked.slips,
                    levels_of(asked.level),
                    aim_at(asked.only),
                    asked.workers,
                    asked.json,
                    asked.failures,
                    asked.number,
                    asked.page,
                ),
            )
        case "fuzz":
            from tests.benchmarks.fuzz import fuzz  # noqa: PLC0415

            return fuzz(folder, asked.seed, asked.count, asked.workers, asked.json)
        case "safety":
            return _safety(asked)
        case _:
            from tests.benchmarks.every_figure import print_figures  # noqa: PLC0415

            print_figures(folder, asked.json)
            return 0


def _safety(asked: argparse.Namespace) -> int:
    from tests.benchmarks import safety  # noqa: PLC0415

    unknown = [name for name in asked.row if name not in safety.ROWS]
    try:
        part = safety.part_of(asked.slice)
    except ValueError:
        unknown.append(asked.slice)
    if unknown:
        print(f"there is no {', '.join(unknown)}; the rows are {', '.join(safety.ROWS)}", file=sys.stderr)
        return 2
    return safety.safety(
        safety.Asked(asked.seed, asked.row, asked.full, asked.times, part),
        asked.json,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
