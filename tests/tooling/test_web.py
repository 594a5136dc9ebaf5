"""The web server under callers who are slow, or who send what they should not."""

import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.tooling.starting import running


def connect(address, timeout=30):
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=timeout)


def ask(address, path, headers=None):
    """The answer to one GET, its body read."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def say(address, request):
    """All that comes back on a request sent as it is."""
    with connect(address) as caller:
        caller.sendall(request)
        return b"".join(iter(lambda: caller.recv(65536), b""))


def test_a_slow_phone_that_keeps_sending_gets_its_answer(tree):
    body = b"name=" + b"a" * 1995
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\n"
    )
    with running(tree) as (_, address), connect(address) as phone:
        phone.sendall(head)
        for start in range(0, len(body), 67):
            time.sleep(0.2)
            phone.sendall(body[start : start + 67])
        answer = b"".join(iter(lambda: phone.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 "), "without its token the form is refused, but heard"
    assert answer.rstrip().endswith(b"</html>")


def test_one_connection_serves_many_requests_also_sent_at_once(tree):
    with running(tree) as (_, address):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.connect()
        first = connection.sock.getsockname()
        for _ in range(3):
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok"
        assert connection.sock.getsockname() == first
        connection.close()
        again = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        assert say(address, again * 2 + last).count(b"HTTP/1.1 200 ") == 3


def test_a_body_that_is_too_long_is_refused_and_never_taken_for_a_request(tree):
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\nname="
    inside = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with running(tree) as (_, address), connect(address) as caller:
        caller.sendall(head % (200_000))
        answer = caller.recv(65536)
        caller.sendall(inside)
        answer += b"".join(iter(lambda: caller.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", ["/account", "/x/account"])
def test_a_caller_can_not_move_the_application_to_another_path(tree, path):
    with running(tree) as (_, address):
        plain = ask(address, path)
        moved = ask(address, path, {"SCRIPT_NAME": "/x", "PATH_INFO": "/account"})
    assert (moved.status, moved.headers["Location"]) == (plain.status, plain.headers["Location"])
    assert not (moved.headers["Location"] or "").startswith("/x")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /n/SECRET",
        b"GET /n/SECRET with spaces HTTP/1.1",
        b"GET /n/SECRET HTTP/9.7",
        b"get{} /n/SECRET HTTP/1.1",
        b"GET /n/SECRET HTTP/1.1\r\nBroken/n/SECRET",
        b"GET /n/" + b"SECRET" * 2000 + b" HTTP/1.1",
    ],
)
def test_the_log_never_names_what_was_asked_for(tree, request_line):
    with running(tree) as (process, address):
        assert say(address, request_line + b"\r\n\r\n").startswith(b"HTTP/1.1 4")
        process.terminate()
        process.wait(timeout=20)
        log = process.stdout.read()
    assert "SECRET" not in log
    assert log.count("A request that makes no sense was refused.") == 1
