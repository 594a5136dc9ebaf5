"""What is kept of memberships, and for how long."""

from allies.alliances.models import Alliance, Membership
from allies.i18n import _l, today
from allies.keeping import About, ids_of, keep
from allies.rights.leaving import let_go


def memberships_of_account(user):
    query = Membership.select(Membership, Alliance).join(Alliance)
    return [
        {
            "alliance": m.alliance.name,
            "role": m.role,
            "organisation": m.organisation,
            "alias": m.alias,
            "paused_until": m.paused_until,
            "ends_on": m.ends_on,
        }
        for m in query.where(Membership.user == user.id).order_by(Alliance.name)
    ]


def erase_memberships(leaver):
    Membership.delete().where(Membership.id.in_(ids_of(leaver))).execute()


def end_deputies():
    """Let go of deputies whose last day is over."""
    for membership in Membership.select().where(Membership.ends_on < today()):
        let_go(membership)


keep(
    Membership,
    about=About.YOU,
    what=_l("Which groups you are in, your alias there, your role, and a pause if you take one."),
    term=_l("Until you leave, then less than a day."),
    export=memberships_of_account,
    erase=erase_memberships,
    prune=end_deputies,
)
