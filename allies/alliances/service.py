"""A member's own place, the end of a deputy, and what the group agreed (PRODUCT 4.2, 4.7)."""

from datetime import timedelta

from allies.alliances.aliases import draw
from allies.alliances.models import Alliance, Membership
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError, Refused
from allies.i18n import _l, today
from allies.notifications.service import keep_quiet
from allies.rights.leaving import let_go

LONGEST_PAUSE = timedelta(days=183)


@atomic
def redraw(membership, *, name):
    """Draw another alias, never a word out of `name`; nobody gets the old one any more.

    Raises DomainError when all draws are used up, also for the second of two at once.
    """
    alias = draw(membership.alliance, name=name)
    left = (Membership.id == membership.id) & (Membership.draws_left > 0)
    fresh = {"alias": alias, "draws_left": Membership.draws_left - 1}
    if not Membership.update(**fresh).where(left).execute():
        raise DomainError(_l("You keep this alias: the others know you by it now."))
    return alias


@atomic
def pause(membership, *, until):
    """No messages for this member up to and including that day. Raises Refused for the day."""
    if until < today():
        raise Refused("until", _l("This day has passed. Choose one that is still to come."))
    if until > today() + LONGEST_PAUSE:
        raise Refused("until", _l("Choose a day within six months. You can pause again then."))
    Membership.update(paused_until=until).where(Membership.id == membership.id).execute()
    keep_quiet(membership)


@atomic
def resume(membership):
    """End a pause now."""
    Membership.update(paused_until=None).where(Membership.id == membership.id).execute()


@atomic
def end_deputy(deputy, *, by):
    """Let a deputy go before the last day; an act of a coordinator of the same organisation."""
    let_go(deputy)
    record(by, "member.deputy-ended", deputy)


@atomic
def agree(alliance, *, by, least_coming, place_days):
    """Note from how many allies a meeting is on, and how many days before its address shows."""
    agreed = {"least_coming": least_coming, "place_days": place_days}
    Alliance.update(agreed).where(Alliance.id == alliance.id).execute()
    record(by, "alliance.agreed", alliance)
