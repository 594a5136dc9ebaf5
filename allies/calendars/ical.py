"""Calendar entries that give nothing away (RFC 5545, TRUST T17)."""

from datetime import date
from functools import lru_cache

from icalendar import Calendar, Event, Timezone

from allies.crypto import digest
from allies.db import now
from allies.i18n import ZONE, local

TITLE = "Afspraak"


def calendar_file(meetings, membership):
    """These meetings as iCalendar bytes: their times only, whatever the language."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Agenda//NL")
    if meetings:
        years = [meeting.year for meeting in meetings]
        calendar.add_component(clock_of(min(years), max(years)))
    for meeting in meetings:
        calendar.add_component(entry(meeting, membership))
    return calendar.to_ical()


@lru_cache(maxsize=8)  # it is most of the work, and the same for everybody
def clock_of(first_year, last_year):
    """When the clock changes in these years, with half a year before and after."""
    first, last = date(first_year - 1, 7, 1), date(last_year + 1, 7, 1)
    clock = Timezone.from_tzid(ZONE.key, first_date=first, last_date=last)
    clock.pop("COMMENT", None)  # the library's own words about these dates: times only
    return clock


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
