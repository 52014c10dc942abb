"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first schema; the triggers follow every migration by themselves."""
    op.create_table(
        "account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("recovery", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("removed", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "batch",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.String(32), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_batch")),
    )
    op.create_table(
        "code_key",
        sa.Column("version", sa.String(1), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_code_key")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("pupil", sa.String(32), nullable=True),
        sa.Column("slip", sa.String(10), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("payload_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(payload IS NULL) = (salt IS NULL)", name=op.f("ck_event_salted")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
    )
    op.create_index(op.f("ix_event_pupil_seq"), "event", ["pupil", "seq"])
    op.create_index(op.f("ix_event_slip"), "event", ["slip"])
    op.create_table(
        "form_definition",
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.String(32), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", name=op.f("pk_form_definition")),
    )
    op.create_table(
        "form_version",
        sa.Column("tag", sa.String(4), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("layout", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kept_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_form_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_form_version_sha256")),
    )
    op.create_index(op.f("ix_form_version_form"), "form_version", ["form"])
    op.create_table(
        "office",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("tag", sa.String(6), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "print_run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
    )
    op.create_table(
        "pupil",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("legal_first", sa.Text(), nullable=False),
        sa.Column("legal_last", sa.Text(), nullable=False),
        sa.Column("preferred_first", sa.Text(), nullable=True),
        sa.Column("preferred_last", sa.Text(), nullable=True),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.String(10), nullable=True),
        sa.Column("year_group", sa.Integer(), nullable=True),
        sa.Column("upn", sa.Text(), nullable=True),
        sa.Column("admission_number", sa.Text(), nullable=True),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("class_key", sa.Text(), nullable=False),
        sa.Column("sort_last", sa.Text(), nullable=False),
        sa.Column("sort_first", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil")),
    )
    op.create_index(op.f("ix_pupil_admission_number"), "pupil", ["admission_number"])
    op.create_index(op.f("ix_pupil_class_key"), "pupil", ["class_key"])
    op.create_index(op.f("ix_pupil_upn"), "pupil", ["upn"])
    op.create_table(
        "scan_file",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("begun", sa.String(32), nullable=False),
        sa.Column("finished", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_file")),
    )
    op.create_index(op.f("ix_scan_file_sha256"), "scan_file", ["sha256"])
    op.create_table(
        "setting",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "erasure",
        sa.Column("pupil", sa.String(32), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("pupil", name=op.f("pk_erasure")),
        sa.UniqueConstraint("event", name=op.f("uq_erasure_event")),
        sa.ForeignKeyConstraint(
            ["event"], ["event.id"], name=op.f("fk_erasure_event"), initially="DEFERRED", deferrable=True
        ),
    )
    op.create_table(
        "guardian",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("pupil", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("responsibility", sa.String(10), nullable=False),
        sa.Column("court_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name=op.f("fk_guardian_pupil")),
    )
    op.create_index(op.f("ix_guardian_pupil"), "guardian", ["pupil"])
    op.create_table(
        "scan_page",
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("file", "number", name=op.f("pk_scan_page")),
        sa.ForeignKeyConstraint(["file"], ["scan_file.id"], name=op.f("fk_scan_page_file")),
        sa.ForeignKeyConstraint(["batch"], ["batch.number"], name=op.f("fk_scan_page_batch")),
    )
    op.create_index(op.f("ix_scan_page_batch"), "scan_page", ["batch"])
    op.create_table(
        "slip",
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("pupil", sa.String(32), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("version", sa.String(4), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("printed", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("school_class", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name=op.f("fk_slip_pupil")),
        sa.ForeignKeyConstraint(["version"], ["form_version.tag"], name=op.f("fk_slip_version")),
        sa.ForeignKeyConstraint(["run"], ["print_run.id"], name=op.f("fk_slip_run")),
    )
    op.create_index(op.f("ix_slip_pupil_form"), "slip", ["pupil", "form"])
    op.create_index(op.f("ix_slip_run"), "slip", ["run"])
    op.create_index(op.f("ix_slip_version"), "slip", ["version"])
    op.create_table(
        "reading",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("file", sa.String(32), nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("slip", sa.String(10), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("crop", sa.String(32), nullable=True),
        sa.Column("typed_code", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.ForeignKeyConstraint(["file"], ["scan_file.id"], name=op.f("fk_reading_file")),
        sa.ForeignKeyConstraint(["slip"], ["slip.id"], name=op.f("fk_reading_slip")),
        sa.ForeignKeyConstraint(["batch"], ["batch.number"], name=op.f("fk_reading_batch")),
    )
    op.create_index(op.f("ix_reading_batch"), "reading", ["batch"])
    op.create_index(op.f("ix_reading_file"), "reading", ["file"])
    op.create_index(op.f("ix_reading_slip"), "reading", ["slip"])
    op.create_index(op.f("ix_reading_state"), "reading", ["state"])
