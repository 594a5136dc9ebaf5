"""Where an alliance has been, so that the next meeting is somewhere else (PRODUCT 4.2)."""

from dataclasses import dataclass

from peewee import JOIN, fn

from allies.i18n import local
from allies.meetings.models import Meeting, MeetingState
from allies.meetings.rules import meetings_in, others_in_year_of
from allies.venues.models import Venue


@dataclass(frozen=True)
class Place:
    """A place of the register with the meetings held there and those to come, earliest first."""

    venue: Venue
    held: list[Meeting]
    coming: list[Meeting]


@dataclass(frozen=True)
class Area:
    """A village or part of town: how often the alliance was there, and when last and next."""

    name: str
    held: list[Meeting]
    coming: list[Meeting]


def register_of(alliance):
    """Every place of this alliance, by name, in two queries."""
    of_alliance = (Meeting.alliance == alliance.id) & Meeting.venue.is_null(False)
    planned = Meeting.select().where(of_alliance, Meeting.cancelled_at.is_null())
    meetings = list(planned.order_by(Meeting.starts_at, Meeting.id))
    places = []
    for venue in sorted(alliance.venues, key=lambda v: (v.name.casefold(), v.id)):
        here = [m for m in meetings if m.venue_id == venue.id]
        held = [m for m in here if m.state == MeetingState.HELD]
        places.append(Place(venue, held, [m for m in here if not m.has_begun]))
    return places


def areas_of(register):
    """The areas of a register: first those never visited, then those of longest ago.

    An area counts when a place there can still be chosen, or when the alliance was there.
    """
    by_name: dict[str, list[Place]] = {}
    for place in register:
        if place.held or not place.venue.is_retired:
            by_name.setdefault(place.venue.area.casefold(), []).append(place)
    areas = [
        Area(places[0].venue.area, _in_order(places, "held"), _in_order(places, "coming"))
        for places in by_name.values()
    ]
    return sorted(areas, key=_suggested)


def choosable(alliance):
    """(place, when its last meeting is or None) for places in use, the years of longest ago first.

    First those never used. One query. A meeting that is planned counts like one that was held.
    """
    used = (Meeting.venue == Venue.id) & Meeting.cancelled_at.is_null()
    last = fn.MAX(Meeting.starts_at)
    rows = Venue.can_be_chosen().select_extend(last.alias("last_at"))
    rows = rows.join(Meeting, JOIN.LEFT_OUTER, on=used).where(Venue.alliance == alliance.id)
    found = [(venue, venue.last_at) for venue in rows.group_by(Venue.id)]
    return sorted(found, key=_longest_ago)


def is_twice(meeting):
    """Is another meeting of the same year at the place of this one?"""
    if meeting.venue_id is None:
        return False
    return any(m.venue_id == meeting.venue_id for m in others_in_year_of(meeting))


def last_year_here(meeting):
    """The last meeting of the year before that was or is to be at the place of this one."""
    if meeting.venue_id is None:
        return None
    before = meetings_in(meeting.alliance_id, meeting.year - 1)
    here = [m for m in before if m.venue_id == meeting.venue_id and not m.is_draft]
    return here[-1] if here else None


def _longest_ago(offered):
    venue, last_at = offered
    return local(last_at).year if last_at else 0, venue.name.casefold(), venue.id


def _in_order(places, which):
    return sorted((m for p in places for m in getattr(p, which)), key=lambda m: m.starts_at)


def _suggested(area):
    last = area.held[-1].starts_at.timestamp() if area.held else 0
    return bool(area.held), bool(area.coming), last, area.name.casefold()
