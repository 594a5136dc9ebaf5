"""Starts of the whole program on a copy of the tree, for the tests that need one."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager


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


def descendants(pid, *, deep=True):
    """The processes below this one, as far down as it goes or only its own children."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    parents = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    if not deep:
        return [child for child, parent in parents.items() if parent == pid]
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
