"""Real programs on a database in which everything fails: what they write says nothing (TRUST T41).

Every error's text is full of canaries: triggers refuse each write with them, and columns that
may hold few words hold them instead.
"""

import html
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from allies.crypto import digest, token
from tests.notifications.conftest import free_port
from tests.test_keys import place  # noqa: F401
from tests.tooling.conftest import tree  # noqa: F401

PATIENCE = 40  # seconds for an interpreter to start on a busy machine
CANARIES = (
    "Kanarina Goudvink", "kanarina@example.org", "+31687654321", "06-87654321", "Scholekster",
    "K7QM-2XVP-9ABC-DEFG", "KanarieTokenKanarie1-_", "KanarieZoekwoord", "KanarieTekst",
)  # fmt: skip
TEXT = f"{CANARIES[0]} {' '.join(CANARIES[1:6])} /n/{CANARIES[6]} /x?q={CANARIES[7]} {CANARIES[8]}"
OWN_TABLES = {"sign_in", "schema_migration", "audit_line", "key_check"}
BROKEN = {"/topics": "topic.state", "/advice": "round.state", "/meetings": "membership.role"}


@pytest.fixture
def installation(tree, place):  # noqa: F811
    """A tree of its own with the demo region in it."""
    place.rename(tree / "instance") if place != tree else gather(tree)
    return tree


def gather(folder):
    """Move what an installation keeps from this folder into its instance folder."""
    (folder / "instance").mkdir(mode=0o700)
    for name in ("allies.db", "secret_key", "data_keys", "index_key"):
        (folder / name).rename(folder / "instance" / name)


def environment():
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALLIES_")}
    return {**mine, "FLASK_APP": "app.py", "ALLIES_DEMO": "1", "PYTHONUNBUFFERED": "1"}


class Log:
    """The files that hold what the programs wrote."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command):
        file = (self.folder / f"{len(list(self.folder.glob('*.log')))}.log").open("w")
        with file:
            return subprocess.Popen(
                [sys.executable, "-m", *command], cwd=self.folder, env=environment(),
                stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def text(self):
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


class Phone:
    """A browser that keeps its cookies and follows nothing."""

    def __init__(self, address):
        self.address, self.jar, self.csrf = address, CookieJar(), ""
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies, Stay)

    def ask(self, path, **form):
        """(status, page); a POST when there is a form."""
        data = urllib.parse.urlencode({"csrf_token": self.csrf, **form}).encode() if form else None
        try:
            with self.opener.open(self.address + path, data, timeout=PATIENCE) as answer:
                status, page = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, page = error.code, error.read().decode()
        found = re.search(r'name="csrf_token" value="([^"]+)', page)
        self.csrf = html.unescape(found[1]) if found and status == 200 else self.csrf
        return status, page

    def sign_in(self, persona):
        self.ask("/sign-in")
        assert self.ask("/demo/sign-in", persona=persona)[0] == 303
        assert self.ask("/meetings")[0] == 200
        return self


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


@pytest.fixture
def log(installation):
    return Log(installation)


@pytest.fixture
def address(log):
    """A real web server on it, with its access log switched on."""
    port = free_port()
    process = log.run(
        "gunicorn", "--config", "python:deploy.web", "--bind", f"127.0.0.1:{port}",
        "--access-logfile", "-", "app:app",
    )  # fmt: skip
    found, deadline = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    while not answers(found):
        assert process.poll() is None, log.text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield found
    process.terminate()
    process.wait(timeout=PATIENCE)


def answers(address):
    try:
        return bool(Phone(address).ask("/sign-in"))
    except urllib.error.URLError:
        return False


@pytest.fixture
def database(installation):
    found = sqlite3.connect(installation / "instance" / "allies.db", isolation_level=None)
    yield found
    found.close()


def refuse_every_write(database):
    kind = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = {name for (name,) in database.execute(kind)} - OWN_TABLES
    for table in tables:
        for act in ("INSERT", "UPDATE", "DELETE"):
            database.execute(
                f"CREATE TRIGGER no_{table}_{act} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{TEXT}'); END"
            )


def ids_in_veere(database):
    [veere] = database.execute("SELECT id FROM alliance WHERE name = 'Veere'").fetchone()

    def one(sql):
        return database.execute(sql, (veere,)).fetchone()[0]

    return {
        "veere": veere,
        "meeting": one("SELECT id FROM meeting WHERE alliance_id = ? ORDER BY starts_at DESC"),
        "round": one("SELECT id FROM round WHERE alliance_id = ? AND state = 'open'"),
        "topic": one("SELECT id FROM topic WHERE alliance_id = ? AND state = 'submitted'"),
        "ally": one("SELECT id FROM membership WHERE alliance_id = ? AND role = 'ally'"),
    }  # fmt: skip


def link_of(database, membership, meeting):
    """A link in a message, as the worker makes it."""
    secret = token()
    database.execute(
        "INSERT INTO link (id, membership_id, meeting_id, ends_at) VALUES (?, ?, ?, ?)",
        (digest(secret), membership, meeting, "2999-01-01 00:00:00"),
    )
    return secret


def test_what_fails_tells_neither_the_visitor_nor_the_log_about_anybody(address, log, database):
    ids = ids_in_veere(database)
    secret = link_of(database, ids["ally"], ids["meeting"])
    anna, carla = Phone(address).sign_in("anna"), Phone(address).sign_in("carla")
    stranger = Phone(address)
    stranger.ask(f"/n/{secret}?from={CANARIES[7]}")
    refuse_every_write(database)

    said = CANARIES[8]
    failed = {
        "answer": anna.ask(f"/meetings/{ids['meeting']}/rsvp", answer="yes", note=said),
        "topic": anna.ask(
            f"/alliances/{ids['veere']}/topics/new?scope=development", title=said, what=said,
            where=said, since=said, effect=said, theme="facilities", attribution="alias",
        ),
        "advice": anna.ask(f"/advice/{ids['round']}/answer", option="0", mood="calm", text=said),
        "language": anna.ask("/language", locale="en"),
        "plan": carla.ask(f"/alliances/{ids['veere']}/meetings/new",
                          starts_at="2027-03-03T19:30", duration="90", is_extra="y"),
        "approve": carla.ask(f"/topics/{ids['topic']}/approve", once="k" * 22),
        "return": carla.ask(f"/topics/{ids['topic']}/return", question=said),
        "invite": carla.ask(f"/alliances/{ids['veere']}/invitations", once="k" * 22),
        "sign in": stranger.ask("/sign-in", email=CANARIES[1], passphrase=said),
        "by link": stranger.ask(f"/n/{secret}", answer="yes"),
    }  # fmt: skip
    for path, column in BROKEN.items():
        table, name = column.split(".")
        database.execute(f"DROP TRIGGER no_{table}_UPDATE")
        database.execute(f"UPDATE {table} SET {name} = ?", (TEXT,))  # noqa: S608
        failed[path] = anna.ask(path)

    statuses = {name: status for name, (status, _page) in failed.items()}
    assert statuses == dict.fromkeys(statuses, 500)
    pages = "".join(page for _status, page in failed.values())
    assert [w for w in ("Traceback", "Error at", "IntegrityError", "RAISE") if w in pages] == []
    assert found_in(pages) <= {said, CANARIES[1]}, "only what they sent themselves is offered again"
    said_by_us = log.text()
    assert said_by_us.count("Error at ") >= len(failed)
    assert [found_in(said_by_us), secret in said_by_us] == [set(), False]
    assert re.search(r"GET /n/\*\*\* \d+ \d+ ms", said_by_us), "the access log is there"
    assert "?" not in said_by_us


def test_commands_and_the_worker_end_without_a_word_about_anybody(log, database):
    ids = ids_in_veere(database)
    database.execute(
        "INSERT INTO delivery (id, membership_id, is_urgent, created_at, due_at, tries)"
        " VALUES ('delivery00000000', ?, 1, ?, ?, 0)",
        (ids["ally"], *[time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())] * 2),
    )
    refuse_every_write(database)
    database.execute("DROP TRIGGER no_delivery_UPDATE")
    commands = (
        ("invite", "Veere", "--reason", TEXT),
        ("revoke", "Veere", CANARIES[4], "--reason", TEXT),
        ("appoint", "Veere", "partner", "--reason", TEXT),
        ("new-region", "docs/region.toml"),
        ("rotate-keys",),
    )
    ended = {c[0]: log.run("flask", *c).wait(timeout=PATIENCE) for c in commands}
    worker = log.run("flask", "worker")
    deadline = time.monotonic() + PATIENCE
    while "could not be written" not in log.text():
        assert worker.poll() is None, log.text()
        assert time.monotonic() < deadline, log.text()
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=PATIENCE)

    assert 0 not in ended.values()
    said = log.text()
    assert said.count("IntegrityError") >= 3
    assert "Traceback" not in said
    assert found_in(said) == set()


def found_in(text):
    return {canary for canary in CANARIES if canary in text}
