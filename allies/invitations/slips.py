"""The codes themselves: making one, and spending it exactly once."""

from datetime import datetime, time, timedelta

from allies.alliances.models import Alliance
from allies.audit import record
from allies.db import now
from allies.errors import DomainError
from allies.i18n import _l, at_local_time
from allies.invitations.codes import hash_of, new_code
from allies.invitations.models import VALID, Invitation

DAY = timedelta(days=1)
SPENT = _l(
    "This code does not work any more. Have you just joined? Then sign in. Else ask for a new code."
)


def make(alliance, *, by, ends_at=None, **facts):
    """A new invitation with its code, by a coordinator or the word "operator"."""
    code = new_code()
    invitation = Invitation.create(
        alliance=alliance,
        code_hash=hash_of(code),
        ends_at=ends_at or now() + VALID,
        made_by=None if isinstance(by, str) else by,
        **facts,
    )
    return invitation, code


def spend(invitation):
    """Use an invitation up. Raises DomainError for whoever of two comes second."""
    if not Invitation.update(is_used=True).where(still(invitation)).execute():
        raise DomainError(SPENT)
    # Without the membership: whoever handed the code over sees that it was used, never by whom.
    record("system", "invitation.used", invitation)


def still(invitation):
    """This invitation, if it is open still and has the code that was read."""
    same = (Invitation.id == invitation.id) & (Invitation.code_hash == invitation.code_hash)
    return same & Invitation.is_open_now()


def within(last_day, term):
    """The moment a code made now must end: after its term, and no later than this day does."""
    return min(now() + term, at_local_time(datetime.combine(last_day + DAY, time())))


def hold(alliance):
    """Let changes to who is in this alliance come one after another, on every kind of database."""
    Alliance.update(name=Alliance.name).where(Alliance.id == alliance.id).execute()
