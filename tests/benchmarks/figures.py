"""What a benchmark found: one figure, beside its floor and its goal."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`value` in `unit`. Where there is a `floor` (what the machine needs for the least part of the work alone, in
    the same unit), `ratio` says how much more work ours is, and the `goal` is for the ratio; else for the value.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: float | None = None


class Figures(msgspec.Struct, frozen=True):
    """All figures of one run, as `--json` writes them."""

    figures: tuple[Figure, ...]


def line(figure: Figure) -> str:
    """A figure as one line of JSON."""
    return msgspec.json.encode(figure).decode()


def write(figures: list[Figure], target: Path) -> None:
    """Write a run's figures to a file."""
    target.write_bytes(msgspec.json.format(msgspec.json.encode(Figures(tuple(figures)))) + b"\n")
