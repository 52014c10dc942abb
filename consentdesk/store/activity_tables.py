"""The tables of activities, publications and held images, whose words may name somebody and can be erased.

They stand in `in_office` beside those of `tables`; whoever makes all tables takes it from here.
"""

from __future__ import annotations

import sqlalchemy as sa

from consentdesk.store.tables import Day, Moment, in_office

__all__ = [
    "activity", "activity_pupil", "equipment_exception", "image_set", "in_office", "publication", "publication_pupil",
]  # fmt: skip


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(32), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _activity(*, may_lack: bool = False) -> sa.Column[str]:
    return sa.Column("activity", sa.ForeignKey("activity.id"), nullable=may_lack, index=True)


def _pupil() -> sa.Column[str]:
    # A pupil's publications are asked for at each withdrawal; the key is led by the other column.
    return sa.Column("pupil", sa.ForeignKey("pupil.id"), primary_key=True, index=True)


activity = sa.Table(
    "activity",
    in_office,
    _id(),
    _text("title"),
    sa.Column("starts", Moment, nullable=False, index=True),
    _text("purposes"),
    _text("equipment"),
    sa.Column("own_equipment", sa.Boolean, nullable=False),
    _text("afterwards"),
)

activity_pupil = sa.Table(
    "activity_pupil",
    in_office,
    sa.Column("activity", sa.ForeignKey("activity.id"), primary_key=True),
    _pupil(),
)

equipment_exception = sa.Table(
    "equipment_exception",
    in_office,
    _id(),
    _activity(),
    _text("equipment"),
    _text("owner"),
    _text("approver"),
    sa.Column("until", Day, nullable=False),
)

publication = sa.Table(
    "publication",
    in_office,
    _id(),
    _text("what"),
    _text("purposes"),
    _text("place"),
    sa.Column("day", Day, nullable=False, index=True),
    _text("editor"),
    _activity(may_lack=True),
)

publication_pupil = sa.Table(
    "publication_pupil",
    in_office,
    sa.Column("publication", sa.ForeignKey("publication.id"), primary_key=True),
    _pupil(),
)

image_set = sa.Table(
    "image_set",
    in_office,
    _id(),
    _text("what"),
    _text("place"),
    sa.Column("held_on", sa.String(20), nullable=False),
    sa.Column("taken", Day, nullable=False),
    _activity(may_lack=True),
    sa.Column("destroyed", Day),
    _text("attested_by"),
    _text("how"),
)
