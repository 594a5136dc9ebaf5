"""The worker: sends messages the moment they are due and keeps the clock (`flask worker`)."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from huey import crontab

from allies.accounts import service as accounts
from allies.accounts.models import Attempt
from allies.advice import service as advice
from allies.audit_mail import send_head
from allies.db import atomic, now
from allies.errors import ConfigError
from allies.i18n import today
from allies.invitations import service as invitations
from allies.notifications import service as notifications
from allies.notifications.models import Delivery
from allies.notifications.post import Folder
from allies.queue import Queue, beat, job
from allies.receipts import Receipt
from allies.topics import service as topics

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PATIENCE = 5  # seconds to wait for a locked queue
THREADS = 2  # a silent mail server must not hold up a round that ends
MOST_DELAY = 0.5  # seconds between two looks at an empty queue
CHECK_SECONDS = 60  # between two looks whether the threads live
LEAVE_SECONDS = 1  # for work at hand when stopping; what is cut off is done later

EVERY_MINUTE = crontab()
EVERY_TEN_MINUTES = crontab(minute="*/10")
EVERY_NIGHT = crontab(hour="2", minute="30")  # UTC
RECEIPTS_KEPT, TRIES_KEPT = timedelta(days=2), timedelta(days=1)


@atomic
def forget_receipts():
    """Drop the one-time keys of forms that nobody sends again."""
    Receipt.delete().where(Receipt.day < today() - RECEIPTS_KEPT).execute()


@atomic
def forget_tries():
    """Drop the counted tries of days that are over."""
    Attempt.delete().where(Attempt.at < now() - TRIES_KEPT).execute()


@dataclass(frozen=True)
class Job:
    """Periodic work. Doing it twice does no harm: two workers may both have a clock."""

    name: str
    when: Callable
    run: Callable


JOBS = (
    Job("close ended rounds", EVERY_MINUTE, advice.close_ended),
    Job("cut links to advice", EVERY_NIGHT, advice.prune),
    Job("cut links to topics", EVERY_NIGHT, topics.forget_authors),
    Job("forget invitations", EVERY_NIGHT, invitations.prune),
    Job("forget sign-ins", EVERY_NIGHT, accounts.prune),
    Job("forget receipts", EVERY_NIGHT, forget_receipts),
    Job("forget tries", EVERY_NIGHT, forget_tries),
    Job("forget messages", EVERY_NIGHT, notifications.prune),
)


def run(settings):
    """Work until SIGINT, SIGTERM or SIGHUP. Raises ConfigError when there is nothing to work with.

    The signals are waited for instead of handled: nothing wakes this thread for
    nothing, and no handler can strike at a bad moment.
    """
    if not Delivery.table_exists():
        raise ConfigError("The database is not up to date; run: flask upgrade")
    queue = Queue(settings, patience=PATIENCE)
    queue.huey.flush()  # hints from before, maybe signed with an old key; we look right away
    register(queue)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    consumer = queue.huey.create_consumer(
        workers=THREADS, max_delay=MOST_DELAY, shutdown_timeout=LEAVE_SECONDS
    )
    beat(settings)
    consumer.scheduler.start()
    for _worker, thread in consumer.worker_threads:
        thread.start()
    queue.deliver()
    while signal.sigtimedwait(STOPS, CHECK_SECONDS) is None:
        consumer.check_worker_health()
    consumer.stop(graceful=True)


def register(queue):
    """Put the periodic work in the queue's calendar."""

    def sweep():
        beat(queue.settings)
        queue.look()

    def forget_mail():
        if isinstance(queue.carrier, Folder):
            queue.carrier.forget(now() - notifications.KEPT)

    own = (
        Job("sweep", EVERY_MINUTE, sweep),
        Job("send the head", EVERY_TEN_MINUTES, lambda: send_head(queue.settings)),
        Job("forget mail files", EVERY_NIGHT, forget_mail),
    )
    for each in (*own, *JOBS):
        queue.huey.periodic_task(each.when, name=each.name)(_guarded(each))


def _guarded(each):
    def run_job():
        with job(each.name):
            each.run()

    return run_job
