"""The tables of both files: plain SQL that any database knows, ids made by the program, moments as UTC text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept as ISO text in UTC of one length, so that the text sorts as time does."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text of `value`. Raises `ValueError` for a moment without a time zone, which could be any moment."""
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment that the text says."""
        return None if value is None else datetime.fromisoformat(value)


class Day(sa.types.TypeDecorator[date]):
    """A calendar day, kept as ISO text of one length."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text of `value`."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """The day that the text says."""
        return None if value is None else date.fromisoformat(value)


def text_of(moment: datetime) -> str:
    """`moment` as `Moment` keeps it: `2026-11-21T09:41:00.000000+00:00`."""
    if moment.tzinfo is None:
        raise ValueError("a moment is kept with its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


# Every constraint has a name, so that a migration can find it.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

in_office = sa.MetaData(naming_convention=_NAMES)
"""What stands in `office.db`."""

in_images = sa.MetaData(naming_convention=_NAMES)
"""What stands in `images.db`: bytes under an id, and nothing that would ever need a migration."""


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _text(name: str, *, may_lack: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=may_lack)


# The office itself.

office = sa.Table(
    "office",
    in_office,
    _id(),  # the database's id, which office.keys and the high-water mark name
    _text("school"),
    sa.Column("tag", sa.String(6), nullable=False),
    sa.Column("created", Moment, nullable=False),
)

setting = sa.Table("setting", in_office, sa.Column("key", sa.String(100), primary_key=True), _text("value"))

code_key = sa.Table(
    "code_key",
    in_office,
    sa.Column("version", sa.String(1), primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("created", Moment, nullable=False),
)

account = sa.Table(
    "account",
    in_office,
    _id(),
    _text("name"),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("recovery", sa.Boolean, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("removed", Moment),
)

# People. The last columns hold names as they are matched and sorted; what is shown stands before them.

pupil = sa.Table(
    "pupil",
    in_office,
    _id(),
    _text("legal_first"),
    _text("legal_last"),
    _text("preferred_first", may_lack=True),
    _text("preferred_last", may_lack=True),
    _text("class_name"),
    sa.Column("date_of_birth", Day),
    sa.Column("year_group", sa.Integer),
    sa.Column("upn", sa.Text, index=True),
    sa.Column("admission_number", sa.Text, index=True),
    sa.Column("looked_after", sa.Boolean),
    sa.Column("has_left", sa.Boolean, nullable=False),
    sa.Column("class_key", sa.Text, nullable=False, index=True),
    _text("sort_last"),
    _text("sort_first"),
    _text("folded"),
)

guardian = sa.Table(
    "guardian",
    in_office,
    _id(),
    sa.Column("pupil", sa.ForeignKey("pupil.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    _text("name"),
    _text("relationship"),
    sa.Column("responsibility", sa.String(10), nullable=False),
    _text("court_note"),
    # An authority that stands in for parents.
    sa.Column("corporate", sa.Boolean, nullable=False, server_default=sa.false()),
)

staff = sa.Table(
    "staff",
    in_office,
    _id(),
    _text("name"),
    _text("role"),
    sa.Column("volunteer", sa.Boolean, nullable=False),
    sa.Column("since", Day),
    sa.Column("left_on", Day),
)

# Forms and slips.

form_definition = sa.Table(
    "form_definition",
    in_office,
    sa.Column("form", sa.Text, primary_key=True),
    _text("definition"),
    _text("source"),
    sa.Column("kept_at", Moment, nullable=False),
    _text("kept_by"),
)

form_version = sa.Table(
    "form_version",
    in_office,
    sa.Column("tag", sa.String(4), primary_key=True),
    sa.Column("form", sa.Text, nullable=False, index=True),
    _text("variant"),
    _text("definition"),
    sa.Column("layout", sa.LargeBinary, nullable=False),
    sa.Column("pdf", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("kept_at", Moment, nullable=False),
)

print_run = sa.Table(
    "print_run",
    in_office,
    _id(),
    sa.Column("at", Moment, nullable=False),
    _text("by"),
    sa.Column("slips", sa.Integer, nullable=False),
)

slip = sa.Table(
    "slip",
    in_office,
    sa.Column("id", sa.String(10), primary_key=True),
    sa.Column("pupil", sa.ForeignKey("pupil.id"), nullable=False),
    _text("form"),
    sa.Column("version", sa.ForeignKey("form_version.tag"), nullable=False, index=True),
    sa.Column("run", sa.ForeignKey("print_run.id"), nullable=False, index=True),
    sa.Column("printed", Day, nullable=False),
    sa.Column("until", Day, nullable=False),
    _text("school_class"),
    sa.Index(None, "pupil", "form"),
)

# Scans.

scan_file = sa.Table(
    "scan_file",
    in_office,
    _id(),
    _text("name"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), index=True),
    sa.Column("pages", sa.Integer),
    sa.Column("begun", Moment, nullable=False),
    sa.Column("finished", Moment),
)

batch = sa.Table(
    "batch",
    in_office,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("confirmed_by", sa.Text),
)

scan_page = sa.Table(
    "scan_page",
    in_office,
    sa.Column("file", sa.ForeignKey("scan_file.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("batch", sa.ForeignKey("batch.number"), index=True),
    sa.Column("details", sa.LargeBinary, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

reading = sa.Table(
    "reading",
    in_office,
    _id(),
    sa.Column("file", sa.ForeignKey("scan_file.id"), index=True),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("slip", sa.ForeignKey("slip.id"), index=True),
    sa.Column("batch", sa.ForeignKey("batch.number"), index=True),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("signed", sa.Boolean),
    sa.Column("decision", sa.LargeBinary, nullable=False),
    sa.Column("crop", sa.String(32)),
    sa.Column("typed_code", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
)

SELDOM = "kind NOT IN ('answered', 'confirmed', 'issued', 'joined', 'returned', 'reviewed')"
"""The kinds of event that are looked for by their kind: the school's rules, restrictions, withdrawals."""

# The ledger. `what` an event says stands in `payload` alone, so that erasing it leaves the chain whole.

event = sa.Table(
    "event",
    in_office,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("on_day", Day, nullable=False),
    _text("by"),
    sa.Column("pupil", sa.String(32)),
    sa.Column("slip", sa.String(10), index=True),
    sa.Column("batch", sa.Integer),
    sa.Column("payload", sa.Text),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("payload_hash", sa.LargeBinary, nullable=False),
    sa.Column("chain_hash", sa.LargeBinary, nullable=False),
    sa.Index(None, "pupil", "seq"),
    # Not those that printing and reading write by the thousand: there it would only cost time.
    sa.Index(
        "ix_event_seldom", "kind", "seq", sqlite_where=sa.text(SELDOM), postgresql_where=sa.text(SELDOM)
    ),
    sa.CheckConstraint("(payload IS NULL) = (salt IS NULL)", name="salted"),
)

erasure = sa.Table(
    "erasure",
    in_office,
    sa.Column("pupil", sa.String(32), primary_key=True),
    # Checked only at the commit: payloads can go once an erasure is announced here, and nothing of it can
    # be kept without the event that tells of it.
    sa.Column(
        "event", sa.ForeignKey("event.id", deferrable=True, initially="DEFERRED"), nullable=False, unique=True
    ),
)

# The images' file.

image = sa.Table(
    "image",
    in_images,
    _id(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

scan_chunk = sa.Table(
    "scan_chunk",
    in_images,
    sa.Column("file", sa.String(32), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
