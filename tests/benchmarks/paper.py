"""Printing: forms a second, from pupils in the store to a PDF on disk and slips in the ledger."""

from __future__ import annotations

from time import perf_counter

from tests.benchmarks.figures import Figure
from tests.benchmarks.school import School


def printing_figures(made: School) -> list[Figure]:
    """All three forms for everyone; the second run, since the first composes the versions."""
    made.print()
    begun = perf_counter()
    _, sent = made.print()
    seconds = perf_counter() - begun
    return [Figure("print", round(len(sent.slips) / seconds, 1), "forms a second", goal=50)]
