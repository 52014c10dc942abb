"""What happens around pictures, access and data protection, as the ledger keeps it (rules A7, I1 to I3, N, D, W3)."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Outcome = Literal["removed", "asked-third-party", "cannot-be-recalled"]
"""Rule W3: what came of a take-down. Whoever was asked may still do nothing, so that alone ends no task."""


class ActivityPlanned(msgspec.Struct, frozen=True, tag="activity-planned"):
    """An activity was planned, or its plan changed; `plan` is the hash of what a permission covers (rule A7)."""

    activity: str
    plan: str
    pupils: tuple[str, ...]


class ActivityPermitted(msgspec.Struct, frozen=True, tag="activity-permitted"):
    """A senior manager allowed pictures at an activity, for this very plan; who and when stand in the event (A7)."""

    activity: str
    plan: str


class EquipmentAllowed(msgspec.Struct, frozen=True, tag="equipment-allowed"):
    """Other equipment than the school's was allowed for one activity, until a day (rule I3)."""

    exception: str
    activity: str
    until: date


class SheetMade(msgspec.Struct, frozen=True, tag="sheet-made"):
    """The sheet of an activity left the program, naming these pupils for these purposes (rules C9, D4)."""

    activity: str
    pupils: tuple[str, ...]
    purposes: tuple[str, ...]
    encrypted: bool


class Published(msgspec.Struct, frozen=True, tag="published"):
    """Something was published with these pupils in it, for purposes that were yes that day (rule I1)."""

    publication: str
    day: date
    purposes: tuple[str, ...]
    pupils: tuple[str, ...]


class TakenDown(msgspec.Struct, frozen=True, tag="taken-down"):
    """What came of taking one pupil out of one publication, what was tried, and what shows it (rule W3)."""

    publication: str
    outcome: Outcome
    tried: str = ""
    evidence: str = ""


class ImagesKept(msgspec.Struct, frozen=True, tag="images-kept"):
    """Images began to be held somewhere (rule I2)."""

    images: str
    taken: date


class ImagesDestroyed(msgspec.Struct, frozen=True, tag="images-destroyed"):
    """Somebody attested that images are gone (rule I2)."""

    images: str
    day: date


class PolicyAcknowledged(msgspec.Struct, frozen=True, tag="policy-acknowledged"):
    """A member of staff or a volunteer acknowledged the policy; their access counts until a day (rule N1)."""

    staff: str
    until: date


class AccessEnded(msgspec.Struct, frozen=True, tag="access-ended"):
    """The school ended somebody's access to the internet: the pupil's of the event, or `staff` (rule N1)."""

    why: str
    staff: str = ""


class AccessRestored(msgspec.Struct, frozen=True, tag="access-restored"):
    """What the school had ended, it allows again; consent and acknowledgement are still needed (rule N1)."""

    staff: str = ""


class RuleChanged(msgspec.Struct, frozen=True, tag="rule-changed"):
    """A rule that schools treat differently was set (rule C1)."""

    rule: str
    value: bool | int


class HandedOut(msgspec.Struct, frozen=True, tag="handed-out"):
    """Something other than a list of consents left the program, with how many people in it (rule D4)."""

    of: Literal["subject-file", "counts", "access-record", "destruction-list"]
    people: int
    encrypted: bool


class Erased(msgspec.Struct, frozen=True, tag="erased"):
    """A pupil's record was erased; this is all that is left of it: numbers, and the id without a name (rule D3)."""

    pupil: str
    events: int
    slips: int
    pictures: int


SchoolWhat = (
    ActivityPlanned
    | ActivityPermitted
    | EquipmentAllowed
    | SheetMade
    | Published
    | TakenDown
    | ImagesKept
    | ImagesDestroyed
    | PolicyAcknowledged
    | AccessEnded
    | AccessRestored
    | RuleChanged
    | HandedOut
    | Erased
)
"""What concerns the school as a whole, and what became of pictures; of these only a rule can change a status."""
