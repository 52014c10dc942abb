"""All figures of `./dev bench`, one JSON line each as soon as it is known."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import figures as of_figures
from tests.benchmarks.figures import Figure
from tests.benchmarks.histories import history_figures
from tests.benchmarks.lookup import lookup_figures
from tests.benchmarks.paper import printing_figures
from tests.benchmarks.reading import reading_figures, scans_of
from tests.benchmarks.school import school
from tests.benchmarks.searching import searching_figures
from tests.benchmarks.starting import starting_figures
from tests.benchmarks.window import window_figures

_PUPILS = 80


def print_figures(folder: Path, target: Path | None) -> None:
    """Measure in `folder`, print every figure, and write them all to `target` where one is given."""
    found: list[Figure] = []

    def tell(figures: list[Figure]) -> None:
        found.extend(figures)
        for figure in figures:
            print(of_figures.line(figure), flush=True)

    tell(history_figures())
    with school(folder, _PUPILS) as made:
        tell(printing_figures(made))
        scans = {dpi: scans_of(made, dpi, seed=dpi) for dpi in (200, 300)}
    tell(reading_figures(made, scans))
    tell(starting_figures(folder / "office"))
    tell(window_figures(folder / "office"))
    tell(lookup_figures(folder / "many"))
    tell(searching_figures(folder / "searching"))
    if target is not None:
        of_figures.write(found, target)
