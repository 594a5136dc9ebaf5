"""Coordinators hear after three and seven days that everybody waits for minutes."""

from datetime import datetime, timedelta

import pytest
import time_machine

from allies import jobs
from allies.db import now
from allies.i18n import at_local_time, local
from allies.meetings.models import Meeting
from allies.minutes import contesting, nudging, service
from allies.minutes.models import Minutes
from allies.notifications.models import Delivery
from tests.minutes.conftest import end_of_contest

NOON = timedelta(hours=14)  # after a meeting that ended at ten in the evening


@pytest.fixture
def ended(veere):
    """A meeting that ended yesterday at ten in the evening; no other one waits for minutes."""
    Meeting.update(nudges=nudging.FOR_CONTESTS).execute()
    yesterday = local(now()).replace(tzinfo=None) - timedelta(days=1)
    ends_at = at_local_time(
        datetime.combine(yesterday.date(), datetime.min.time()) + timedelta(hours=22)
    )
    meeting = Meeting.create(alliance=veere, starts_at=ends_at - timedelta(hours=2), duration=120)
    Delivery.delete().execute()
    return meeting


def told_after(meeting, **since):
    """Who is told when the job runs so long after the end of the meeting."""
    Delivery.delete().execute()
    with time_machine.travel(meeting.ends_at + timedelta(**since), tick=False):
        nudging.nudge()
    return {d.membership_id for d in Delivery.select()}


def test_coordinators_are_told_after_three_days_and_after_seven_once_each(ended, veere):
    coordinators = {c.id for c in veere.coordinators}
    told = [told_after(ended, days=d, hours=14) for d in (0, 1, 2, 3, 3, 4, 6, 7, 7, 8, 20, 29)]

    assert len(coordinators) == 3
    assert told == [set(), set(), set(), coordinators, set(), set(), set(), coordinators] + 4 * [
        set()
    ]


def test_not_an_hour_before_three_days_are_over(ended):
    assert told_after(ended, days=3, hours=-1) == set()


@pytest.mark.parametrize(
    ("hour", "is_told"), [(21, True), (22, False), (3, False), (6, False), (7, True)]
)
def test_nobody_is_woken(ended, hour, is_told):
    day = local(ended.ends_at + timedelta(days=4)).replace(tzinfo=None).date()
    moment = at_local_time(datetime.combine(day, datetime.min.time()) + timedelta(hours=hour))
    with time_machine.travel(moment, tick=False):
        nudging.nudge()

    assert Delivery.select().exists() == is_told


def test_after_a_week_without_a_worker_they_are_told_once(ended, veere):
    assert len(told_after(ended, days=9, hours=14)) == 3
    assert told_after(ended, days=9, hours=15) == set()
    assert Meeting.get_by_id(ended.id).nudges == 2


def test_of_a_meeting_of_long_ago_nobody_is_told(ended):
    assert told_after(ended, days=31) == set()


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_of_a_meeting_that_was_not_held_nobody_is_told(ended, facts):
    Meeting.update(facts).where(Meeting.id == ended.id).execute()

    assert told_after(ended, days=4, hours=14) == set()


def test_a_concept_is_not_enough_and_published_minutes_are(ended, member):
    minutes = service.begin(ended, by=member("carla"))
    assert len(told_after(ended, days=3, hours=14)) == 3

    part = service.add_part(minutes, title="Rondvraag")
    service.write(part, by=member("carla"), seen="0", heard="Het was goed.", advice="")
    service.publish(minutes, by=member("carla"))
    assert told_after(ended, days=7, hours=14) == set()


def test_a_remark_that_holds_up_the_fixing_is_told_once(contested):
    minutes = Minutes.get_by_id(contested.part.minutes_id)
    others = Meeting.id != minutes.meeting_id
    Meeting.update(nudges=nudging.FOR_CONTESTS).where(others).execute()
    ends_at = end_of_contest(minutes)
    noon = at_local_time(local(ends_at).replace(tzinfo=None, hour=12)) + timedelta(days=1)
    told = []
    for moment in (noon - timedelta(days=2), noon, noon + timedelta(hours=1)):
        Delivery.delete().execute()
        with time_machine.travel(moment, tick=False):
            contesting.fix_due()
            nudging.nudge()
        told.append(Delivery.select().count())

    assert told == [0, 3, 0]


def test_the_worker_does_both():
    work = {job.run for job in jobs.JOBS}

    assert {contesting.fix_due, nudging.nudge} <= work
