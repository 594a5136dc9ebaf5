"""The audit log shows whoever touched it (TRUST T09)."""

import random
from datetime import timedelta

import pytest
import time_machine
from peewee import IntegrityError

from allies import audit
from allies.audit import AuditAnchor, AuditLine, AuditNote, record
from allies.audit_mail import head_line
from allies.db import database, now

TRIES = 200
COLUMNS = ("at", "actor", "alliance", "action", "subject", "note_hash", "mac")


@pytest.fixture(autouse=True)
def empty(app):
    """The log begins with the test: the demo region may come with lines."""
    made = database.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    tampered(("DELETE FROM audit_line",), ("DELETE FROM audit_note",))
    for (sql,) in made:
        database.execute_sql(sql)


@pytest.fixture
def log(member):
    """Ten lines."""
    return lines(member, 10)


@pytest.fixture
def verify(app):
    """verify(…) runs the command with these options."""

    def run(*options):
        with app.app_context():
            return app.test_cli_runner().invoke(args=["verify-audit", *options])

    return run


def lines(member, number):
    for n in range(number):
        record(member("carla"), "meeting.planned", note=f"reden {n}")
    return AuditLine.select().count()


def tampered(*statements):
    """Run SQL behind the back of the triggers, as somebody with the file could."""
    names = database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names.fetchall():
        database.execute_sql(f"DROP TRIGGER {name}")
    for sql, *values in statements:
        database.execute_sql(sql, values)


def test_an_untouched_log_is_whole(log):
    assert audit.first_broken_line([audit.head()]) is None
    assert audit.first_broken_note() is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit_line SET action = 'meeting.held' WHERE id = 5", 5),
        ("UPDATE audit_line SET at = '2020-01-01 00:00:00' WHERE id = 1", 1),
        ("UPDATE audit_line SET at = at || '.000000' WHERE id = 3", 3),
        ("UPDATE audit_line SET mac = 'x' WHERE id = 3", 3),
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
    tampered((sql,))

    assert audit.first_broken_line() == broken


def edit(chance, last):
    column, number = chance.choice(COLUMNS), chance.randint(1, last)
    return [(f"UPDATE audit_line SET {column} = 'x' || {column} WHERE id = ?", number)]  # noqa: S608


def delete(chance, last):
    return [("DELETE FROM audit_line WHERE id = ?", chance.randint(1, last - 1))]


def swap(chance, last):
    first, second = chance.sample(range(1, last + 1), 2)
    return [
        ("UPDATE audit_line SET id = -id WHERE id IN (?, ?)", first, second),
        ("UPDATE audit_line SET id = ? WHERE id = ?", second, -first),
        ("UPDATE audit_line SET id = ? WHERE id = ?", first, -second),
    ]


def insert(chance, last):
    """A line of another place put in between, the later ones moved up."""
    place, source = chance.randint(1, last), chance.randint(1, last)
    columns = ", ".join(COLUMNS)
    return [
        (f"CREATE TEMP TABLE extra AS SELECT {columns} FROM audit_line WHERE id = ?", source),  # noqa: S608
        ("UPDATE audit_line SET id = -id WHERE id > ?", place),
        ("UPDATE audit_line SET id = 1 - id WHERE id < 0",),
        (f"INSERT INTO audit_line SELECT ?, {columns} FROM extra", place + 1),  # noqa: S608
        ("DROP TABLE extra",),
    ]


def truncate(chance, last):
    return [("DELETE FROM audit_line WHERE id > ?", chance.randint(0, last - 1))]


@pytest.mark.parametrize("act", [edit, delete, swap, insert, truncate])
def test_every_one_of_200_tamperings_is_found_with_a_head_kept_outside(app, member, act):
    last = lines(member, 40)
    head, chance, found = audit.head(), random.Random(act.__name__), 0  # noqa: S311
    tampered()
    for _try in range(TRIES):
        with database.atomic() as copy:
            tampered(*act(chance, last))
            found += audit.first_broken_line([head]) is not None
            copy.rollback()

    assert found == TRIES
    assert audit.first_broken_line([head]) is None


def test_without_a_head_a_cut_off_end_does_not_show(log):
    """Why the head goes outside every day."""
    head = audit.head()
    tampered(("DELETE FROM audit_line WHERE id > 7",))

    assert audit.first_broken_line() is None
    assert audit.first_broken_line([head]) == 8


def test_a_log_that_was_written_anew_does_not_fit_an_older_head(log):
    old, other = (6, AuditLine.get_by_id(6).mac), (6, b"\0" * 32)

    assert audit.first_broken_line([old]) is None
    assert audit.first_broken_line([other]) == 6


def test_the_database_itself_refuses_to_change_or_remove_a_line(log):
    last = "SELECT id, at, actor, alliance, 'x', subject, note_hash, mac FROM audit_line"
    for sql in (
        "UPDATE audit_line SET action = 'x'",
        "DELETE FROM audit_line",
        f"INSERT OR REPLACE INTO audit_line {last} WHERE id = 5",  # removes without a DELETE
    ):
        with pytest.raises(IntegrityError, match="append-only"):
            database.execute_sql(sql)
    assert audit.first_broken_line() is None


def test_free_text_stays_outside_the_log(log):
    rows = repr(list(AuditLine.select().dicts()))

    assert "reden" not in rows
    assert len({line.note_hash for line in AuditLine.select()}) == log
    assert [note.text for note in AuditNote.select()] == [f"reden {n}" for n in range(log)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_note SET text = 'een andere reden' WHERE id = 5",
        "UPDATE audit_note SET id = 11 WHERE id = 5",
        "UPDATE audit_note SET text = x'00' WHERE id = 5",
    ],
)
def test_a_changed_note_shows_and_a_removed_one_leaves_the_chain_whole(log, sql):
    AuditNote.delete().where(AuditNote.id == 4).execute()
    assert (audit.first_broken_line(), audit.first_broken_note()) == (None, None)

    database.execute_sql(sql)

    assert audit.first_broken_line() is None
    assert audit.first_broken_note() in {5, 11}


@pytest.fixture
def aged(member):
    """Three lines a day on six days, of which three are older than half a year."""
    start = now().replace(hour=8, minute=0, second=0) - audit.KEPT
    for day in (-3, -2, -1, 0, 1, 2):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            lines(member, 3)
    return [audit.head()]


def test_whole_days_older_than_half_a_year_go_and_the_rest_still_verifies(aged):
    audit.prune()

    assert [line.id for line in AuditLine.select().order_by(AuditLine.id)] == list(range(10, 19))
    assert [note.id for note in AuditNote.select().order_by(AuditNote.id)] == list(range(10, 19))
    assert audit.first_broken_line(aged) is None
    assert audit.first_broken_note() is None
    audit.prune()
    assert AuditAnchor.select().count() == 1


def test_the_chain_goes_on_behind_an_anchor_when_every_line_has_gone(aged, member):
    with time_machine.travel(now() + 2 * audit.KEPT, tick=False):
        audit.prune()
        assert AuditLine.select().count() == 0
        assert audit.head() == aged[0]
        record(member("carla"), "meeting.planned")

    assert [line.id for line in AuditLine.select()] == [19]
    assert audit.first_broken_line(aged) is None


def test_the_database_refuses_to_remove_what_is_behind_no_anchor(aged):
    audit.prune()
    lines_left = AuditLine.select().count()
    for sql in ("DELETE FROM audit_line", "DELETE FROM audit_line WHERE id = 10",
                "UPDATE audit_line SET id = 1 WHERE id = 18"):  # fmt: skip
        with pytest.raises(IntegrityError, match="append-only"):
            database.execute_sql(sql)
    assert AuditLine.select().count() == lines_left


def test_a_forged_anchor_lets_lines_go_but_shows(aged):
    audit.prune()
    line = AuditLine.get_by_id(15)
    AuditAnchor.create(id=15, mac=line.mac, signature=AuditAnchor.get().signature)
    AuditLine.delete().where(AuditLine.id <= 15).execute()

    assert audit.first_broken_line() == 15


def test_an_old_anchor_does_not_stand_in_for_a_newer_one(aged, member):
    audit.prune()
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        audit.prune()
    assert AuditAnchor.select().count() == 2
    AuditAnchor.delete().where(AuditAnchor.id == audit.newest_anchor().id).execute()

    assert audit.first_broken_line() == 10


def test_verify_audit_says_which_line_does_not_fit(verify, log):
    assert verify().exit_code == 0
    tampered(("UPDATE audit_line SET actor = 'x' WHERE id = 7",))
    result = verify()

    assert result.exit_code == 1
    assert "line 7" in result.output


def test_verify_audit_takes_a_head_or_the_text_of_many_mails(verify, log, tmp_path, member):
    first = head_line()
    lines(member, 2)
    mails = tmp_path / "mails.txt"
    mails.write_text(f"Subject: x\n\n{first}\n\nMessage-ID: <12:30@x>\n\n{head_line()}\n")
    asked = (["--head", first], ["--head-file", str(mails)])
    assert [verify(*a).exit_code for a in asked] == [0, 0]
    assert verify("--head", "12:abc").exit_code == 1

    tampered(*((f"DELETE FROM audit_{t} WHERE id > 10",) for t in ("line", "note")))  # noqa: S608

    assert [verify(*a).exit_code for a in asked] == [0, 1]
    assert "line 11" in verify(*asked[1]).output


def test_verify_audit_does_not_pass_off_a_head_that_is_too_old(verify, aged):
    old = AuditLine.get_by_id(5)
    audit.prune()
    result = verify("--head", f"5:{old.mac.hex()}")

    assert result.exit_code == 1
    assert "too old" in result.output


def test_verify_audit_says_when_nobody_keeps_the_head(verify, log):
    output = verify().output

    assert "--head" in output
    assert "ALLIES_AUDIT_MAIL is empty" in output


def test_what_people_do_with_their_own_account_is_noted_by_the_day(cast, member):
    own, act = record(cast.anna, "account.signed-in"), record(member("carla"), "meeting.planned")

    assert (own.at.hour, own.at.minute, own.at.second) == (0, 0, 0)
    assert act.at > now() - timedelta(minutes=1)
    assert audit.first_broken_line() is None
