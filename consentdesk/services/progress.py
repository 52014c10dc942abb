"""How far a long job is: what its generator yields, and a place to stop."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple, TypeAlias, TypeVar

Result = TypeVar("Result")


class Progress(NamedTuple):
    """`done` of `total` steps, and in a few words what is being done."""

    done: int
    total: int
    what: str


Job: TypeAlias = Generator[Progress, None, Result]
"""A long job: yields its progress and returns its result; closing it keeps what is done."""


def finish(job: Job[Result]) -> Result:
    """Run `job` to its end without watching it."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            result: Result = end.value
            return result
