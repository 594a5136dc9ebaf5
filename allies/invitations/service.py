"""Inviting people, joining with a code, and shutting somebody out (PRODUCT 4.7, TRUST T26)."""

from datetime import timedelta

from allies.accounts.models import SignIn, User
from allies.accounts.service import set_passphrase
from allies.alliances.aliases import draw
from allies.alliances.models import Alliance, Membership, Role
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l
from allies.invitations.codes import hash_of, new_code
from allies.invitations.models import MOST_ALLIES, VALID, Invitation
from allies.notifications.models import Delivery, Link
from allies.people.models import Identity

FULL = _l("This group is complete: at most 15 people take part.")
SPENT = _l(
    "This code does not work any more. Have you just joined? Then sign in. Else ask for a new code."
)


@atomic
def invite(alliance, *, by, role=Role.ALLY, organisation=None, reason=""):
    """Make an invitation; returns it with its code, which is kept nowhere and can't be shown again.

    Raises DomainError when the allies and the open invitations fill all places.
    """
    hold(alliance)
    if role == Role.ALLY and alliance.allies.count() + open_places(alliance) >= MOST_ALLIES:
        raise DomainError(_l("All 15 places are taken, or promised with an open invitation."))
    code = new_code()
    invitation = Invitation.create(
        alliance=alliance,
        role=role,
        organisation=organisation,
        code_hash=hash_of(code),
        ends_at=now() + VALID,
    )
    record(by, "invitation.made", invitation, note=reason)
    return invitation, code


@atomic
def reissue(invitation, *, by):
    """Give an open invitation a new code and a new week; the old code opens nothing from now on."""
    code = new_code()
    fresh = {"code_hash": hash_of(code), "made_at": now(), "ends_at": now() + VALID}
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
def join(invitation, *, name, email, passphrase, locale):
    """Make an account with a first membership, and spend the invitation. Raises DomainError."""
    user = User.create(locale=locale)
    membership = add_member(invitation, user, name=name)
    Identity.enrol(user, name=name, email=email)
    set_passphrase(user, passphrase)
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
    alliance = invitation.alliance
    hold(alliance)
    if not Invitation.update(is_used=True).where(still(invitation)).execute():
        raise DomainError(SPENT)
    if invitation.role == Role.ALLY and alliance.allies.count() >= MOST_ALLIES:
        raise DomainError(FULL)
    membership = Membership.create(
        alliance=alliance,
        user=user,
        role=invitation.role,
        organisation=invitation.organisation,
        alias=draw(alliance, name=name),
    )
    # Without the membership: whoever handed the code over sees that it was used, never by whom.
    record("system", "invitation.used", invitation)
    return membership


@atomic
def revoke(membership, *, reason):
    """Shut somebody out, at once and on every device; an act of the operator.

    In a single alliance the account can't be used any more and waits for
    erasure. Who belongs to others loses this membership and signs in anew.
    """
    user = membership.user
    theirs = Membership.select(Membership.id).where(Membership.user == user)
    SignIn.delete().where(SignIn.user == user).execute()
    Link.delete().where(Link.membership.in_(theirs)).execute()
    Delivery.delete().where(Delivery.membership == membership, Delivery.sent_at.is_null()).execute()
    if theirs.count() > 1:
        Membership.delete().where(Membership.id == membership.id).execute()
    else:
        User.update(disabled_at=now()).where(User.id == user.id).execute()
    record("operator", "member.revoked", membership, note=reason)


@atomic
def prune():
    """Drop invitations that ended more than a day ago."""
    Invitation.delete().where(Invitation.ends_at < now() - timedelta(days=1)).execute()


def hold(alliance):
    """Let changes to who is in this alliance come one after another, on every kind of database."""
    Alliance.update(name=Alliance.name).where(Alliance.id == alliance.id).execute()


def still(invitation):
    """This invitation, if it is open still and has the code that was read."""
    same = (Invitation.id == invitation.id) & (Invitation.code_hash == invitation.code_hash)
    return same & Invitation.is_open_now()


def open_places(alliance):
    """How many places are promised to somebody who has not joined yet."""
    promised = Invitation.role == Role.ALLY, Invitation.is_open_now()
    return alliance.invitations.where(*promised).count()
