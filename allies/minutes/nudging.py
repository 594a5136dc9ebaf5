"""Reminding coordinators of minutes that everybody waits for."""

from datetime import timedelta

from allies.db import atomic, now
from allies.meetings.models import Meeting
from allies.minutes.models import (
    ASKED_FOR,
    Contest,
    ContestState,
    Minutes,
    MinutesPart,
    MinutesState,
    contest_time_is_over,
)
from allies.notifications.service import tell
from allies.reminders.planned import is_night

PATIENCE = (timedelta(days=3), timedelta(days=7))  # after a meeting: the first time, the second
FOR_CONTESTS = 3  # the third and last: remarks wait for an answer and hold up the fixing


def nudge():
    """Tell coordinators of the minutes that are late, once for each step; returns how often.

    Not at night: what becomes due then is told in the morning. Safe to repeat.
    """
    if is_night(now()):
        return 0
    steps = [(m, waited(m)) for m in without_minutes()]
    steps += [(m, FOR_CONTESTS) for m in with_open_contests()]
    return sum(nudge_for(meeting, step) for meeting, step in steps if step > meeting.nudges)


@atomic
def nudge_for(meeting, step):
    """Tell the coordinators of this meeting's table; False when somebody was first."""
    first = (Meeting.id == meeting.id) & (Meeting.nudges < step)
    if not Meeting.update(nudges=step).where(first).execute():
        return False
    tell(meeting.alliance.coordinators)
    return True


def waited(meeting):
    """How many of the times to wait have passed since this meeting."""
    return sum(meeting.ends_at + patience <= now() for patience in PATIENCE)


def without_minutes():
    """The meetings that were held lately and of which nobody could read minutes."""
    published = Minutes.select(Minutes.meeting).where(Minutes.state != MinutesState.CONCEPT)
    lately = (Meeting.starts_at > now() - ASKED_FOR) & (Meeting.starts_at <= now() - PATIENCE[0])
    return Meeting.select().where(lately, Meeting.is_on(), Meeting.id.not_in(published))


def with_open_contests():
    """The meetings whose minutes can't be fixed because a contest was not answered in time."""
    open_ones = Contest.state == ContestState.OPEN
    waiting = (
        Minutes.select(Minutes.meeting)
        .join(MinutesPart)
        .join(Contest)
        .where(Minutes.state == MinutesState.CONTESTABLE, contest_time_is_over(), open_ones)
    )
    return Meeting.select().where(Meeting.id.in_(waiting))
