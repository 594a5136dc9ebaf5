"""The queue between pages and worker: a hint to look at the outbox now, never the truth (DESIGN 5).

It lives in instance/jobs.db. A lost hint costs at most a minute, for the worker
also looks by itself; so nothing here may ever break or delay a page.
"""

import hmac
import logging
import threading
import time
from contextlib import contextmanager
from typing import Any

from huey import SqliteHuey
from huey.serializer import SignedSerializer

from allies.db import close_connection, now, open_connection
from allies.errors import kind_and_place
from allies.notifications import mail, post
from allies.notifications.sending import send_due

log = logging.getLogger(__name__)

PAGE_PATIENCE = 0.2  # seconds a page waits for a locked queue
SOON = 60  # seconds; what is due later is found by the sweep of every minute


class Queue:
    """The huey of one installation; `patience` is how many seconds to wait when it is locked.

    The tasks are signed with a key of their own: whoever can only write the file
    can't make the worker run anything.
    """

    def __init__(self, settings, *, patience):
        self.settings = settings
        key = hmac.digest(settings.secret_key.encode(), b"allies:jobs", "sha256").hex()
        self.huey = SqliteHuey(
            "jobs",
            filename=str(settings.instance / "jobs.db"),
            serializer=SignedSerializer(secret=key),
            results=False,
            fsync=False,  # a hint may be lost with the power
            timeout=patience,
        )
        self.carrier = post.carrier(settings)
        self.deliver = self.huey.task(name="deliver")(self.look)
        self.asked, self.looking = threading.Event(), threading.Lock()
        self.planned = now()

    def look(self):
        """Send what is due, one thread at a time; who comes meanwhile makes it look once more."""
        self.asked.set()
        while self.asked.is_set() and self.looking.acquire(blocking=False):
            try:
                self.asked.clear()
                with job("sending"):
                    self.plan(send_due(self.settings, self.carrier))
            finally:
                self.looking.release()

    def plan(self, moment):
        """Look again at this moment (or None), unless that is far off or planned already."""
        if moment is None or now() < self.planned <= moment:
            return
        seconds = (moment - now()).total_seconds()
        if seconds < SOON:
            self.planned = moment
            self.deliver.schedule(delay=max(seconds, 0))


@contextmanager
def job(name):
    """Around a piece of work: a database connection, and errors logged without their text."""
    open_connection()
    try:
        yield
    except Exception as error:
        log.error("%s in %s", kind_and_place(error), name)
    finally:
        close_connection()


class Waker:
    """How a page wakes the worker. Made ready by create_app, opened at the first message."""

    settings: Any = None
    queue: Any = None

    def connect(self, settings):
        """Use this installation's queue. Raises ConfigError when its mail can't be sent at all."""
        mail.check_sender(settings)
        post.carrier(settings)
        self.settings, self.queue = settings, None

    def wake(self):
        """Ask the worker to look now. Never raises: the outbox row is there already."""
        try:
            if self.queue is None:
                self.queue = Queue(self.settings, patience=PAGE_PATIENCE)
            self.queue.deliver()
        except Exception as error:
            log.warning("The worker could not be woken: %s", type(error).__name__)


waker = Waker()


def beat(settings):
    """Note that the worker is alive."""
    (settings.instance / "worker.beat").touch(mode=0o600)


def seconds_silent(settings):
    """How long ago the worker last gave a sign of life; infinite when it never did."""
    try:
        return time.time() - (settings.instance / "worker.beat").stat().st_mtime
    except OSError:
        return float("inf")
