"""Making and ending the address from which a calendar reads one's meetings."""

from datetime import timedelta

from allies.access import way_in
from allies.alliances.models import Membership
from allies.calendars.models import CalendarFeed
from allies.crypto import digest, token
from allies.db import atomic, now
from allies.i18n import today
from allies.meetings.models import Meeting

TERM = timedelta(days=365)
LOOKS_BACK = timedelta(days=92)


@atomic
def make(membership):
    """A new address for this member, as its token: only now is it known. The old one ends."""
    stop(membership)
    secret = token()
    CalendarFeed.create(
        id=digest(secret), membership=membership, made_on=today(), ends_at=now() + TERM
    )
    return secret


@atomic
def stop(membership):
    """End this member's address, if there is one."""
    CalendarFeed.delete().where(CalendarFeed.membership == membership.id).execute()


@way_in("calendars")
def stop_all(user):
    """End the addresses of all memberships of this user."""
    theirs = Membership.select(Membership.id).where(Membership.user == user.id)
    CalendarFeed.delete().where(CalendarFeed.membership.in_(theirs)).execute()


def feed_of(membership):
    """The address that a calendar of this member reads now, or None; the address itself is gone."""
    mine = (CalendarFeed.membership == membership.id) & (CalendarFeed.ends_at > now())
    return CalendarFeed.get_or_none(mine)


def meetings_in(feed):
    """What members were told of: the last three months and all to come, also what is cancelled."""
    told = Meeting.select().where(
        Meeting.alliance == feed.membership.alliance_id,
        ~Meeting.is_draft,
        Meeting.starts_at > now() - LOOKS_BACK,
    )
    return list(told.order_by(Meeting.starts_at, Meeting.id))
