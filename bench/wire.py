"""Requests as bytes, prepared before the clock starts, and one plain way to send one."""

import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PORT_MARK = "localhost"  # the name the application trusts, whatever the port is


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the bytes of the head and of the body as they were sent."""

    status: int
    head: bytes
    body: bytes


def get(path: str, who: dict[str, Any] | None = None, *, htmx: bool = False) -> bytes:
    """A GET request, signed in as `who` (a cookie of `bench.fill`) or not."""
    return "\r\n".join([f"GET {path} HTTP/1.1", *_headers(who, htmx), "", ""]).encode()


def post(path: str, who: dict[str, Any], fields: dict[str, str], *, htmx: bool = True) -> bytes:
    """A form sent by `who`, with its CSRF token."""
    body = urlencode({"csrf_token": who["csrf"], **fields})
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = [f"POST {path} HTTP/1.1", *_headers(who, htmx), kind, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body]).encode()


def _headers(who: dict[str, Any] | None, htmx: bool) -> list[str]:
    headers = [f"Host: {PORT_MARK}", "Accept-Encoding: br, gzip"]
    if who:
        headers.append(f"Cookie: {who['name']}={who['value']}")
    return [*headers, "HX-Request: true"] if htmx else headers


def ask(port: int, request: bytes) -> Answer:
    """Send one request on a connection of its own and read the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while not is_whole(received):
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("the server closed before its answer was whole")
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    return Answer(int(head.split()[1]), head + b"\r\n\r\n", body)


def is_whole(received: bytes) -> bool:
    """Has an answer arrived to its end? Ours all say how long they are, or have no body."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    lengths = [h for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")]
    return len(body) >= (int(lengths[0].split(b":")[1]) if lengths else 0)
