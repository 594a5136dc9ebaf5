"""A gunicorn worker that gives a caller a thread only once the whole request is here.

Until then a connection waits beside all the others, where it costs a little memory. So callers who
send half a request and then nothing hold up nobody, and slow ones get the time they need.
"""

import re
import socket
import time
from functools import partial
from selectors import EVENT_READ

from gunicorn.http import get_parser
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 15  # seconds, for a whole request to arrive, and for a caller to hang up after the last
MOST = 128 * 1024  # bytes gathered; beyond it the answer is a refusal, and needs no more
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


class Gathered:
    """The bytes of one connection that no request has used yet."""

    def __init__(self, came=b""):
        self.came = bytearray(came)
        self.body = 0  # where the body starts; 0 until the head is here
        self.length = None  # how long it is; None when only its end can tell

    def add(self, data):
        self.came += data

    def is_enough(self):
        """Is there a whole request, or so much that it will be refused?"""
        if not self.body:
            end = self.came.find(b"\r\n\r\n")
            if end < 0:
                return len(self.came) >= MOST
            self._read_head(end)
        if self.length is None:
            return self.came.endswith(b"0\r\n\r\n") or len(self.came) >= MOST
        return len(self.came) >= self.body + self.length or self.body + self.length > MOST

    def _read_head(self, end):
        self.body = end + 4
        head = bytes(self.came[: end + 2])
        if not CHUNKED.search(head):
            found = LENGTH.search(head)
            self.length = int(found[1]) if found else 0

    def hand_out(self):
        """The bytes for a parser. Who asks for more than came has no whole request, and fails."""
        yield bytes(self.came)
        raise NoMoreData


class PatientWorker(ThreadWorker):
    """gunicorn's threads, with the reading and the hanging up done outside them."""

    def enqueue_req(self, conn):
        """Wait for the next request of a connection, and then give it a thread."""
        conn.gathered = Gathered(conn.parser.unreader.take_buffered() if conn.parser else b"")
        if conn.gathered.is_enough():
            self._answer(conn)
        else:
            self._await(conn, self._gather)

    def finish_request(self, conn, fs):
        """Keep the connection, or let the caller hang up first: its answer is on the way."""
        if not fs.cancelled() and not fs.exception() and fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
        else:
            self._await(conn, self._ignore)

    def _await(self, conn, callback):
        """`murder_pending` closes what waits here for longer than `PATIENCE`."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + PATIENCE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

    def _stop_awaiting(self, conn):
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _gather(self, conn, _):
        data = _receive(conn)
        if data is None:
            return
        conn.gathered.add(data)
        if data and not conn.gathered.is_enough():
            return
        self._stop_awaiting(conn)
        if data:
            self._answer(conn)
        else:
            self._drop(conn)

    def _ignore(self, conn, _):
        if _receive(conn) == b"":
            self._stop_awaiting(conn)
            self._drop(conn)

    def _answer(self, conn):
        conn.parser = get_parser(self.cfg, conn.gathered.hand_out(), conn.client)
        conn.initialized = True
        super().enqueue_req(conn)

    def _drop(self, conn):
        self.nr_conns -= 1
        conn.close()


def _receive(conn):
    """What came; empty when nothing will come any more, None when there was nothing yet."""
    try:
        return conn.sock.recv(16 * 1024)
    except BlockingIOError:
        return None
    except OSError:
        return b""
