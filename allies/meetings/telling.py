"""Whom a change reaches: everybody who might stand at the old place, or there too early."""

from allies.alliances.models import Membership, Role
from allies.db import atomic
from allies.meetings.answers import Answer
from allies.meetings.models import Rsvp
from allies.notifications.service import tell
from allies.venues import service as venues


@atomic
def describe_place(venue, *, by, seen="", **facts):
    """Describe a place anew, and tell who was shown the old address for a meeting to come.

    Raises as `venues.service.change` does.
    """
    is_elsewhere = venues.change(venue, by=by, seen=seen, **facts)
    if is_elsewhere and (meetings := venues.shown(venues.coming_at(venue))):
        tell_who_may_come(*meetings, by=by)


def tell_who_may_come(*meetings, by, answerable=None):
    """Tell the members of an alliance of what `by` changed in these meetings, each of them once.

    With `answerable`, a meeting, the message to an ally leads to its answer page.
    """
    alliance = meetings[0].alliance
    tell(alliance.allies, meeting=answerable)
    tell(coming_though_paused(alliance, meetings), meeting=answerable, also_paused=True)
    tell(others_at_work(alliance, by))


def coming_though_paused(alliance, meetings):
    """The allies who said they come and pause their messages now: they would stand there."""
    said = Rsvp.select(Rsvp.membership).where(
        Rsvp.meeting.in_([m.id for m in meetings]), Rsvp.answer.in_((Answer.YES, Answer.MAYBE))
    )
    coming = alliance.allies.where(Membership.id.in_(said))
    return [ally for ally in coming if ally.is_paused]


def others_at_work(alliance, by):
    """The coordinators and partners who did not do this themselves."""
    roles = (alliance.with_role(role) for role in (Role.COORDINATOR, Role.PARTNER))
    return [m for members in roles for m in members if m.id != by.id]
