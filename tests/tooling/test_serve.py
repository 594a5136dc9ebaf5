"""A start on a copy of the tree: refusals in one line, and an end without leftovers."""

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("allies", "deploy", "migrations", "static", "templates")


@pytest.fixture
def tree(tmp_path):
    """A copy of the application, so that its instance folder is not ours."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    return tmp_path


def environment(**settings):
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALLIES_")}
    return {**mine, "HOST": "127.0.0.1", "PORT": "0", **settings}


def refused(tree, **settings):
    """The exit code and the lines of a start that does not come up."""
    result = subprocess.run(
        [sys.executable, "-m", "deploy.serve"],
        cwd=tree, env=environment(**settings), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return result.returncode, (result.stdout + result.stderr).splitlines()


@contextmanager
def running(tree, **settings):
    """A start that came up: the process and its address. What is left of it is ended at last."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.serve"], cwd=tree, env=environment(**settings),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # also under nohup
    )  # fmt: skip
    try:
        assert select.select([process.stdout], [], [], 60)[0], "nothing said within a minute"
        line = process.stdout.readline()
        found = re.fullmatch(r"Allies runs on (http://localhost:\d+) \(Ctrl-C stops it\)\n", line)
        assert found, line + process.stdout.read()
        yield process, found[1]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def descendants(pid):
    """The processes below this one, as far down as it goes."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    parents = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    found = [pid]
    for ancestor in found:
        found.extend(child for child, parent in parents.items() if parent == ancestor)
    return found[1:]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def assert_gone(pids):
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if is_alive(pid)] == []


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


def test_a_part_that_dies_takes_the_rest_along_and_says_so(tree):
    with running(tree) as (process, _):
        children = descendants(process.pid)
        os.kill(max(children, key=lambda pid: len(descendants(pid))), signal.SIGKILL)
        assert process.wait(timeout=20) == 1
        assert process.stdout.read() == "The web server stopped by itself (signal 9).\n"
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
