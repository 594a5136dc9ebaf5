"""What is kept of invitations, and for how long."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l
from allies.invitations.models import Invitation
from allies.keeping import About, keep, of_members, rows

DAY = timedelta(days=1)


def places_of(user):
    """The codes that would give one of this user's places to a new account."""
    mine = Membership.user == user.id
    back = Invitation.select().join(Membership, on=Invitation.place == Membership.id).where(mine)
    return rows(back, "made_at", "ends_at")


keep(
    Invitation,
    about=About.SIGNING_IN,
    what=_l("Codes with which somebody joins, or comes back in after losing a phone."),
    term=_l("7 days, and one day more."),
    export=places_of,
    erase=of_members(Invitation.place),
    prune=lambda: Invitation.delete().where(Invitation.ends_at < now() - DAY).execute(),
)
