"""`make bench`: measure everything beside its yardstick, print it, write bench/RESULTS.md.

All of it on 127.0.0.1, in a temporary copy of the tree with a database of its own; about three
minutes. Exit code 1 when a goal was missed.
"""

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import auditlog, line, load, sign_in, speed, textcheck, weight
from bench.servers import ROOT, copy_of_tree, fill, memory, running
from bench.table import Row, markdown

RESULTS = Path(__file__).with_name("RESULTS.md")
ALLIES, HELLO = ("deploy.serve", "/sign-in"), ("bench.hello", "/")
STARTS, REST_SECONDS = 3, 2
SPEED = "Answers a second, as a part of a bare Flask answer on the same server"
LINE = "On a bad line (240 kbit/s, 840 ms; no TCP or TLS), as a part of the floor"
WORKING = "Starting, memory, audit log, text check"
SIGNING_IN = "What signing in gives away about an address"


def main() -> int:
    if not load.WRK:
        print("wrk is missing, a plainer sender stands in; on Debian or Ubuntu: apt install wrk")
    began, is_missed = time.perf_counter(), False
    report = ["# What was measured", about(), "Made by `make bench`; see README.md beside it."]
    print(report[1], flush=True)
    for title, rows in tables():
        is_missed |= any(row.is_missed for row in rows)
        report.append(markdown(title, rows))
        print(f"\n{report[-1]}", flush=True)
    RESULTS.write_text("\n\n".join(report) + "\n")
    print(f"\nIn {time.perf_counter() - began:.0f} s; kept in bench/RESULTS.md")
    return int(is_missed)


def tables() -> Iterator[tuple[str, list[Row]]]:
    """Every table as soon as it is there; speed comes last of what uses the big database."""
    with copy_of_tree() as tree:
        facts = fill(tree)
        seconds = [start(tree) for _ in range(STARTS)]
        with running(tree, *ALLIES) as allies, running(tree, *HELLO) as hello:
            time.sleep(REST_SECONDS)
            at_rest = memory(allies.pid)
            yield "Weight, as served with brotli", weight.measure(allies.port, facts)
            yield LINE, line.measure(allies.port, facts)
            yield SPEED, speed.measure(allies, hello, facts)
            loaded = memory(allies.pid)
        yield SIGNING_IN, sign_in.measure(tree)
    yield WORKING, working(statistics.median(seconds), at_rest, loaded)


def start(tree: Path) -> float:
    """How long from the command to the first answer, with a database that is up to date."""
    with running(tree, *ALLIES) as server:
        return server.seconds


def working(seconds: float, at_rest: float | None, loaded: float | None) -> list[Row]:
    one = textcheck.milliseconds(textcheck.TEXTS["ordinary, 1,000"])
    worst = max(textcheck.TEXTS, key=lambda name: textcheck.milliseconds(textcheck.TEXTS[name]))
    slowest = textcheck.milliseconds(textcheck.TEXTS[worst])
    linux = "" if at_rest else "only Linux tells"
    return [
        Row("Start to first answer", seconds, "s", 1.5),
        Row("Memory of web server and worker at rest (PSS)", at_rest, "MB", 180, note=linux),
        Row("The same after the load of this run", loaded, "MB", 250, note=linux),
        Row("Audit log of 100,000 lines verified", auditlog.seconds(), "s", auditlog.GOAL),
        Row("Text check of 1,000 characters", one, "ms", textcheck.GOAL),
        Row("Slowest text check of 2,000", slowest, "ms", note=worst),
    ]


def about() -> str:
    """Date, commit and machine in one line."""
    day = datetime.now(UTC).date().isoformat()
    sender = "wrk" if load.WRK else "without wrk"
    python = f"Python {platform.python_version()}"
    parts = (day, commit(), f"{os.cpu_count()} cores", processor(), python, sender)
    return " · ".join(filter(None, parts))


def commit() -> str:
    """The short name of the commit, and whether there was more; empty outside a clone."""
    name = git("rev-parse", "--short", "HEAD")
    is_changed = git("status", "--porcelain", "--", ".", ":!bench/RESULTS.md")
    return f"commit {name}{' with changes' if is_changed else ''}" if name else ""


def git(*arguments: str) -> str:
    command = ["git", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor()


if __name__ == "__main__":
    sys.exit(main())
