"""`flask worker` as a process of its own: woken, sending, stopping, refusing."""

import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from allies import jobs, keeping
from allies.accounts.models import Attempt
from allies.db import now
from allies.errors import ConfigError
from allies.i18n import today
from allies.notifications.models import Delivery
from allies.notifications.service import tell
from allies.queue import Queue, seconds_silent
from allies.receipts import Receipt

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 20  # seconds for an interpreter to start on a busy machine
# The command itself, for an instance folder of its own.
COMMAND = """
import sys
from pathlib import Path
from flask.cli import ScriptInfo
from allies import config, create_app
app = create_app(config.load(instance=Path(sys.argv[1])))
with app.app_context():
    app.cli.main(["worker"], "flask", obj=ScriptInfo(create_app=lambda: app))
"""


def keys_of(settings):
    def text(key):
        return base64.urlsafe_b64encode(key).decode()

    return {
        "ALLIES_SECRET_KEY": settings.secret_key,
        "ALLIES_DATA_KEYS": text(settings.data_keys[0]),
        "ALLIES_INDEX_KEY": text(settings.index_key),
    }


@pytest.fixture
def start(app):
    """start() runs a worker on the database of this test; none outlives it."""
    settings, running = app.config["ALLIES"], []
    shutil.rmtree(settings.instance / "mail", ignore_errors=True)

    def run(instance=settings.instance, **environ):
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(instance)],
            cwd=ROOT,
            env=os.environ | keys_of(settings) | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def mailbox(app):
    """mailbox(n) waits until n messages are there and returns them."""
    folder = app.config["ALLIES"].instance / "mail"

    def wait(number):
        return until(
            lambda: (found := list(folder.glob("*.eml"))) and len(found) >= number and found
        )

    return wait


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return value


def started(app, process):
    """Wait until this worker has begun: it gives its first sign of life."""
    settings = app.config["ALLIES"]
    until(lambda: seconds_silent(settings) < 1 or process.poll() is not None)
    assert process.poll() is None, process.communicate()[1]


@pytest.fixture
def silent(app):
    (app.config["ALLIES"].instance / "worker.beat").unlink(missing_ok=True)


def test_a_message_leaves_within_seconds_of_the_commit(app, silent, start, mailbox, member):
    worker = start()
    started(app, worker)
    time.sleep(1)  # past the first look, so that only the wake-up can bring it
    began = time.monotonic()
    tell([member("anna")], is_urgent=True)
    [file] = mailbox(1)

    assert time.monotonic() - began < 3
    assert b"To: anna@example.org" in file.read_bytes()
    until(lambda: Delivery.get().sent_at)


def test_what_waited_while_no_worker_ran_leaves_at_its_start(app, silent, start, mailbox, member):
    tell([member("anna")], is_urgent=True)
    start()

    assert len(mailbox(1)) == 1


def test_what_is_due_in_a_moment_leaves_then_without_another_wake_up(
    app, silent, start, mailbox, member
):
    started(app, start())
    tell([member("anna")])
    due_at = now() + timedelta(seconds=3)
    Delivery.update(due_at=due_at).execute()
    tell([member("bram")], is_urgent=True)
    mailbox(2)

    left = until(lambda: Delivery.get(Delivery.membership == member("anna")).sent_at)
    assert timedelta(0) <= left - due_at < timedelta(seconds=3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_at_once_and_without_a_word(app, silent, start, number):
    worker = start()
    started(app, worker)
    began = time.monotonic()
    worker.send_signal(number)
    said = worker.communicate(timeout=PATIENCE)

    assert (worker.returncode, said) == (0, ("", ""))
    assert time.monotonic() - began < 4  # under 2 on a machine that does nothing else


def test_the_worker_wakes_rarely(app, silent, start):
    worker = start()
    started(app, worker)
    time.sleep(2)  # its own start is over
    before = switches(worker)
    time.sleep(3)

    assert (switches(worker) - before) / 3 < 20


def switches(process):
    """How often the threads of a process have gone to sleep by themselves."""
    statuses = Path(f"/proc/{process.pid}/task").glob("*/status")
    lines = [line for status in statuses for line in status.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))


def test_a_bad_mail_server_stops_the_start_with_one_line(app, create):
    settings = replace(app.config["ALLIES"], smtp_url="mail.example.org")
    with pytest.raises(ConfigError) as refusal:
        create(settings)

    assert str(refusal.value).startswith("ALLIES_SMTP_URL must look like ")
    assert "\n" not in str(refusal.value)


def test_a_database_without_tables_stops_the_start_with_one_line(start, tmp_path):
    worker = start(tmp_path)
    _out, error = worker.communicate(timeout=PATIENCE)

    assert worker.returncode == 2
    assert error == "The database is not up to date; run: flask upgrade\n"


@pytest.fixture
def queue(app):
    found = Queue(app.config["ALLIES"], patience=1)
    found.huey.flush()
    jobs.register(found)
    yield found
    found.huey.storage.close()


def test_every_periodic_job_runs(queue):
    """All of the calendar on the real tables, twice: repeating is safe."""
    periodic = queue.huey._registry.periodic_tasks
    assert len(periodic) == len(jobs.JOBS) + 2
    for task in [*periodic, *periodic]:
        task.execute()


def test_the_sweep_gives_a_sign_of_life_and_sends(app, queue, silent, mailbox, member):
    tell([member("anna")], is_urgent=True)
    sweep = next(t for t in queue.huey._registry.periodic_tasks if type(t).__name__ == "sweep")
    sweep.execute()

    assert seconds_silent(app.config["ALLIES"]) < 5
    assert Delivery.get().sent_at


def test_what_goes_wrong_in_a_job_is_told_without_its_text(queue, caplog):
    def fail():
        raise ValueError("anna@example.org")

    run = jobs._guarded(jobs.Job("forget everything", jobs.EVERY_NIGHT, fail))
    run()

    [line] = [r.getMessage() for r in caplog.records]
    assert line.startswith("ValueError at ")
    assert line.endswith("in forget everything")
    assert "anna" not in line


def test_receipts_and_tries_are_forgotten(app):
    for age in (timedelta(hours=1), timedelta(days=3)):
        Receipt.create(id=str(age), fingerprint="", location="", message="", day=today() - age)
        Attempt.create(bucket="b", at=now() - age)

    keeping.prune()

    assert (Receipt.select().count(), Attempt.select().count()) == (1, 1)
