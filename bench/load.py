"""Sending prepared requests as fast as they are answered, with wrk or without it.

Both keep the same number of connections open and send the same bytes in turn. Without wrk a
single thread does it with plain sockets: it shares the machine with the server, so it costs a
little more than wrk, of the yardstick as well.
"""

import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench.wire import is_whole

CONNECTIONS = 16
WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("wrk.lua")


class Failed(Exception):
    """Some answers were errors: what was measured means nothing."""


def rate(port: int, requests: list[bytes], seconds: float) -> float:
    """Answers a second. Raises Failed when any of them is an error."""
    answers, errors, took = (with_wrk if WRK else alone)(port, requests, seconds)
    if errors or not answers:
        raise Failed(f"{errors} errors in {answers} answers")
    return answers / took


def with_wrk(port: int, requests: list[bytes], seconds: float) -> tuple[int, int, float]:
    """(answers, errors, seconds it took); wrk counts whole seconds."""
    with NamedTemporaryFile() as file:
        file.write(b"\0".join(requests))
        file.flush()
        command = [WRK or "", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", f"-s{SCRIPT}"]
        address = [f"http://127.0.0.1:{port}", "--", file.name]
        done = subprocess.run(  # noqa: S603 - the program found above
            [*command, *address], capture_output=True, text=True, check=True
        )
    answers, errors, microseconds = map(int, done.stdout.splitlines()[-1].split())
    return answers, errors, microseconds / 1e6


def alone(port: int, requests: list[bytes], seconds: float) -> tuple[int, int, float]:
    """The same without wrk."""
    source = cycle(requests)
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        try:
            for connection in connections:
                selector.register(connection, selectors.EVENT_READ, bytearray())
                connection.sendall(next(source))
            answers, errors = _until(began + seconds, selector, source)
        finally:
            for connection in connections:
                connection.close()
    return answers, errors, time.perf_counter() - began


def _until(
    deadline: float, selector: selectors.BaseSelector, source: Iterator[bytes]
) -> tuple[int, int]:
    answers = errors = 0
    while time.perf_counter() < deadline:
        for key, _events in selector.select(timeout=1):
            connection, received = key.fileobj, key.data
            assert isinstance(connection, socket.socket)  # noqa: S101 - for mypy
            more = connection.recv(65536)
            if not more:
                raise Failed("the server closed a connection")
            received += more
            if is_whole(received):
                answers += 1
                errors += received[9:10] in b"45"
                received.clear()
                connection.sendall(next(source))
    return answers, errors
