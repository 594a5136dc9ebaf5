"""Wrong keys stop the start; a new key can be put in at any moment (TRUST T04, T06, R16)."""

import base64
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from allies import config, db, keys, rotation
from allies.accounts.models import User
from allies.crypto import Keyring
from allies.errors import ConfigError
from allies.keys import KeyCheck
from allies.people.models import Identity
from allies.sealing import Sealed
from tests.notifications.conftest import free_port

ROOT = Path(__file__).parent.parent
KILLS = 20
PATIENCE = 60  # seconds for an interpreter to start on a busy machine
# A command of ours, for an instance folder of its own.
COMMAND = """
import sys
from pathlib import Path
from allies import config
instance = Path(sys.argv.pop(1))
config.load.__defaults__ = (None, instance)
from flask.cli import main
sys.argv[0] = "flask"
main()
"""


def text_of(data_keys):
    return ",".join(base64.urlsafe_b64encode(key).decode() for key in data_keys)


def other_key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def place(app, tmp_path):
    """An instance folder with the demo region, its keys in files, and marks of them."""
    mine = app.config["ALLIES"]
    keys.ensure(Sealed.keyring)
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for name, text in (
        ("secret_key", mine.secret_key),
        ("data_keys", text_of(mine.data_keys)),
        ("index_key", text_of([mine.index_key])),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    shutil.copy(mine.instance / "allies.db", tmp_path / "allies.db")
    return tmp_path


def environment(**settings):
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALLIES_")}
    return {**mine, "FLASK_APP": "app.py", **settings}


def begin(place, *arguments, **settings):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(place), *arguments],
        cwd=ROOT, env=environment(**settings), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def flask(place, *arguments, **settings):
    """Exit code, output and errors of a command."""
    process = begin(place, *arguments, **settings)
    out, error = process.communicate(timeout=PATIENCE)
    return process.returncode, out, error


def keyring_in(place):
    settings = config.load({}, place)
    return Keyring(settings.data_keys, settings.index_key)


def wrong_settings():
    one, own = other_key(), "{own}"
    return [
        ({"ALLIES_DATA_KEYS": one}, "ALLIES_DATA_KEYS"),
        ({"ALLIES_DATA_KEYS": f"{own},{one}"}, "ALLIES_DATA_KEYS"),
        ({"ALLIES_INDEX_KEY": one}, "ALLIES_INDEX_KEY"),
    ]


@pytest.mark.parametrize("command", [["worker"], ["verify-audit"], ["rotate-keys"], ["upgrade"]])
@pytest.mark.parametrize("number", range(3))
def test_wrong_keys_refuse_every_start_with_one_line(place, command, number):
    settings, name = wrong_settings()[number]
    own = (place / "data_keys").read_text()
    before = (place / "allies.db").read_bytes()
    code, out, error = flask(place, *command, **{k: v.format(own=own) for k, v in settings.items()})

    assert (code, out) == (2, "")
    assert error.startswith(f"{name} does not fit this database")
    assert error.count("\n") == 1
    assert (place / "allies.db").read_bytes() == before


def test_the_web_server_refuses_once_and_ends(place):
    """Not a worker that dies and is started again for ever."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:deploy.web"]
    settings = {n: (place / n.removeprefix("ALLIES_").lower()).read_text()
                for n in ("ALLIES_SECRET_KEY", "ALLIES_INDEX_KEY")}  # fmt: skip
    database = f"sqlite:///{place / 'allies.db'}"
    process = subprocess.run(
        [*command, "--bind", f"127.0.0.1:{free_port()}", "app:app"], cwd=ROOT, text=True,
        capture_output=True, timeout=PATIENCE,
        env=environment(ALLIES_DATA_KEYS=other_key(), ALLIES_DATABASE=database, **settings),
    )  # fmt: skip

    assert process.returncode == 2
    assert process.stdout + process.stderr == f"{keys.DATA_KEYS.format(1)}\n"


def test_a_key_that_went_missing_or_moved_is_noticed(app, place):
    old, new = Sealed.keyring.data_keys[0], os.urandom(32)
    index_key = Sealed.keyring.index_key
    keys.ensure(Keyring((new, old), index_key))

    keys.ensure(Keyring((os.urandom(32), new, old), index_key))
    for data_keys in [(new, old), (old,), (old, new), (new,), (os.urandom(32), old)]:
        with pytest.raises(ConfigError, match="ALLIES_DATA_KEYS"):
            keys.ensure(Keyring(data_keys, index_key))


def test_a_database_from_before_the_marks_is_not_marked_with_wrong_keys(app):
    KeyCheck.delete().execute()
    with pytest.raises(ConfigError, match="ALLIES_DATA_KEYS"):
        keys.ensure(Keyring((os.urandom(32),), Sealed.keyring.index_key))
    assert KeyCheck.select().count() == 0

    keys.ensure(Sealed.keyring)

    assert [mark.id for mark in KeyCheck.select().order_by(KeyCheck.id)] == [0, 1]


def test_a_start_without_a_database_makes_none(place):
    (place / "allies.db").unlink()
    flask(place, "--help")

    assert not (place / "allies.db").exists()
    assert flask(place, "upgrade")[0] == 0
    assert flask(place, "verify-audit")[0] == 0


def test_rotation_puts_everything_under_a_new_key_and_keeps_the_old_one(place):
    old, names = keyring_in(place).data_keys, names_in(place)
    sealed = {value for _user, *values in rows_in(place) for value in values if value}
    code, out, error = flask(place, "rotate-keys")

    assert (code, error) == (0, ""), out
    files = b"".join(path.read_bytes() for path in place.glob("allies.db*"))
    assert [value for value in sealed if value in files] == [], "what the old key opens is gone"
    fresh = keyring_in(place)
    assert fresh.data_keys[1:] == old
    assert (place / "data_keys").stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in place.glob("data_keys*")) == ["data_keys"]
    assert versions_in(place) == {2}
    assert names_in(place) == names
    assert flask(place, "verify-audit")[0] == 0


def test_keys_from_the_environment_are_replaced_by_hand(place):
    own, names = (place / "data_keys").read_text(), names_in(place)
    (place / "data_keys").rename(place / "elsewhere")
    code, out, error = flask(place, "rotate-keys", ALLIES_DATA_KEYS=own)
    assert (code, out, error) == (2, "", f"{rotation.BY_HAND}\n")

    both = f"{other_key()},{own}"
    assert flask(place, "rotate-keys", ALLIES_DATA_KEYS=both)[0] == 0

    (place / "elsewhere").rename(place / "data_keys")
    (place / "data_keys").write_text(both)
    assert versions_in(place) == {2}
    assert names_in(place) == names


def test_a_value_that_no_key_opens_is_told_and_does_not_stop_the_others(place):
    with changing(place) as database:
        database.execute("UPDATE identity SET name = zeroblob(length(name)) WHERE rowid = 1")
    code, _out, error = flask(place, "rotate-keys")

    assert (code, error.count("\n")) == (1, 1)
    assert "1 values do not open" in error
    assert versions_in(place) == {0, 2}


@contextmanager
def changing(place):
    """Another program that writes now and then, as the server does."""
    database = sqlite3.connect(place / "allies.db", isolation_level=None, timeout=10)
    yield database
    database.close()


def rows_in(place):
    with changing(place) as database:
        return database.execute("SELECT user_id, name, email, phone FROM identity").fetchall()


def versions_in(place):
    return {value[0] for _user, *values in rows_in(place) for value in values if value}


def names_in(place):
    """Everything that is sealed in there, opened with the keys of the place."""
    keyring, found = keyring_in(place), {}
    for user, *values in rows_in(place):
        for column, value in zip(("name", "email", "phone"), values, strict=True):
            if value:
                found[user, column] = keyring.unseal(value, "identity", column, user)
    return found


def crowd(place, number):
    """Fill up with people who have a phone, so that there is much to seal anew."""
    keyring = keyring_in(place)
    with changing(place) as database:
        database.execute("BEGIN IMMEDIATE")
        for n in range(number):
            user = f"user{n:012}"
            texts = {"name": f"Naam {n}", "email": f"n{n}@example.org", "phone": f"+316{n:08}"}
            sealed = [keyring.seal(t, "identity", c, user) for c, t in texts.items()]
            database.execute("INSERT INTO user (id, locale) VALUES (?, 'nl')", (user,))
            database.execute(
                "INSERT INTO identity (id, user_id, name, email, phone, email_index, phone_index)"
                " VALUES (?, ?, ?, ?, ?, x'00', x'00')",
                (user, user, *sealed),
            )
        database.execute("COMMIT")


def test_a_rotation_killed_at_twenty_points_loses_nothing(place):
    crowd(place, 400)
    chance, expected, between = random.Random(20), names_in(place), 0  # noqa: S311 - no secret
    for number in range(KILLS):
        kill_at_work(place, chance)
        assert names_in(place) == expected
        between += len(versions_in(place)) > 1
        user, text = f"user{number:012}", f"Andere naam {number}"
        change(place, user, text)
        expected[user, "name"] = text

    keys_before, is_half = len(keyring_in(place).data_keys), len(versions_in(place)) > 1
    code, out, error = flask(place, "rotate-keys")
    assert (code, error) == (0, ""), out
    assert between >= KILLS / 2, "most of them must hit it half way"
    assert names_in(place) == expected
    keys_after = len(keyring_in(place).data_keys)
    assert keys_after == keys_before + (not is_half), "what was begun is finished first"
    assert versions_in(place) == {keys_after}


def kill_at_work(place, chance):
    """Kill it as soon as a new key is written, or after some hundreds of values."""
    before = (place / "data_keys").read_text()
    process, signs = begin(place, "rotate-keys"), chance.randint(-1, 2)
    while signs < 0 and process.poll() is None and (place / "data_keys").read_text() == before:
        signs += len(versions_in(place)) > 1  # it goes on with an earlier one: there is no key
    for _sign in range(signs):
        process.stdout.readline()
    time.sleep(chance.uniform(0, 0.3))
    process.kill()
    process.communicate()


def change(place, user, text):
    """Change a name as a server does that has the keys of this moment."""
    sealed = keyring_in(place).seal(text, "identity", "name", user)
    with changing(place) as database:
        database.execute("UPDATE identity SET name = ? WHERE user_id = ?", (sealed, user))


def test_a_running_server_reads_and_writes_while_the_keys_are_replaced(place, create):
    crowd(place, 100)
    create(config.load({}, place))
    db.open_connection()
    user, seen = User.get_by_id("user000000000007"), 0
    process = begin(place, "rotate-keys")
    while process.poll() is None:
        for identity in Identity.select().where(Identity.user.startswith("user")).limit(20):
            assert identity.open("name").startswith("Naam ")
            seen += 1
        columns = Identity.columns(user, name=f"Naam {seen}")
        Identity.update(columns).where(Identity.user == user).execute()
    db.database.close()

    assert process.returncode == 0, process.communicate()
    assert seen > 100
    assert len(Sealed.keyring.data_keys) == 2
    assert names_in(place)[user.id, "name"] == f"Naam {seen}"
    process.communicate()


def test_keys_that_do_not_continue_ours_are_not_taken_over(app):
    strange = Keyring((os.urandom(32), os.urandom(32)), Sealed.keyring.index_key)
    mine = Keyring(Sealed.keyring.data_keys, strange.index_key, lambda: strange.data_keys)

    assert not mine.fits(strange.seal("Anna", "t", "c", "r"), "t", "c", "r")
    assert mine.data_keys == Sealed.keyring.data_keys
