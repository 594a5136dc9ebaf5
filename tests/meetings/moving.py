"""A meeting to change, and the form that changes it."""

from datetime import datetime, time, timedelta

from allies.db import now
from allies.i18n import at_local_time, local, today
from allies.meetings.marks import mark_of
from allies.meetings.models import Meeting, Rsvp

DAY = timedelta(days=1)
FACTS = {"duration": 120, "is_extra": True, "brings": ""}


def alone(alliance):
    """An extra meeting, alone in its weeks, at half past seven in 30 days."""
    Meeting.delete().where(Meeting.alliance == alliance, Meeting.starts_at > now()).execute()
    return make(alliance, days=30)


def make(alliance, *, days, **facts):
    starts_at = at_local_time(datetime.combine(today() + days * DAY, time(19, 30)))
    return Meeting.create(alliance=alliance, starts_at=starts_at, **FACTS | facts)


def stored(meeting):
    return Meeting.get_by_id(meeting.id)


def answered(meeting):
    return Rsvp.select().where(Rsvp.meeting == meeting).count()


def form_of(meeting, **facts):
    """The form as it stood on a page opened now."""
    wall = local(facts.pop("starts_at", meeting.starts_at)).strftime("%Y-%m-%dT%H:%M")
    return {
        "starts_at": wall, "duration": "120", "is_extra": "y", "brings": "",
        "seen": mark_of(meeting), **facts,
    }  # fmt: skip
