"""Two programs that read calendars and share no code, each giving the same plain facts."""

from datetime import UTC, datetime
from typing import NamedTuple

import icalendar
from ical.calendar_stream import IcsCalendarStream


class Entry(NamedTuple):
    start: datetime  # UTC
    wall: str  # as its reader sees it on the clock
    uid: str
    sequence: int
    status: str


def by_icalendar(text):
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return [
        entry(e.decoded("DTSTART"), str(e["UID"]), int(e["SEQUENCE"]), str(e["STATUS"]))
        for e in events
    ]


def by_ical(text):
    calendar = IcsCalendarStream.calendar_from_ics(text)
    return [entry(e.dtstart, e.uid, e.sequence, e.status.value) for e in calendar.events]


def entry(start, uid, sequence, status):
    return Entry(start.astimezone(UTC), f"{start:%Y-%m-%d %H:%M}", uid, sequence, status)


READERS = (by_icalendar, by_ical)
