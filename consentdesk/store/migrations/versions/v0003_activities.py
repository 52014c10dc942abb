"""Activities, publications, held images and the equipment that was allowed for them.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no row of an older office belongs into any of them."""
    op.create_table(
        "activity",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts", sa.String(32), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("own_equipment", sa.Boolean(), nullable=False),
        sa.Column("afterwards", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_starts"), "activity", ["starts"])
    op.create_table(
        "activity_pupil",
        sa.Column("activity", sa.String(32), nullable=False),
        sa.Column("pupil", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("activity", "pupil", name=op.f("pk_activity_pupil")),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name=op.f("fk_activity_pupil_activity")),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name=op.f("fk_activity_pupil_pupil")),
    )
    op.create_index(op.f("ix_activity_pupil_pupil"), "activity_pupil", ["pupil"])
    op.create_table(
        "equipment_exception",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("activity", sa.String(32), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_exception")),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name=op.f("fk_equipment_exception_activity")),
    )
    op.create_index(op.f("ix_equipment_exception_activity"), "equipment_exception", ["activity"])
    op.create_table(
        "publication",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("activity", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name=op.f("fk_publication_activity")),
    )
    op.create_index(op.f("ix_publication_activity"), "publication", ["activity"])
    op.create_index(op.f("ix_publication_day"), "publication", ["day"])
    op.create_table(
        "publication_pupil",
        sa.Column("publication", sa.String(32), nullable=False),
        sa.Column("pupil", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("publication", "pupil", name=op.f("pk_publication_pupil")),
        sa.ForeignKeyConstraint(
            ["publication"], ["publication.id"], name=op.f("fk_publication_pupil_publication")
        ),
        sa.ForeignKeyConstraint(["pupil"], ["pupil.id"], name=op.f("fk_publication_pupil_pupil")),
    )
    op.create_index(op.f("ix_publication_pupil_pupil"), "publication_pupil", ["pupil"])
    op.create_table(
        "image_set",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("held_on", sa.String(20), nullable=False),
        sa.Column("taken", sa.String(10), nullable=False),
        sa.Column("activity", sa.String(32), nullable=True),
        sa.Column("destroyed", sa.String(10), nullable=True),
        sa.Column("attested_by", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_set")),
        sa.ForeignKeyConstraint(["activity"], ["activity.id"], name=op.f("fk_image_set_activity")),
    )
    op.create_index(op.f("ix_image_set_activity"), "image_set", ["activity"])
