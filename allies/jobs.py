"""The worker: sends messages the moment they are due and keeps the clock (`flask worker`)."""

import signal
from collections.abc import Callable
from dataclasses import dataclass

from huey import crontab

from allies import keeping
from allies.advice import service as advice
from allies.audit_mail import send_head
from allies.errors import ConfigError
from allies.minutes import contesting, nudging
from allies.notifications.models import Delivery
from allies.queue import Queue, beat, job
from allies.reminders import service as reminders
from allies.rights.wiping import wipe

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PATIENCE = 5  # seconds to wait for a locked queue
THREADS = 2  # a silent mail server must not hold up a round that ends
MOST_DELAY = 0.5  # seconds between two looks at an empty queue
CHECK_SECONDS = 60  # between two looks whether the threads live
LEAVE_SECONDS = 1  # for work at hand when stopping; what is cut off is done later

EVERY_MINUTE = crontab()
EVERY_TEN_MINUTES = crontab(minute="*/10")
EVERY_NIGHT = crontab(hour="2", minute="30")  # UTC


@dataclass(frozen=True)
class Job:
    """Periodic work. Doing it twice does no harm: two workers may both have a clock."""

    name: str
    when: Callable
    run: Callable


def forget_quickly():
    """Drop what is kept for minutes only, and the last bytes of what was deleted."""
    keeping.prune(every_minute=True)
    wipe()


JOBS = (
    Job("close ended rounds", EVERY_MINUTE, advice.close_ended),
    Job("remind", EVERY_MINUTE, reminders.send_due),
    Job("fix minutes", EVERY_TEN_MINUTES, contesting.fix_due),
    Job("ask for minutes", EVERY_TEN_MINUTES, nudging.nudge),
    Job("forget quickly", EVERY_MINUTE, forget_quickly),
    Job("forget", EVERY_NIGHT, keeping.prune),
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

    own = (
        Job("sweep", EVERY_MINUTE, sweep),
        Job("send the head", EVERY_TEN_MINUTES, lambda: send_head(queue.settings)),
    )
    for each in (*own, *JOBS):
        queue.huey.periodic_task(each.when, name=each.name)(_guarded(each))


def _guarded(each):
    def run_job():
        with job(each.name):
            each.run()

    return run_job
