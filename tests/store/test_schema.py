"""Schemas: one source of truth, older ones brought up to date whole or not at all, newer ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from consentdesk.errors import DamagedOffice, NewerOffice
from consentdesk.store import ledger, schema, triggers
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import Database
from tests.store.made_up import Drawer, happened

REBUILD = """
    with op.batch_alter_table("event", recreate="always") as batch:
        batch.add_column(sa.Column("remark", sa.Text))
"""
FAIL = (
    REBUILD
    + """
    op.create_table("half_done", sa.Column("id", sa.Text))
    op.execute(sa.table("setting").delete())
    raise ZeroDivisionError
"""
)
LOOSEN = """
    op.execute("PRAGMA foreign_keys")
    op.execute("INSERT INTO guardian VALUES ('g', 'nobody', 0, 'n', 'r', 'yes', '', 0)")
"""


NEXT = "next"


def step(folder: Path, body: str) -> dict[str, object]:
    """What `bring_up_to_date` needs to know of a schema after the last, whose migration does `body`."""
    folder.mkdir()
    script = (
        '"""A made-up step."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "{NEXT}"\ndown_revision = "{schema.HEAD}"\n\n\ndef upgrade() -> None:\n{body}'
    )
    (folder / "made_up.py").write_text(script)
    return {"revisions": (*schema.REVISIONS, NEXT), "versions": (schema.VERSIONS, folder)}


def layout(office: EncryptedFile) -> list[sa.Row[tuple[str, str, str]]]:
    """Every table, index and trigger of the file, as it is written there."""
    return sorted(
        tuple(row)
        for row in office.rows(
            sa.text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        )
    )  # type: ignore[return-value]


def test_the_migrations_make_the_same_tables_as_the_program(db: Database, tmp_path: Path) -> None:
    fresh = EncryptedFile(tmp_path / "fresh.db", b"k" * 32, new=True)
    try:
        with fresh.writing() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
                " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('nothing')")
        with pytest.raises(NewerOffice):
            schema.bring_up_to_date(fresh, lambda _: None)
        with fresh.writing() as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version")
        schema.migrate(fresh, schema.HEAD, (schema.VERSIONS,))
        made = {(kind, name): "".join(sql.replace('"', "").split()) for kind, name, sql in layout(fresh)}
    finally:
        fresh.close()
    expected = {(kind, name): "".join(sql.replace('"', "").split()) for kind, name, sql in layout(db.office)}
    assert made == expected


def test_the_last_migration_is_the_programs_head() -> None:
    from alembic.config import Config  # noqa: PLC0415 - as seldom as in the program
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == schema.HEAD
    assert tuple(step.revision for step in reversed(list(scripts.walk_revisions()))) == schema.REVISIONS


def test_an_office_of_this_schema_is_left_alone(db: Database) -> None:
    before = layout(db.office)
    assert schema.bring_up_to_date(db.office, lambda _: pytest.fail("a backup for nothing")) is False
    assert layout(db.office) == before


def test_a_newer_schema_is_refused_and_not_called_damage(drawer: Drawer) -> None:
    db = drawer.make()
    with db.office.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    db.close()
    before = drawer.office.read_bytes()
    with pytest.raises(NewerOffice, match="newer version"):
        drawer.open()
    assert drawer.office.read_bytes() == before


def test_newer_images_are_refused_too(drawer: Drawer) -> None:
    db = drawer.make()
    db.images.set_number(99)
    db.close()
    with pytest.raises(NewerOffice, match=r"images\.db"):
        drawer.open()


@pytest.mark.parametrize("sql", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_a_database_without_a_schema_is_no_office(drawer: Drawer, sql: str) -> None:
    db = drawer.make()
    with db.office.writing() as connection:
        connection.exec_driver_sql(sql)
    db.close()
    with pytest.raises(DamagedOffice, match="not the database of an office"):
        drawer.open()


def test_rebuilding_a_table_drops_its_triggers_without_a_word(db: Database) -> None:
    """Why they are all made again after every migration."""
    with db.office.without_foreign_keys(), db.office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER erasure_comes_before_its_event")
        connection.exec_driver_sql("CREATE TABLE rebuilt AS SELECT * FROM event")
        connection.exec_driver_sql("DROP TABLE event")
        connection.exec_driver_sql("ALTER TABLE rebuilt RENAME TO event")
    assert "event_stays" not in db.office.triggers()


def test_after_a_migration_that_rebuilds_the_ledger_its_triggers_are_back(
    db: Database, tmp_path: Path
) -> None:
    ledger.append(db, [happened(db), happened(db)])
    backed_up: list[str] = []
    assert schema.bring_up_to_date(db.office, backed_up.append, **step(tmp_path / "steps", REBUILD))  # type: ignore[arg-type]
    assert backed_up == [schema.HEAD]
    assert db.office.triggers() == triggers.TRIGGERS
    assert "remark" in db.office.rows(sa.text("SELECT * FROM event LIMIT 1"))[0]._fields
    ledger.check_chain(db)
    with pytest.raises(sa.exc.IntegrityError, match="never deleted"), db.office.writing() as connection:
        connection.exec_driver_sql("DELETE FROM event")
    assert db.office.rows(sa.text("PRAGMA foreign_keys")) == [(1,)]
    assert schema.revision(db.office) == NEXT


def test_a_migration_that_fails_leaves_the_office_as_it_was(drawer: Drawer, tmp_path: Path) -> None:
    db = drawer.make()
    ledger.append(db, [happened(db), happened(db)])
    db.office.write(sa.text("INSERT INTO setting VALUES ('a', '1')"))
    before, rows = layout(db.office), db.office.rows(sa.text("SELECT * FROM event"))
    with pytest.raises(ZeroDivisionError):
        schema.bring_up_to_date(db.office, lambda _: None, **step(tmp_path / "steps", FAIL))  # type: ignore[arg-type]
    assert layout(db.office) == before
    assert db.office.rows(sa.text("SELECT * FROM event")) == rows
    assert db.office.rows(sa.text("SELECT * FROM setting")) == [("a", "1")]
    db.close()
    drawer.open().close()


def test_a_migration_that_leaves_loose_rows_is_not_kept(db: Database, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="loose rows in guardian"):
        schema.bring_up_to_date(db.office, lambda _: None, **step(tmp_path / "steps", LOOSEN))  # type: ignore[arg-type]
    assert db.office.rows(sa.text("SELECT count(*) FROM guardian")) == [(0,)]
    assert schema.revision(db.office) == schema.HEAD


def test_an_older_office_is_backed_up_and_migrated_at_its_opening(
    drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = drawer.make()
    ledger.append(db, [happened(db)])
    db.close()
    plan = step(tmp_path / "steps", REBUILD)
    monkeypatch.setattr(schema.bring_up_to_date, "__kwdefaults__", plan)
    again = drawer.open()
    assert schema.revision(again.office) == NEXT
    (backup,) = (drawer.folder / "before-migrations").iterdir()
    assert backup.name.startswith(f"{schema.HEAD}-")
    monkeypatch.undo()
    again.close()
    with pytest.raises(NewerOffice):
        drawer.open()
    (backup / "office.db").replace(drawer.office)
    assert drawer.open().head.events == 1


def test_the_trigger_list_holds_against_plain_sql() -> None:
    """The names are the keys, and every trigger only ever refuses."""
    plain = dbapi2.connect(":memory:")
    for table in ("event", "erasure", "form_version"):
        plain.execute(
            f'CREATE TABLE {table} (seq, id, kind, at, on_day, "by", pupil, slip, batch, payload, salt,'
            " payload_hash, chain_hash, event)"
        )
    for name, sql in triggers.TRIGGERS.items():
        assert sql.startswith(f"CREATE TRIGGER {name} BEFORE ")
        assert "RAISE(ABORT" in sql
        plain.execute(sql)
    plain.close()


@pytest.mark.parametrize(
    ("present", "wrong"),
    [
        (dict(triggers.TRIGGERS), ()),
        ({}, tuple(sorted(triggers.TRIGGERS))),
        (triggers.TRIGGERS | {"extra": "CREATE TRIGGER extra"}, ("extra",)),
        (triggers.TRIGGERS | {"event_stays": "CREATE TRIGGER event_stays"}, ("event_stays",)),
    ],
)
def test_differences_are_named(present: dict[str, str], wrong: tuple[str, ...]) -> None:
    assert triggers.differences(present) == wrong
