"""Telling: when, how much of it waits, and what is forgotten."""

import os
import sqlite3
from datetime import timedelta

import pytest

from allies.db import atomic, now
from allies.meetings import service as meetings
from allies.notifications.models import Delivery, Link
from allies.notifications.service import SPREAD_SECONDS, is_late, oldest_waiting, prune, tell
from allies.outcomes import service as outcomes
from allies.queue import PAGE_PATIENCE, Queue, waker
from allies.venues.models import Venue


@pytest.fixture
def queue(app):
    """The queue of this installation, empty."""
    found = Queue(app.config["ALLIES"], patience=1)
    found.huey.flush()
    yield found
    found.huey.storage.close()


def seconds_until_due():
    return [(d.due_at - d.created_at).total_seconds() for d in Delivery.select()]


def age(seconds):
    Delivery.update(created_at=now() - timedelta(seconds=seconds)).execute()


def test_ordinary_messages_are_spread_over_a_minute(veere):
    for _ in range(20):
        tell(veere.allies)

    seconds = seconds_until_due()
    assert len(seconds) == 240
    assert 0 <= min(seconds) < max(seconds) <= SPREAD_SECONDS
    assert max(seconds) - min(seconds) > 0.8 * SPREAD_SECONDS


def test_urgent_messages_are_due_at_once(veere):
    tell(veere.allies, is_urgent=True)

    assert set(seconds_until_due()) == {0}


def test_planning_a_meeting_tells_the_allies_about_that_meeting(veere, member):
    venue = Venue.select().where(Venue.alliance == veere).get()
    meeting = meetings.plan(
        veere,
        by=member("carla"),
        starts_at=now() + timedelta(days=400),
        duration=90,
        venue=venue,
        is_extra=True,
        reason="Kan niet anders",
    )

    told = {(d.membership_id, d.meeting_id) for d in Delivery.select()}
    assert told == {(m.id, meeting.id) for m in veere.allies}


def test_giving_an_outcome_tells_the_allies(veere, member):
    owed = outcomes.owe(veere, "police")
    outcomes.give(owed, by=member("carla"), state="partly", text="We kijken ernaar.")

    assert {d.membership_id for d in Delivery.select()} == {m.id for m in veere.allies}


def test_the_worker_is_woken_after_the_commit_and_not_before(queue, member):
    with atomic():
        tell([member("anna")])
        assert queue.huey.pending_count() == 0

    assert queue.huey.pending_count() == 1


def test_a_change_that_is_rolled_back_wakes_nobody(queue, member):
    with atomic() as change:
        tell([member("anna")])
        change.rollback()

    assert (Delivery.select().count(), queue.huey.pending_count()) == (0, 0)


def test_a_locked_queue_breaks_and_delays_no_page(app, queue, member):
    lock = sqlite3.connect(app.config["ALLIES"].instance / "jobs.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        began = now()
        tell([member("anna")])
        waited = (now() - began).total_seconds()
    finally:
        lock.close()

    assert Delivery.select().count() == 1
    assert waited < PAGE_PATIENCE * 3 + 0.5


def test_a_queue_that_can_not_be_written_breaks_no_page(app, tmp_path, member):
    settings = app.config["ALLIES"]
    (tmp_path / "jobs.db").mkdir()
    try:
        waker.connect(settings.__class__(**vars(settings) | {"instance": tmp_path}))
        tell([member("anna")])
    finally:
        waker.connect(settings)

    assert Delivery.select().count() == 1


def test_a_task_nobody_signed_is_not_run(app, queue):
    forger = Queue(app.config["ALLIES"].__class__(
        **vars(app.config["ALLIES"]) | {"secret_key": "another key that is also long enough"}
    ), patience=1)  # fmt: skip
    forger.deliver()
    forger.huey.storage.close()

    with pytest.raises(ValueError, match="Signature"):
        queue.huey.dequeue()


def test_the_oldest_waiting_message_is_known(member):
    assert oldest_waiting() is None
    tell([member("anna")])
    age(100)

    assert oldest_waiting() >= timedelta(seconds=100)
    Delivery.update(sent_at=now()).execute()
    assert oldest_waiting() is None


@pytest.mark.parametrize(
    ("is_urgent", "seconds", "late"),
    [(False, 290, False), (False, 310, True), (True, 50, False), (True, 70, True)],
)
def test_late_is_five_minutes_or_one_when_urgent(member, is_urgent, seconds, late):
    tell([member("anna")], is_urgent=is_urgent)
    age(seconds)

    assert is_late() is late


def test_what_was_sent_or_has_ended_is_forgotten_after_a_day(member):
    day, moment = timedelta(days=1), now()
    for sent_at, failed_at in [(moment - 2 * day, None), (moment, None), (None, None),
                               (None, moment - 2 * day), (None, moment - 8 * day)]:  # fmt: skip
        Delivery.create(membership=member("anna"), sent_at=sent_at, failed_at=failed_at)
    for name, ends_at in [("old", moment - 2 * day), ("ended", moment), ("open", moment + day)]:
        Link.create(id=name, membership=member("anna"), ends_at=ends_at)

    prune()

    assert Delivery.select().count() == 3
    assert {link.id for link in Link.select()} == {"ended", "open"}


def test_the_queue_is_beside_the_database(app, queue):
    assert os.path.exists(app.config["ALLIES"].instance / "jobs.db")
