"""What a fuzz run found, summed up over its processes, as figures and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

_SHOWN: Final = 8


class FuzzReport(msgspec.Struct, frozen=True):
    """What became of broken files: `files` were given, of which `refused` whole, the others' `pages` all came back.

    `outcomes` counts both. `workers_lost` died or were ended for hanging and were replaced; `bugs` are errors that the
    worker itself caught, by their place. `slowest` are the most seconds from giving a page to its outcome, by what was
    given. In `failures` stands what must not be: a parent's death, hangs, pages lost, errors that came through,
    forged codes that passed.
    """

    seed: int
    files: int
    refused: int
    pages: int
    texts: int
    seconds: float
    workers_lost: int
    slowest: dict[str, float]
    memory_mb: int
    outcomes: dict[str, int]
    inputs: dict[str, int]
    bugs: dict[str, int]
    failures: tuple[str, ...]


@dataclass
class Seen:
    """What one process saw; sums up."""

    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    inputs: Counter[str] = field(default_factory=Counter)
    bugs: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    memory_mb: int = 0

    def add(self, other: Seen) -> None:
        """Count what another process saw as well."""
        for mine, theirs in (
            (self.counts, other.counts),
            (self.outcomes, other.outcomes),
            (self.inputs, other.inputs),
            (self.bugs, other.bugs),
        ):
            mine.update(theirs)
        self.failures += other.failures
        for name, took in other.slowest.items():
            self.took(name, took)
        self.memory_mb = max(self.memory_mb, other.memory_mb)

    def took(self, name: str, seconds: float) -> None:
        """What the slowest look or page of this kind of input took."""
        self.slowest[name] = max(seconds, self.slowest.get(name, 0.0))


def report_of(seed: int, seen: Seen, seconds: float) -> FuzzReport:
    """What was seen so far, after so many seconds."""
    return FuzzReport(
        seed=seed,
        files=seen.counts["files"],
        refused=seen.counts["refused"],
        pages=seen.counts["pages"],
        texts=seen.counts["texts"],
        seconds=round(seconds, 1),
        workers_lost=seen.counts["workers lost"],
        slowest={
            name: round(took, 1)
            for name, took in sorted(seen.slowest.items(), key=lambda one: -one[1])[:_SHOWN]
        },
        memory_mb=seen.memory_mb,
        outcomes=dict(seen.outcomes.most_common()),
        inputs=dict(seen.inputs.most_common()),
        bugs=dict(seen.bugs.most_common()),
        failures=tuple(seen.failures),
    )


def lines(report: FuzzReport) -> Iterator[str]:
    """The report for people."""
    yield (
        f"{report.files} broken files in {report.seconds:.0f} s, seed {report.seed}: {report.refused} refused whole,"
        f" {report.pages} pages in and as many outcomes out; {report.texts} changed payloads."
    )
    yield (
        f"Workers lost and replaced: {report.workers_lost}. Most memory of a parent: {report.memory_mb} MB. Slowest: "
        + ", ".join(f"{name} {took:.1f} s" for name, took in report.slowest.items())
    )
    for title, counts in (
        ("outcome", report.outcomes),
        ("what was given", report.inputs),
        ("bugs", report.bugs),
    ):
        if counts:
            yield ""
            yield title
            yield from (f"{count:>8}  {name}" for name, count in counts.items())
    yield ""
    if report.failures:
        yield f"→ {len(report.failures)} that must not be:"
        yield from (f"  {told}" for told in report.failures[:40])
    else:
        yield "Nothing died, hung, was lost or passed that should not."
