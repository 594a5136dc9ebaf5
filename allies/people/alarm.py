"""More looks in a day than anybody needs: the other organisation hears of it (TRUST T08)."""

from datetime import timedelta
from typing import Any

from peewee import ModelAlias, fn

from allies.accounts.models import User
from allies.alliances.models import Membership, Role
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


def newest_alarm():
    """Two columns beside a coordinator's Membership: the day and the organisation of the newest
    look too many of the last week that `to_be_told` tells this coordinator. Both None for none.
    """
    return told(Reveal.on).alias("often_on"), told(Reveal.organisation).alias("often_by")


def told(column):
    """A subquery on the membership beside it: this column of the newest alarm that is theirs."""
    is_theirs = (Reveal.organisation != Membership.organisation) | ~fn.EXISTS(somebody_elsewhere())
    return (
        Reveal.select(column)
        .where(Reveal.alliance == Membership.alliance, is_counted(), is_theirs)
        .where(Reveal.on > today() - timedelta(days=SHOWN_DAYS))
        .where(Reveal.by.is_null() | (Reveal.by != Membership.id))
        .group_by(Reveal.on, Reveal.organisation, Reveal.by)
        .having(fn.COUNT(Reveal.id) > USUAL_A_DAY)
        .order_by(Reveal.on.desc(), Reveal.organisation)
        .limit(1)
    )


def somebody_elsewhere():
    """A subquery on looks: coordinators there of another organisation than who looked."""
    other: Any = ModelAlias(Membership)  # `Membership.alias` is a column
    enabled = User.select(User.id).where(User.disabled_at.is_null())
    return other.select(other.id).where(
        other.alliance == Reveal.alliance,
        other.role == Role.COORDINATOR,
        other.organisation != Reveal.organisation,
        other.ends_on.is_null() | (other.ends_on >= today()),
        other.user.in_(enabled),
    )


def is_counted():
    return Reveal.reason.not_in(NOT_COUNTED)
