"""More looks in a day than anybody needs: the other organisation hears of it (TRUST T08)."""

from datetime import timedelta

from peewee import fn

from allies.accounts.models import User
from allies.alliances.models import Membership, Role, memberships_of
from allies.i18n import today
from allies.people.models import Reason, Reveal

USUAL_A_DAY = 5
SHOWN_DAYS = 7
NOT_COUNTED = (Reason.ROUND, Reason.WAY_BACK)


def is_the_one_too_many(by):
    """Was the look just noted the first above what is usual in a day, of this coordinator here?"""
    looks = Reveal.select().where(Reveal.by == by, Reveal.on == today(), is_counted())
    return looks.count() == USUAL_A_DAY + 1


def to_be_told(by):
    """The coordinators of the other organisation; where there are none, the colleagues."""
    others = [c for c in by.alliance.coordinators if c.id != by.id]
    return [c for c in others if c.organisation != by.organisation] or others


def often_opened(user):
    """For the desk of a coordinator: (alliance, organisation, day) of the last week; one query.

    The same that `to_be_told` tells, without the user's own looks.
    """
    mine = {m.alliance_id: m for m in memberships_of(user) if m.role == Role.COORDINATOR}
    if not mine:
        return []
    busy = (
        Reveal.select(Reveal.alliance, Reveal.organisation, Reveal.on)
        .select_extend(fn.EXISTS(somebody_elsewhere()).alias("has_others"))
        .where(Reveal.alliance.in_(list(mine)), Reveal.on > today() - timedelta(days=SHOWN_DAYS))
        .where(Reveal.by.is_null() | Reveal.by.not_in([m.id for m in mine.values()]), is_counted())
        .group_by(Reveal.alliance, Reveal.organisation, Reveal.on, Reveal.by)
        .having(fn.COUNT(Reveal.id) > USUAL_A_DAY)
        .order_by(Reveal.on.desc(), Reveal.alliance, Reveal.organisation)
    )
    found = [
        (mine[row.alliance_id].alliance, row.organisation, row.on)
        for row in busy
        if row.organisation != mine[row.alliance_id].organisation or not row.has_others
    ]
    return list(dict.fromkeys(found))


def somebody_elsewhere():
    """A subquery on looks: coordinators there of another organisation than who looked."""
    enabled = User.select(User.id).where(User.disabled_at.is_null())
    return Membership.select(Membership.id).where(
        Membership.alliance == Reveal.alliance,
        Membership.role == Role.COORDINATOR,
        Membership.organisation != Reveal.organisation,
        Membership.lasts(),
        Membership.user.in_(enabled),
    )


def is_counted():
    return Reveal.reason.not_in(NOT_COUNTED)
