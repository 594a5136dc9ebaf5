"""A calendar entry that gives nothing away (RFC 5545, TRUST T17)."""

from datetime import UTC

from icalendar import Calendar, Event

from allies.crypto import digest
from allies.i18n import local

TITLE = "Afspraak"


def calendar_file(meeting, membership):
    """One meeting as iCalendar bytes: its time only, under a UID that no other member has."""
    event = Event()
    event.add("uid", digest(f"{meeting.id}:{membership.id}")[:32])
    event.add("dtstamp", meeting.starts_at.astimezone(UTC))
    event.add("dtstart", local(meeting.starts_at))
    event.add("dtend", local(meeting.ends_at))
    event.add("summary", TITLE)
    event.add("sequence", 0)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Agenda//NL")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
