"""A snapshot for teachers: what a trip's sheet shows at one moment, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec


class SnapshotCondition(msgspec.Struct, frozen=True):
    """A handwritten condition, word for word, and the names of the purposes that it narrows (rule C8)."""

    purposes: tuple[str, ...]
    words: str


class SnapshotPupil(msgspec.Struct, frozen=True):
    """One pupil: to be photographed for `none`, `some` or `all` of the purposes, `allowed` by name. No reasons."""

    name: str
    school_class: str
    group: Literal["none", "some", "all"]
    allowed: tuple[str, ...]
    conditions: tuple[SnapshotCondition, ...] = ()


class Snapshot(msgspec.Struct, frozen=True):
    """What held `as_at` one moment, to be used `until` a day. `waiting` slips did not count yet."""

    id: str
    school: str
    of: str
    as_at: datetime
    until: date
    purposes: tuple[str, ...]
    pupils: tuple[SnapshotPupil, ...]
    waiting: int = 0
