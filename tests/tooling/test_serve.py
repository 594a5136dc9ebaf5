"""A start on a copy of the tree: refusals in one line, and an end without leftovers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.tooling.starting import (
    assert_gone,
    descendants,
    environment,
    is_alive,
    refused,
    running,
)

ROOT = Path(__file__).parents[2]


def test_a_port_in_use_is_refused_with_one_line_before_anything_starts(tree):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = f"Port {port} is in use; choose another with: make run PORT={port + 1}"
        assert refused(tree, PORT=str(port)) == (2, [line])
    assert not (tree / "instance").exists()


@pytest.mark.parametrize("port", ["http", "99999", "-1", "８０００"])
def test_a_port_that_is_no_port_is_refused_with_one_line(tree, port):
    line = f"PORT must be a number from 1 to 65535; it is {port!r}."
    assert refused(tree, PORT=port) == (2, [line])


def test_a_weak_secret_is_refused_with_one_line(tree):
    code, lines = refused(tree, ALLIES_SECRET_KEY="x")
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("ALLIES_SECRET_KEY is weak")


def test_a_damaged_database_is_refused_with_one_line_and_left_as_it_is(tree):
    damaged = b"this is no database, it only has its name" * 200
    with running(tree):
        pass
    for extra in tree.glob("instance/allies.db-*"):
        extra.unlink()
    (tree / "instance" / "allies.db").write_bytes(damaged)
    code, lines = refused(tree)
    assert (code, len(lines)) == (2, 1)
    assert lines[0].endswith("flask restore FILE")
    assert (tree / "instance" / "allies.db").read_bytes() == damaged


def test_keys_that_are_gone_are_not_made_anew_beside_a_database(tree):
    with running(tree):
        pass
    (tree / "instance" / "data_keys").unlink()
    code, lines = refused(tree)
    assert (code, len(lines)) == (2, 1)
    assert "DATA_KEYS" in lines[0]


def test_secrets_are_for_their_owner_only(tree):
    with running(tree):
        modes = {p.name: p.stat().st_mode & 0o777 for p in (tree / "instance").glob("*_key*")}
    assert (tree / "instance").stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(("data_keys", "index_key", "secret_key"), 0o600)


def test_databases_are_for_their_owner_only_also_when_they_were_not(tree):
    def modes():
        return {p.name: p.stat().st_mode & 0o777 for p in (tree / "instance").glob("*.db*")}

    with running(tree):
        deadline = time.monotonic() + 20
        while "jobs.db" not in modes() and time.monotonic() < deadline:
            time.sleep(0.05)  # the worker makes its queue just after the pages are up
        assert {"allies.db", "allies.db-wal", "jobs.db"} <= modes().keys()
        assert set(modes().values()) == {0o600}
    (tree / "instance" / "allies.db").chmod(0o644)
    with running(tree):
        assert set(modes().values()) == {0o600}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process_and_no_noise(tree, number):
    with running(tree) as (process, address):
        with urllib.request.urlopen(f"{address}/sign-in") as answer:  # noqa: S310 - our own
            assert answer.status == 200
        children = descendants(process.pid)
        assert len(children) >= 3, "web server, its worker process and the worker"
        os.killpg(process.pid, number)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
        assert_gone(children)


def test_a_web_server_that_dies_takes_the_rest_along_and_says_so(tree):
    with running(tree) as (process, _):
        children = descendants(process.pid)
        os.kill(max(children, key=lambda pid: len(descendants(pid))), signal.SIGKILL)
        assert process.wait(timeout=20) == 1
        assert process.stdout.read() == "The web server stopped by itself (signal 9).\n"
        assert_gone(children)


def kill_worker(process):
    """End the one child that is not the web server, as soon as there is one; its process id."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        children = descendants(process.pid, deep=False)
        alone = [pid for pid in children if not descendants(pid)]
        if len(children) == 2 and len(alone) == 1:
            os.kill(alone[0], signal.SIGKILL)
            return alone[0]
        time.sleep(0.05)
    raise AssertionError("the worker did not come back")


def test_a_worker_that_dies_is_started_again_and_the_pages_stay(tree):
    with running(tree) as (process, address):
        killed = kill_worker(process)
        assert process.stdout.readline() == "The worker stopped (signal 9) and starts again.\n"
        with urllib.request.urlopen(f"{address}/sign-in") as answer:  # noqa: S310 - our own
            assert answer.status == 200
        beat = tree / "instance" / "worker.beat"
        beat.unlink(missing_ok=True)
        deadline = time.monotonic() + 15
        while not beat.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert beat.exists(), "the worker works again"
        assert len(descendants(process.pid, deep=False)) == 2
        assert not is_alive(killed)


def test_a_worker_that_dies_five_times_within_a_minute_ends_everything(tree):
    with running(tree) as (process, _):
        children = descendants(process.pid)
        for _ in range(4):
            kill_worker(process)
            assert process.stdout.readline() == "The worker stopped (signal 9) and starts again.\n"
        children += descendants(process.pid)
        kill_worker(process)
        assert process.wait(timeout=20) == 1
        line = "The worker stopped by itself 5 times within a minute (signal 9).\n"
        assert process.stdout.read() == line
        assert_gone(children)


def test_nothing_stays_behind_when_the_start_itself_is_killed(tree):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    with running(tree) as (process, _):
        children = descendants(process.pid)
        process.kill()
        assert_gone(children)


@pytest.mark.parametrize(("host", "is_on"), [("127.0.0.1", True), ("192.0.2.1", False)])
def test_demo_sign_in_is_on_only_where_no_other_machine_can_come(host, is_on):
    code = (
        "import os; os.environ.pop('ALLIES_DEMO', None); from deploy.serve import configure;"
        f"configure({host!r}, 8000); print(os.environ.get('ALLIES_DEMO') == '1')"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert result.stdout.splitlines()[-1] == str(is_on)
