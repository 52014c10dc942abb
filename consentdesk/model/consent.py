"""The ledger's events, and the twelve statuses that they come to (rules C1 to C9, W1 to W5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import msgspec

from consentdesk.model.circumstances import PeopleWhat
from consentdesk.model.keeping_events import KeepingWhat
from consentdesk.model.paper_trail import PaperWhat
from consentdesk.model.school_events import SchoolWhat

AnswerWord = Literal["yes", "no", "review"]
HowTold = Literal["letter", "email", "phone", "in-person", "slip"]
PUPIL = "pupil"


def unnamed_guardian(slip: str) -> str:
    """Rule A2: who answered a slip until a person says which guardian; two slips count as two people."""
    return f"guardian?{slip}"


def named_guardian(guardian: str) -> str:
    """Rule A2: a guardian that a person picked beside the crops."""
    return f"guardian:{guardian}"


class Answer(msgspec.Struct, frozen=True):
    """What one person said about one purpose, as far as machine or typist can tell; `reason` where in doubt."""

    answer: AnswerWord
    reason: str | None = None
    confidence: float = 0.0


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    """The pupil came onto the roll, in this class."""

    school_class: str
    looked_after: bool = False


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """The pupil changed class."""

    school_class: str


class CareChanged(msgspec.Struct, frozen=True, tag="care-changed"):
    """The pupil came into care or left it (rule A5)."""

    looked_after: bool


class SocialWorkerAgreed(msgspec.Struct, frozen=True, tag="social-worker-agreed"):
    """The social worker's confirmation of a carer's slips (rule A5): who gave it, under which reference, and when.

    It counts from its recording; `given_on` is the day that the office was told, None where nobody noted it.
    """

    who: str
    reference: str
    given_on: date | None = None


class Left(msgspec.Struct, frozen=True, tag="left"):
    """The pupil left the school."""


class Issued(msgspec.Struct, frozen=True, tag="issued"):
    """A slip was printed. `asked` maps purposes to the hash of their wording (rule C6).

    `pupil_asked` are the purposes that need the pupil's own yes as well (rule A3); answers count until `until`.
    """

    form: str
    version: str
    asked: dict[str, str]
    pupil_asked: tuple[str, ...]
    until: date


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """A slip came back: one per reading of it. `signed` is None where not sure.

    `image` names the crop kept as evidence and `image_sha256` its content; both empty for a slip keyed by hand.
    `flags` are sheet-wide remarks such as `date-blank` or `class-left`.
    """

    reading: str
    how: Literal["scan", "keyed"]
    signed: bool | None
    pupil_signed: bool | None = None
    image: str = ""
    image_sha256: str = ""
    flags: tuple[str, ...] = ()


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """What one person said on one reading of a slip, by purpose."""

    reading: str
    person: str
    answers: dict[str, Answer]
    how: Literal["scan", "keyed"] = "scan"


class Reviewed(msgspec.Struct, frozen=True, tag="reviewed"):
    """A person's decision about a slip (rule S4).

    `answers` maps purposes to `yes`, `no` or `unclear`, for the one `person`; `signed` is set where the
    signature was judged too. `conditions` are kept word for word and narrow a yes (rule C8).
    """

    person: str
    answers: dict[str, Literal["yes", "no", "unclear"]]
    signed: bool | None = None
    conditions: dict[str, str] = {}


class Confirmed(msgspec.Struct, frozen=True, tag="confirmed"):
    """A person accepted the clear answers of one reading, seen on a sheet of crops (rule C4)."""

    reading: str


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn"):
    """Consent was taken back, in force from this moment (rules W1, W2). `person` as in `Answered`, if known."""

    purposes: tuple[str, ...]
    how: HowTold
    person: str | None = None
    said_by: str = ""
    note: str = ""


class Invalidated(msgspec.Struct, frozen=True, tag="invalidated"):
    """An event was recorded in error; it counts no more, and both stay to be seen (rule W5)."""

    event: str
    why: str


class Restricted(msgspec.Struct, frozen=True, tag="restricted"):
    """A safeguarding restriction: no image purpose is yes, and the reason stays with safeguarding (rule A6)."""

    why: str


class Lifted(msgspec.Struct, frozen=True, tag="lifted"):
    """A restriction, named by its event, ended."""

    event: str


class Exported(msgspec.Struct, frozen=True, tag="exported"):
    """A list left the program (rule D4): who and when stand in the event. `of` is a class, or `all`."""

    of: str
    kind: Literal["pdf", "xlsx", "csv"]
    pupils: int
    encrypted: bool


What = (
    Joined
    | Moved
    | CareChanged
    | SocialWorkerAgreed
    | Left
    | Issued
    | Returned
    | Answered
    | Reviewed
    | Confirmed
    | Withdrawn
    | Invalidated
    | Restricted
    | Lifted
    | Exported
    | PeopleWhat
    | PaperWhat
    | SchoolWhat
    | KeepingWhat
)
"""Everything that can happen; the ledger keeps it as JSON with its tag."""


class Event(msgspec.Struct, frozen=True):
    """One thing that happened, as the ledger keeps it (rule C1).

    `at` is when it was recorded (UTC), `on` the school's calendar day of that moment, `by` the user's id.
    `seq` is its place in the ledger, 0 until it is kept. `what` is None once erased.
    """

    id: str
    kind: str
    at: datetime
    on: date
    by: str
    what: What | None
    pupil: str | None = None
    slip: str | None = None
    batch: int | None = None
    seq: int = 0


def kind_of(what: What) -> str:
    """The tag that `what` is kept under."""
    return str(type(what).__struct_config__.tag)


class StatusWord(StrEnum):
    """Rule C2's twelve, in their order: the first that holds is the status."""

    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    NO = "no"
    CONFLICTING = "conflicting"
    PENDING = "pending"
    AWAITING_REVIEW = "awaiting-review"
    UNSIGNED = "unsigned"
    UNCONFIRMED = "unconfirmed"
    EXPIRED = "expired"
    YES = "yes"
    NO_REPLY = "no-reply"
    NOT_ASKED = "not-asked"


class NextStep(StrEnum):
    """What the office does next about a status; `words` says it as a sentence."""

    NOTHING = "nothing"
    PRINT = "print"
    REMIND = "remind"
    ASK_AGAIN = "ask-again"
    REVIEW = "review"
    CONFIRM = "confirm"
    NAME_GUARDIAN = "name-guardian"
    ASK_HOLDER = "ask-holder"
    ASK_PUPIL = "ask-pupil"
    ASK_SOCIAL_WORKER = "ask-social-worker"
    SPEAK = "speak"
    ASK_SAFEGUARDING = "ask-safeguarding"

    @property
    def words(self) -> str:
        """The sentence; empty where there is nothing to do."""
        return _NEXT[self]


_NEXT = {
    NextStep.NOTHING: "",
    NextStep.PRINT: "Print a slip if the school wants to ask.",
    NextStep.REMIND: "Send a reminder with a fresh slip.",
    NextStep.ASK_AGAIN: "Ask again with a fresh slip.",
    NextStep.REVIEW: "Look at the slip and decide.",
    NextStep.CONFIRM: "Confirm it on the sheet of crops.",
    NextStep.NAME_GUARDIAN: "Say who signed the slip.",
    NextStep.ASK_HOLDER: "Ask a guardian who has parental responsibility.",
    NextStep.ASK_PUPIL: "Ask the pupil.",
    NextStep.ASK_SOCIAL_WORKER: "Record the social worker’s agreement.",
    NextStep.SPEAK: "Speak with the family.",
    NextStep.ASK_SAFEGUARDING: "Ask the safeguarding lead.",
}


class Status(msgspec.Struct, frozen=True):
    """What holds for one pupil and purpose on a date, why, from which slip, until when, and what to do next."""

    word: StatusWord
    reason: str
    slip: str | None = None
    until: date | None = None
    condition: str | None = None
    todo: NextStep = NextStep.NOTHING

    @property
    def acts_as(self) -> Literal["yes", "no"]:
        """Rule C2: only `yes` acts as yes."""
        return "yes" if self.word is StatusWord.YES else "no"
