"""The way back for whoever lost every way in: the place stays, the account is new."""

from allies import access
from allies.advice.models import CallList
from allies.alliances.models import Membership
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l
from allies.invitations.models import WAY_BACK_VALID, Invitation
from allies.invitations.slips import SPENT, hold, make, spend
from allies.notifications.models import Link
from allies.notifications.service import keep_quiet, tell
from allies.people.alarm import to_be_told
from allies.people.models import Reason, Reveal
from allies.people.service import warn_at_address_of_now
from allies.rights.leaving import erase_user
from allies.topics.models import Attribution, Topic


@atomic
def offer(membership, *, by, note):
    """Make the code with which somebody who lost every way in takes this place again.

    Any earlier one dies. A code in wrong hands does not stay unseen: the member is
    warned at the address of now, sees who did this and why, and the coordinators of
    the other organisation hear of it. Raises DomainError for somebody who was shut out.
    """
    hold(membership.alliance)
    if membership.user.disabled_at:
        raise DomainError(_l("This member was shut out. Talk to whoever keeps this system."))
    Invitation.delete().where(Invitation.place == membership, ~Invitation.is_used).execute()
    facts = {"role": membership.role, "organisation": membership.organisation, "place": membership}
    invitation, code = make(membership.alliance, by=by, ends_at=now() + WAY_BACK_VALID, **facts)
    record(by, "member.way-back", membership, note=note)
    looks = None if by == "operator" else by
    Reveal.note_look(membership, by=looks, field="", reason=Reason.WAY_BACK, note=note)
    warn_at_address_of_now(membership)
    tell(witnesses(membership, by), also_paused=True)
    return invitation, code


def witnesses(membership, by):
    """The coordinators who hear that a way back was made: of one by the operator all others."""
    if by == "operator":
        return [c for c in membership.alliance.coordinators if c.id != membership.id]
    return to_be_told(by)


@atomic
def take_back(invitation, user):
    """Give the place of a way back to a new account; every way in of the old one ends here.

    What the old account is in other alliances stays as it was: whoever made the
    code learns nothing of it. Without any other place the old account is erased.
    """
    hold(invitation.alliance)
    spend(invitation)
    place = invitation.place
    before = place.user
    if before.disabled_at:
        raise DomainError(SPENT)
    is_last = Membership.select().where(Membership.user == before).count() == 1
    if is_last:
        access.close_all(before)
    Link.delete().where(Link.membership == place).execute()
    keep_quiet(place)
    unlink_unattributed(place)
    # A list of numbers that stands open was opened for somebody else's number.
    CallList.delete().where(CallList.by.in_(place.alliance.coordinators)).execute()
    Membership.update(user=user, paused_until=None).where(Membership.id == place.id).execute()
    if is_last:
        erase_user(before)
    return Membership.get_by_id(place.id)


def unlink_unattributed(place):
    """Let topics without attribution be nobody's: no page tells a coordinator whose they are, so
    neither may a code that a coordinator made."""
    theirs = (Topic.proposed_by == place.id) & (Topic.attribution == Attribution.NONE)
    Topic.update(proposed_by=None).where(theirs).execute()
