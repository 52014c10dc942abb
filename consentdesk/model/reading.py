"""What the machine saw on a page: marks, fields and codes as measured, and the one outcome of every page."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class MarkKind(StrEnum):
    """What the added ink in and round one box looks like."""

    EMPTY = "empty"
    SPECK = "speck"
    TICK = "tick"
    CROSS = "cross"
    STROKE = "stroke"
    FILL = "fill"
    SCRIBBLE = "scribble"
    RING = "ring"
    STRAY = "stray"
    FAINT = "faint"


class Mark(msgspec.Struct, frozen=True):
    """One box as measured.

    `fill` is the share of the inside covered by added ink, `darkness` how dark its strokes are against the
    form's own print (1 as dark), `inside` the share of its ink that lies within the box, `sure` how far the
    two independent measures of its kind agree (0 to 1), `fit` how well the box's printed outline was found (0 to 1).
    """

    kind: MarkKind
    fill: float
    darkness: float
    inside: float
    sure: float
    fit: float


class PairReading(msgspec.Struct, frozen=True):
    """The two boxes of one question as measured."""

    purpose: str
    yes: Mark
    no: Mark


class Presence(StrEnum):
    """Whether a field holds handwriting."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSURE = "unsure"


class SlipReading(msgspec.Struct, frozen=True):
    """One slip as seen, before anyone decided what it means.

    `codes` are the QR texts found on it, unproven; empty where none could be read. `quad` is where its outline
    lies on the page, four (x, y) corners from the slip's own top left, clockwise, as shares of the page's width
    and height. `crop` is the evidence, an encoded picture; `typed_code_crop` the part to be read by a person
    where no code could be.
    """

    codes: tuple[str, ...]
    tag: str | None
    quad: tuple[tuple[float, float], ...]
    pairs: tuple[PairReading, ...] = ()
    pupil_pairs: tuple[PairReading, ...] = ()
    signature: Presence = Presence.UNSURE
    pupil_signature: Presence | None = None
    date: Presence = Presence.UNSURE
    printed_name: Presence = Presence.UNSURE
    relationship: Presence = Presence.UNSURE
    comment: Presence = Presence.UNSURE
    margin: Presence = Presence.ABSENT
    struck_out: Presence = Presence.ABSENT
    fit: float = 0.0
    crop: bytes = b""
    typed_code_crop: bytes = b""


class Outcome(StrEnum):
    """What became of a page or a slip; exactly one each, worst first within the slips of a page."""

    REFUSED = "refused"
    UNREADABLE = "unreadable"
    UNMATCHED = "unmatched"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    READ = "read"
    FOREIGN = "foreign"
    LETTER = "letter"
    BLANK = "blank"


WORST_FIRST = (
    Outcome.REFUSED,
    Outcome.UNREADABLE,
    Outcome.UNMATCHED,
    Outcome.REVIEW,
    Outcome.DUPLICATE,
    Outcome.READ,
)


def worst(outcomes: list[Outcome]) -> Outcome:
    """The outcome of a page from those of its slips, of which there is at least one."""
    return min(outcomes, key=WORST_FIRST.index)


class Problem(msgspec.Struct, frozen=True):
    """Why a page or file could not be taken, as data: a short stable word and one sentence."""

    reason: str
    text: str


class PageReading(msgspec.Struct, frozen=True):
    """One page as seen by the reader; `number` counts from 1.

    `outcome` is set where the page needs no further judging: foreign, letter, blank, unreadable or refused.
    It is None where `slips` holds at least one slip of ours. `strangers` counts codes that are not ours.
    """

    number: int
    slips: tuple[SlipReading, ...] = ()
    outcome: Outcome | None = None
    problem: Problem | None = None
    letters: tuple[str, ...] = ()
    strangers: int = 0
