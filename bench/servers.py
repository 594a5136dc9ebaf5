"""Servers of our own to measure: a copy of the tree, so that nobody's data is touched."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.wire import ask, get

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("allies", "bench", "deploy", "migrations", "static", "templates")


@dataclass(frozen=True)
class Server:
    """A server that answers: its process, its port, and how many seconds it took to answer."""

    pid: int
    port: int
    seconds: float


@contextmanager
def copy_of_tree() -> Iterator[Path]:
    """The application in a temporary folder, where it has an `instance/` of its own."""
    with TemporaryDirectory(prefix="allies-bench-") as folder:
        tree = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, tree / part)
        shutil.copy(ROOT / "app.py", tree)
        yield tree


def fill(tree: Path) -> dict[str, Any]:
    """Make the database to measure with; see `bench.fill` for what it tells."""
    command = [sys.executable, "-m", "bench.fill"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=tree, env=environment(), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


@contextmanager
def running(tree: Path, module: str, path: str) -> Iterator[Server]:
    """Start a module that says where it runs; ready once `path` answers. Stopped at last."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", module],
        cwd=tree,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101 - for mypy; it is a pipe
        line = process.stdout.readline()
        found = re.search(r"http://localhost:(\d+)", line)
        if not found:
            raise RuntimeError(f"{module} did not start: {line}")
        port = int(found[1])
        fetch(port, path)
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=20)


def fetch(port: int, path: str) -> None:
    """Ask once; raises when the answer is not fine."""
    answer = ask(port, get(path))
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


def environment() -> dict[str, str]:
    """Ours without the settings of any other instance; the sign-in page is the real one."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ALLIES_")}
    return {**mine, "HOST": "127.0.0.1", "PORT": "0", "ALLIES_DEMO": "0"}


def memory(pid: int) -> float | None:
    """The proportional set size of a process and all below it in MB; None outside Linux."""
    files = [Path(f"/proc/{each}/smaps_rollup") for each in [pid, *descendants(pid)]]
    if not files[0].exists():
        return None
    sizes = [re.search(r"^Pss:\s+(\d+) kB", file.read_text(), re.MULTILINE) for file in files]
    return sum(int(size[1]) for size in sizes if size) * 1024 / 1e6


def descendants(pid: int) -> list[int]:
    """The processes below this one, as far down as it goes."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == pid:
            child = int(file.parent.name)
            found += [child, *descendants(child)]
    return found
