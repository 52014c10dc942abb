"""Staff, corporate parents, and the facts about people that a status hangs on, as events.

Revision ID: 0002
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import sqlalchemy as sa
from alembic import op

from consentdesk.store import chain

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SELDOM = "kind NOT IN ('answered', 'confirmed', 'issued', 'joined', 'returned', 'reviewed')"
_BY = "consentdesk"
"""Nobody's id: the program itself, which brought an older office up to date."""


def upgrade() -> None:
    """Make the new table, column and index, then append what the ledger did not know yet (rules A2, A4, C1)."""
    op.create_table(
        "staff",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(10), nullable=True),
        sa.Column("left_on", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("guardian", recreate="always") as batch:
        batch.add_column(sa.Column("corporate", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        op.f("ix_event_seldom"),
        "event",
        ["kind", "seq"],
        sqlite_where=sa.text(_SELDOM),
        postgresql_where=sa.text(_SELDOM),
    )
    _append(op.get_bind())


def _append(connection: sa.Connection) -> None:
    """Events for the birthdays of pupils, and for guardians who cannot simply say yes.

    Until now only the tables knew them, and a status reads nothing but the ledger.
    """
    office = connection.execute(sa.text("SELECT id FROM office")).first()
    if office is None:
        return
    last = connection.execute(sa.text("SELECT seq, chain_hash FROM event ORDER BY seq DESC LIMIT 1")).first()
    count, chained = (last.seq, last.chain_hash) if last else chain.beginning(office.id)
    now = datetime.now(UTC)
    at, on = now.isoformat(timespec="microseconds"), now.astimezone().date().isoformat()
    for kind, pupil, said in _facts(connection):
        count += 1
        payload = msgspec.json.encode({"type": kind, **said})
        event, salt = uuid4().hex, chain.new_salt()
        hashed = chain.payload_hash(salt, payload)
        chained = chain.link(chained, (count, event, kind, at, on, _BY, pupil, None, None), hashed)
        connection.execute(
            sa.text(
                'INSERT INTO event (seq, id, kind, at, on_day, "by", pupil, payload, salt, payload_hash, chain_hash)'
                " VALUES (:seq, :id, :kind, :at, :on_day, :by, :pupil, :payload, :salt, :hashed, :chained)"
            ),
            {
                "seq": count, "id": event, "kind": kind, "at": at, "on_day": on, "by": _BY, "pupil": pupil,
                "payload": payload.decode(), "salt": salt, "hashed": hashed, "chained": chained,
            },
        )  # fmt: skip


def _facts(connection: sa.Connection) -> list[tuple[str, str, dict[str, object]]]:
    born = connection.execute(
        sa.text("SELECT id, date_of_birth FROM pupil WHERE date_of_birth IS NOT NULL ORDER BY id")
    )
    found: list[tuple[str, str, dict[str, object]]] = [
        ("birth-recorded", row.id, {"born": row.date_of_birth}) for row in born
    ]
    guardians = connection.execute(
        sa.text(
            "SELECT id, pupil, name, relationship, responsibility, court_note FROM guardian"
            " WHERE responsibility = 'no' OR court_note <> '' ORDER BY pupil, place"
        )
    )
    for row in guardians:
        said = {
            "guardian": row.id,
            "name": row.name,
            "relationship": row.relationship,
            "responsibility": row.responsibility,
            "court_note": row.court_note,
        }
        found.append(("guardian-recorded", row.pupil, said))
    return found
