"""A calendar entry that gives nothing away (RFC 5545, TRUST T17)."""

from datetime import timedelta

from icalendar import Calendar, Event

from allies.crypto import digest
from allies.db import now
from allies.i18n import local

TITLE = "Afspraak"
HALF_YEAR = timedelta(days=183)  # so much of the time zone a calendar needs


def calendar_file(meeting, membership):
    """One meeting as iCalendar bytes: its time only, under a UID that no other member has."""
    event = Event()
    event.add("uid", digest(f"{meeting.id}:{membership.id}")[:32])
    event.add("dtstamp", now())
    event.add("dtstart", local(meeting.starts_at))
    event.add("dtend", local(meeting.ends_at))
    event.add("summary", TITLE)
    event.add("sequence", 0)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Agenda//NL")
    calendar.add_component(event)
    day = local(meeting.starts_at).date()
    calendar.add_missing_timezones(first_date=day - HALF_YEAR, last_date=day + HALF_YEAR)
    return calendar.to_ical()
