"""Everything that changes the register of places."""

from allies.audit import record
from allies.crypto import digest
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l, day
from allies.venues.models import OF_A_PLACE, Venue

CHANGED = _l(
    "Somebody else changed this place a moment ago. Nothing of yours is noted yet."
    " Look below how it is now. Is your change still right? Then save it again."
)


@atomic
def add(alliance, *, by, **facts):
    """Add a place to the register. Raises Refused for a name that is in it."""
    check_name(alliance, facts["name"])
    venue = Venue.create(alliance=alliance, **facts)
    record(by, "venue.added", venue)
    return venue


@atomic
def change(venue, *, by, seen="", **facts):
    """Describe a place anew. Returns whether its address is another one; this tells nobody.

    Raises Refused for a name that is in the register, and when the place was removed meanwhile
    or is no longer as in `seen`, its mark on the page.
    """
    check_name(venue.alliance, facts["name"], besides=venue)
    was = Venue.get_or_none(Venue.id == venue.id)
    if was is None:
        raise Refused("name", _l("Somebody removed this place just now. Add it as a new one."))
    if seen and seen != mark_of(was):
        raise Refused("seen", CHANGED)
    Venue.update(facts).where(Venue.id == venue.id).execute()
    record(by, "venue.changed", venue)
    return was.address != facts["address"]


@atomic
def remove(venue, *, by):
    """Take a place off the list: one that was used retires, another is deleted. Did it retire?

    Raises DomainError when a meeting that is still to come is planned there.
    """
    if meeting := next(iter(coming_at(venue)), None):
        raise DomainError(
            _l(
                "You meet here on %(day)s, so this place stays on the list."
                " Choose another place for that meeting first.",
                day=day(meeting.starts_at),
            )
        )
    is_used = venue.meetings.exists()
    record(by, "venue.retired" if is_used else "venue.removed", venue)
    if is_used:
        Venue.update(is_retired=True).where(Venue.id == venue.id).execute()
    else:
        Venue.delete().where(Venue.id == venue.id).execute()
    return is_used


@atomic
def bring_back(venue, *, by):
    """Let a place that retired be chosen again."""
    retired = (Venue.id == venue.id) & Venue.is_retired
    if Venue.update(is_retired=False).where(retired).execute():
        record(by, "venue.returned", venue)


def mark_of(venue):
    """A mark that differs as soon as anything that is told of a place does."""
    return digest(repr([getattr(venue, name) for name in OF_A_PLACE]))[:22]


def coming_at(venue):
    """What is planned at a place and is not over, drafts too, the earliest first. One query."""
    meetings = [m for m in venue.meetings if not m.is_cancelled and m.ends_at > now()]
    for meeting in meetings:
        meeting.alliance = venue.alliance
    return sorted(meetings, key=lambda m: m.starts_at)


def shown(meetings):
    """Those of these meetings that are still open, of which members see the address now."""
    return [m for m in meetings if m.is_open and m.shows_place]


def check_name(alliance, name, besides=None):
    """Raise Refused for a name that another place of the register has."""
    for other in alliance.venues:
        if other.name.casefold() == name.casefold() and other != besides:
            raise Refused(
                "name",
                _l("This place is in the list, under “No longer used”. Bring it back there.")
                if other.is_retired
                else _l("This place is in the list already. Choose it there."),
            )
