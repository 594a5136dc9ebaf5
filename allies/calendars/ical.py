"""Calendar entries that give nothing away (RFC 5545, TRUST T17)."""

from datetime import timedelta

from icalendar import Calendar, Event

from allies.crypto import digest
from allies.db import now
from allies.i18n import local

TITLE = "Afspraak"
HALF_YEAR = timedelta(days=183)  # so much of the time zone a calendar needs around a meeting


def calendar_file(meetings, membership):
    """These meetings as iCalendar bytes: their times only, whatever the language."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Agenda//NL")
    for meeting in meetings:
        calendar.add_component(entry(meeting, membership))
    if meetings:
        days = [local(m.starts_at).date() for m in meetings]
        span = {"first_date": min(days) - HALF_YEAR, "last_date": max(days) + HALF_YEAR}
        calendar.add_missing_timezones(**span)
    return calendar.to_ical()


def entry(meeting, membership):
    """One meeting, under a UID that stays when it is moved and that no other member has."""
    event = Event()
    event.add("uid", digest(f"{meeting.id}:{membership.id}")[:32])
    event.add("dtstamp", now())
    event.add("dtstart", local(meeting.starts_at))
    event.add("dtend", local(meeting.ends_at))
    event.add("summary", TITLE)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event
