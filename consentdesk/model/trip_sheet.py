"""The sheet of an activity as data: three groups without reasons, a grid, conditions word for word (P3, C8)."""

from __future__ import annotations

from datetime import datetime

import msgspec


class SheetCondition(msgspec.Struct, frozen=True):
    """A handwritten condition, word for word, and the headings of the purposes that it narrows (rule C8)."""

    purposes: tuple[str, ...]
    words: str


class SheetPupil(msgspec.Struct, frozen=True):
    """One pupil on the sheet. `allowed` tells for each heading whether it is a yes; a no says nothing more (A6)."""

    name: str
    school_class: str
    allowed: tuple[bool, ...]
    conditions: tuple[SheetCondition, ...] = ()

    def narrowed(self, heading: str) -> bool:
        """Whether a condition narrows the yes under this heading."""
        return any(heading in one.purposes for one in self.conditions)


class TripSheet(msgspec.Struct, frozen=True):
    """What goes on the coach. All moments are aware and shown as they stand.

    `headings` name the purposes in their order; nobody of `stopped` has a yes, everybody of `free` only such,
    `limited` some. `permitted` says who permitted pictures and when. `replaces` is when the sheet before it
    was made, `changed` whom that one shows wrongly. `notes` are whole sentences. `by_class` is
    everybody once more, by class and surname.
    """

    school: str
    title: str
    starts: datetime
    as_at: datetime
    permitted: str
    equipment: str
    afterwards: str
    headings: tuple[str, ...]
    stopped: tuple[SheetPupil, ...]
    limited: tuple[SheetPupil, ...]
    free: tuple[SheetPupil, ...]
    replaces: datetime | None = None
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by_class: tuple[SheetPupil, ...] = ()

    @property
    def pupils(self) -> tuple[SheetPupil, ...]:
        """Everybody, group by group."""
        return (*self.stopped, *self.limited, *self.free)
