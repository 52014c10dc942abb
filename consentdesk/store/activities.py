"""Activities with their pupils, and the equipment that was allowed for them (rules A7, I3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from consentdesk.model.activity import Activity, EquipmentException, Plan
from consentdesk.store.activity_tables import activity as table
from consentdesk.store.activity_tables import activity_pupil, equipment_exception
from consentdesk.store.database import Database


def keep_activity(db: Database, activity: Activity) -> None:
    """Write down a new activity, with its pupils."""
    with db.writing():
        db.office.write(table.insert(), _row_of(activity))
        _keep_pupils(db, activity)


def change_activity(db: Database, activity: Activity) -> None:
    """Keep the plan as it is now. Raises `KeyError` where the id is unknown."""
    with db.writing():
        if not db.office.write(table.update().where(table.c.id == activity.id), _row_of(activity)):
            raise KeyError(activity.id)
        db.office.write(activity_pupil.delete().where(activity_pupil.c.activity == activity.id))
        _keep_pupils(db, activity)


def activity(db: Database, activity_id: str) -> Activity | None:
    """The activity with this id."""
    row = db.office.one(sa.select(table).where(table.c.id == activity_id))
    return None if row is None else _activities(db, [row])[0]


def activities(db: Database, since: datetime | None = None) -> list[Activity]:
    """The activities that start at `since` or later, or all, in the order in which they start."""
    wanted = sa.select(table).order_by(table.c.starts, table.c.id)
    if since is not None:
        wanted = wanted.where(table.c.starts >= since)
    return _activities(db, db.office.rows(wanted))


def titles(db: Database) -> dict[str, str]:
    """What each activity is called, by its id."""
    return {row.id: row.title for row in db.office.rows(sa.select(table.c.id, table.c.title))}


def activities_of(db: Database, pupil: str) -> list[Activity]:
    """The activities that a pupil was to take part in, in the order in which they start."""
    ids = sa.select(activity_pupil.c.activity).where(activity_pupil.c.pupil == pupil)
    return _activities(
        db, db.office.rows(sa.select(table).where(table.c.id.in_(ids)).order_by(table.c.starts, table.c.id))
    )


def keep_exception(db: Database, exception: EquipmentException) -> None:
    """Write down that other equipment is allowed."""
    db.office.write(equipment_exception.insert(), msgspec.structs.asdict(exception))


def exceptions(db: Database, activity_id: str | None = None) -> list[EquipmentException]:
    """The equipment allowed for an activity, or for any, the last to end first."""
    wanted = sa.select(equipment_exception).order_by(
        equipment_exception.c.until.desc(), equipment_exception.c.id
    )
    if activity_id is not None:
        wanted = wanted.where(equipment_exception.c.activity == activity_id)
    return [
        EquipmentException(row.id, row.activity, row.equipment, row.owner, row.approver, row.until)
        for row in db.office.rows(wanted)
    ]


def _keep_pupils(db: Database, activity: Activity) -> None:
    rows = [{"activity": activity.id, "pupil": pupil} for pupil in dict.fromkeys(activity.plan.pupils)]
    if rows:
        db.office.write(activity_pupil.insert(), rows)


def _activities(db: Database, rows: Iterable[Any]) -> list[Activity]:
    found = list(rows)
    pupils: dict[str, list[str]] = {row.id: [] for row in found}
    wanted = sa.select(activity_pupil).order_by(activity_pupil.c.activity, activity_pupil.c.pupil)
    for link in db.office.rows_among(wanted, activity_pupil.c.activity, pupils):
        pupils[link.activity].append(link.pupil)
    return [
        Activity(
            row.id,
            Plan(
                row.title, row.starts, tuple(msgspec.json.decode(row.purposes, type=list[str])), row.equipment,
                row.afterwards, row.own_equipment, tuple(pupils[row.id]),
            ),
        )
        for row in found
    ]  # fmt: skip


def _row_of(activity: Activity) -> dict[str, object]:
    plan = activity.plan
    return {
        "id": activity.id,
        "title": plan.title,
        "starts": plan.starts,
        "purposes": msgspec.json.encode(plan.purposes).decode(),
        "equipment": plan.equipment,
        "own_equipment": plan.own_equipment,
        "afterwards": plan.afterwards,
    }
