"""The migrations give exactly the schema of the models (DESIGN 4)."""

import re

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner

from allies import db, migrate


def schema_of(database):
    """Tables, indexes and triggers as normalised SQL."""
    rows = database.execute_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found = {}
    for kind, name, sql in rows.fetchall():
        if name not in {"schema_migration", "schema_migration_name"}:
            found[kind, name] = normal(sql)
    return found


def normal(sql):
    """White space, quotes and the order of columns do not make a schema."""
    flat = re.sub(r"\s+", " ", sql.replace('"', "").replace("`", "")).strip()
    head, _open, body = flat.partition("(")
    return head, tuple(sorted(part.strip() for part in re.split(r",(?![^(]*\))", body.rstrip(")"))))


@pytest.fixture
def empty(tmp_path, app):
    """A new database file; the application's own comes back afterwards."""
    before, other = (
        db.database.obj,
        SqliteDatabase(tmp_path / "empty.db", pragmas={"foreign_keys": 1}),
    )
    db.database.initialize(other)
    yield other
    other.close()
    db.database.initialize(before)


def test_migrated_schema_equals_the_models(empty):
    Runner(empty, str(migrate.FOLDER)).up()
    migrated = schema_of(empty)
    empty.close()
    plain = SqliteDatabase(":memory:")
    db.database.initialize(plain)
    plain.create_tables(migrate.all_models())
    triggers = {k: v for k, v in migrated.items() if k[0] == "trigger"}

    assert {k: v for k, v in migrated.items() if k[0] != "trigger"} == schema_of(plain)
    assert set(triggers) == {
        ("trigger", "audit_line_no_update"),
        ("trigger", "audit_line_no_delete"),
        ("trigger", "audit_line_only_at_the_end"),
        ("trigger", "audit_anchor_only_at_the_end"),
    }


def test_every_step_goes_up_and_down_again(empty):
    runner = Runner(empty, str(migrate.FOLDER))
    names = runner.up()
    stages = [schema_of(empty)]
    for _name in names:
        runner.down()
        stages.append(schema_of(empty))

    assert stages[-1] == {}
    for expected in reversed(stages[:-1]):
        runner.up(runner_next(runner))
        assert schema_of(empty) == expected


def runner_next(runner):
    return next(m.name for m in runner.status() if not m.applied)


def test_people_and_invitations_of_before_are_kept(empty):
    """0006 makes two tables anew and adds columns to others; nobody may be lost on the way."""
    runner = Runner(empty, str(migrate.FOLDER))
    runner.up("0005_invitations")
    for statement in (
        "INSERT INTO region (id, name) VALUES ('r', 'Walcheren')",
        "INSERT INTO alliance (id, region_id, name) VALUES ('a', 'r', 'Veere')",
        "INSERT INTO user (id, locale) VALUES ('u', 'nl')",
        "INSERT INTO membership (id, alliance_id, user_id, role, alias)"
        " VALUES ('m', 'a', 'u', 'ally', 'Helm')",
        "INSERT INTO identity (id, user_id, name, email, email_index)"
        " VALUES ('i', 'u', x'01', x'02', x'03')",
        "INSERT INTO invitation (id, alliance_id, role, code_hash, made_at, ends_at, is_used)"
        " VALUES ('n', 'a', 'ally', 'hash', '2026-11-20', '2026-11-27', 0)",
    ):
        empty.execute_sql(statement)

    runner.up()

    for table in ("region", "alliance", "user", "membership", "identity", "invitation"):
        rows = empty.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608
        assert rows == (1,), table
    assert empty.execute_sql("SELECT draws_left FROM membership").fetchone() == (0,)
    assert empty.execute_sql("PRAGMA foreign_key_check").fetchall() == []
