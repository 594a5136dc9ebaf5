"""Inviting people, joining with a code, and shutting somebody out (PRODUCT 4.7, TRUST T26)."""

from datetime import timedelta

from allies.accounts.models import User
from allies.accounts.service import close_sign_ins
from allies.alliances.aliases import draw
from allies.alliances.models import Membership, Role
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l, today
from allies.invitations.codes import hash_of, new_code
from allies.invitations.models import MOST_ALLIES, VALID, Invitation
from allies.invitations.slips import hold, make, spend, still, within
from allies.invitations.way_back import take_back
from allies.notifications.models import Delivery
from allies.notifications.service import close_links
from allies.people.models import Identity
from allies.rights.leaving import let_go

DRAWS = 2  # how often a newcomer may draw another alias
LONGEST_DEPUTY = timedelta(days=92)
FULL = _l("This group is complete: at most 15 people take part.")


@atomic
def invite(alliance, *, by, role=Role.ALLY, organisation=None, reason=""):
    """Make an invitation; returns it with its code, which is kept nowhere and can't be shown again.

    Raises DomainError when the allies and the open invitations fill all places.
    """
    hold(alliance)
    if role == Role.ALLY and alliance.allies.count() + open_places(alliance) >= MOST_ALLIES:
        raise DomainError(_l("All 15 places are taken, or promised with an open invitation."))
    invitation, code = make(alliance, by=by, role=role, organisation=organisation)
    record(by, "invitation.made", invitation, note=reason)
    return invitation, code


@atomic
def invite_deputy(alliance, *, by, last_day):
    """Let a coordinator's own organisation stand in until `last_day`; returns as `invite` does."""
    if last_day < today():
        raise Refused("last_day", _l("This day has passed. Choose one that is still to come."))
    if last_day > today() + LONGEST_DEPUTY:
        raise Refused("last_day", _l("Choose a day within three months."))
    facts = {"role": Role.COORDINATOR, "organisation": by.organisation, "last_day": last_day}
    invitation, code = make(alliance, by=by, ends_at=within(last_day, VALID), **facts)
    record(by, "invitation.deputy", invitation)
    return invitation, code


@atomic
def invite_successor(alliance, *, by):
    """Let a colleague of the same organisation coordinate too; returns as `invite` does."""
    facts = {"role": Role.COORDINATOR, "organisation": by.organisation}
    invitation, code = make(alliance, by=by, **facts)
    record(by, "invitation.successor", invitation)
    return invitation, code


@atomic
def reissue(invitation, *, by):
    """Give an open invitation a new code and a new week; the old code opens nothing from now on."""
    if invitation.place_id:
        raise DomainError(_l("Make this code on the page of the member, with the reason."))
    code, last_day = new_code(), invitation.last_day
    ends_at = within(last_day, VALID) if last_day else now() + VALID
    fresh = {"code_hash": hash_of(code), "made_at": now(), "ends_at": ends_at}
    fresh["made_by"] = None if isinstance(by, str) else by
    if not Invitation.update(**fresh).where(still(invitation)).execute():
        raise DomainError(_l("This invitation is used or has ended. Make a new one."))
    record(by, "invitation.reissued", invitation)
    return Invitation.get_by_id(invitation.id), code


@atomic
def withdraw(invitation, *, by):
    """Take an open invitation back: its code opens nothing from now on."""
    if not Invitation.delete().where(still(invitation)).execute():
        raise DomainError(_l("This invitation is used or has ended already."))
    record(by, "invitation.withdrawn", invitation)


@atomic
def join(invitation, *, name, email, locale, phone=""):
    """Make an account with a first membership, and spend the invitation. Raises DomainError.

    Call it in the transaction that also gives the account its way in.
    """
    user = User.create(locale=locale)
    membership = add_member(invitation, user, name=name)
    Identity.enrol(user, name=name, email=email, phone=phone)
    return membership


@atomic
def join_as(invitation, user):
    """Give somebody who has an account one more membership. Raises DomainError."""
    here = Membership.alliance == invitation.alliance_id
    if Membership.select().where(here, Membership.user == user.id).exists():
        raise DomainError(_l("You are in this group already. Somebody else can use the code."))
    return add_member(invitation, user)


def add_member(invitation, user, *, name=""):
    """Spend an invitation on a membership; the update itself decides who of two was first."""
    if invitation.place_id:
        return take_back(invitation, user)
    alliance = invitation.alliance
    hold(alliance)
    spend(invitation)
    if invitation.role == Role.ALLY and alliance.allies.count() >= MOST_ALLIES:
        raise DomainError(FULL)
    return Membership.create(
        alliance=alliance,
        user=user,
        role=invitation.role,
        organisation=invitation.organisation,
        alias=draw(alliance, name=name),
        draws_left=DRAWS,
        ends_on=invitation.last_day,
    )


@atomic
def revoke(membership, *, reason):
    """Shut somebody out, at once and on every device; an act of the operator.

    In a single alliance the account can't be used any more and waits for
    erasure. Who belongs to others loses this membership and signs in anew.
    """
    user = membership.user
    close_sign_ins(user)
    close_links(user)
    Delivery.delete().where(Delivery.membership == membership, Delivery.sent_at.is_null()).execute()
    theirs = (Invitation.place == membership) | (Invitation.made_by == membership)
    Invitation.delete().where(theirs).execute()
    record("operator", "member.revoked", membership, note=reason)
    if user.memberships.count() > 1:
        let_go(membership)
    else:
        User.update(disabled_at=now()).where(User.id == user.id).execute()


def open_places(alliance):
    """How many places are promised to somebody who has not joined yet."""
    promised = Invitation.role == Role.ALLY, Invitation.place.is_null(), Invitation.is_open_now()
    return alliance.invitations.where(*promised).count()
