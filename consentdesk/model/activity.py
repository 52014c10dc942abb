"""Activities, publications and held images as the school records them, and what their rules ask (A7, W3, I1 to I3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from consentdesk.model.consent import StatusWord
from consentdesk.model.form import lasts_until

PermissionState = Literal["given", "missing", "outdated", "late"]
"""Rule A7: only `given` allows pictures. `outdated`: the plan was changed since; `late`: it was not there in time."""

HeldOn = Literal["school", "card", "other-equipment"]
"""Where images are held: the school's own store, a card or camera of the school, equipment of somebody else."""

TakeDownState = Literal["open", "asked", "done"]

REVOKED = frozenset({StatusWord.RESTRICTED, StatusWord.WITHDRAWN, StatusWord.NO})
"""Whoever stands so is to be taken out of what was published before: they, or someone for them, said no (W3)."""


class Plan(msgspec.Struct, frozen=True):
    """What is planned for an activity at which pictures are taken (rule A7).

    `starts` is aware. `purposes` are what the pictures serve, `equipment` what they are taken with and
    `afterwards` what becomes of them, in the school's words; `own_equipment` where it is not the school's.
    """

    title: str
    starts: datetime
    purposes: tuple[str, ...]
    equipment: str
    afterwards: str
    own_equipment: bool = False
    pupils: tuple[str, ...] = ()


class Activity(msgspec.Struct, frozen=True):
    """An activity by its id, with its plan as it is now."""

    id: str
    plan: Plan


class Permission(msgspec.Struct, frozen=True):
    """A senior manager's word: who (a user's id), when, and for which plan, by its hash."""

    by: str
    at: datetime
    plan: str


class EquipmentException(msgspec.Struct, frozen=True):
    """Rule I3: equipment that is not the school's, allowed for one activity until the end of a day."""

    id: str
    activity: str
    equipment: str
    owner: str
    approver: str
    until: date


class Publication(msgspec.Struct, frozen=True):
    """Rule I1: what was published where, for which purposes, on which day, with whom, and who signed it off."""

    id: str
    what: str
    purposes: tuple[str, ...]
    place: str
    day: date
    editor: str
    pupils: tuple[str, ...]
    activity: str | None = None


class ImageSet(msgspec.Struct, frozen=True):
    """Rule I2: images held together, since when and where, until somebody attests that they are gone."""

    id: str
    what: str
    place: str
    held_on: HeldOn
    taken: date
    activity: str | None = None
    destroyed: date | None = None
    attested_by: str = ""
    how: str = ""


def plan_hash(plan: Plan) -> str:
    """Sixteen hex digits that change with whatever a permission is given for; who comes along is no part of it."""
    covered = (
        plan.title, plan.starts.timestamp(), sorted(plan.purposes), plan.equipment, plan.own_equipment,
        plan.afterwards,
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(covered)).hexdigest()[:16]


def permission_state(plan: Plan, permissions: Iterable[Permission]) -> PermissionState:
    """Rule A7: what the permissions given for an activity come to, for its plan as it is now.

    The moment is the one at which the permission was recorded, so none can be dated back.
    """
    given = list(permissions)
    for_this = [one for one in given if one.plan == plan_hash(plan)]
    if any(one.at < plan.starts for one in for_this):
        return "given"
    if for_this:
        return "late"
    return "outdated" if given else "missing"


def destruction_due(images: ImageSet, kept_months: int, elsewhere_days: int) -> date:
    """Rule I2: the day by the end of which images must be gone.

    What the school keeps itself may stay `kept_months`, what lies on a card or on equipment of somebody else
    `elsewhere_days` (0: the day itself).
    """
    if images.held_on == "school":
        return lasts_until(f"{kept_months} months", images.taken)
    return images.taken + timedelta(days=elsewhere_days)
