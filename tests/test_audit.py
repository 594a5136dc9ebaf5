"""The audit log shows whoever touched it (TRUST T09)."""

import pytest
from peewee import IntegrityError

from allies import audit
from allies.audit import AuditLine, record
from allies.db import database


@pytest.fixture
def log(app, member):
    """Ten lines behind what the demo region has."""
    for number in range(10):
        record(member("carla"), "meeting.planned", note=f"reden {number}")
    return AuditLine.select().count()


def tampered(sql):
    """Run SQL behind the back of the triggers, as somebody with the file could."""
    for act in ("update", "delete"):
        database.execute_sql(f"DROP TRIGGER audit_line_no_{act}")
    database.execute_sql(sql)


def test_an_untouched_log_is_whole(log):
    assert audit.first_broken_line() is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit_line SET action = 'meeting.held' WHERE id = 5", 5),
        ("UPDATE audit_line SET at = '2020-01-01 00:00:00' WHERE id = 1", 1),
        ("DELETE FROM audit_line WHERE id = 4", 4),
        ("UPDATE audit_line SET id = -3 WHERE id = 3", 1),
        (
            "INSERT INTO audit_line SELECT 11, at, actor, alliance, action, subject, note_hash, mac"
            " FROM audit_line WHERE id = 10",
            11,
        ),
    ],
)
def test_an_edited_removed_moved_or_repeated_line_shows(log, sql, broken):
    assert log == 10
    tampered(sql)

    assert audit.first_broken_line() == broken


def test_the_database_itself_refuses_to_change_or_remove_a_line(log):
    for sql in ("UPDATE audit_line SET action = 'x'", "DELETE FROM audit_line"):
        with pytest.raises(IntegrityError, match="append-only"):
            database.execute_sql(sql)
    assert audit.first_broken_line() is None


def test_free_text_stays_outside_the_log(log):
    rows = repr(list(AuditLine.select().dicts()))

    assert "reden" not in rows
    assert len({line.note_hash for line in AuditLine.select()}) == log


def test_verify_audit_says_which_line_does_not_fit(app, log):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["verify-audit"]).exit_code == 0
    tampered("UPDATE audit_line SET actor = 'x' WHERE id = 7")
    result = runner.invoke(args=["verify-audit"])

    assert result.exit_code == 1
    assert "line 7" in result.output
