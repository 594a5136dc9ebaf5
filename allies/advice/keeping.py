"""What is kept of advice rounds, and for how long."""

from datetime import timedelta

from peewee import fn

from allies.advice.models import Advice, CallList, Round
from allies.advice.service import prune as cut_old_links
from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l
from allies.keeping import About, ids_of, keep, of_members, rows, unlink

CALL_LISTS_KEPT = timedelta(hours=24)
ROUNDS_KEPT = timedelta(days=5 * 365)


def rounds_of(user):
    mine = Round.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(Round.asked_at), "asked_at", "state", "question", "reason")


def prune_rounds():
    last = fn.COALESCE(Round.closed_at, Round.opened_at, Round.asked_at)
    Round.delete().where(last < now() - ROUNDS_KEPT).execute()


def advice_of(user):
    mine = Advice.select(Advice, Round).join(Round).switch(Advice).join(Membership)
    return [
        {
            "question": advice.round.question,
            "chosen": advice.round.option_of(advice),
            "mood": advice.mood,
            "text": advice.text,
        }
        for advice in mine.where(Membership.user == user.id).order_by(Round.asked_at)
    ]


def forget_adviser(leaver):
    """The advice stays and names nobody; open boards show it without the alias."""
    by_leaver = Advice.membership.in_(ids_of(leaver))
    answered = Advice.select(Advice.round).where(by_leaver)
    Round.update(version=Round.version + 1).where(Round.id.in_(answered)).execute()
    Advice.update(membership=None).where(by_leaver).execute()


def call_lists_of(user):
    mine = CallList.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(CallList.opened_at), "opened_at")


keep(
    Round,
    about=About.TAKING_PART,
    what=_l("For coordinators: the questions you asked the group."),
    term=_l("5 years. Not that it was you, once you leave."),
    export=rounds_of,
    erase=unlink(Round.asked_by),
    prune=prune_rounds,
)
keep(
    Advice,
    about=About.TAKING_PART,
    what=_l("The advice you gave."),
    term=_l(
        "That it was you: until there is an answer, at most 30 days after closing. "
        "The advice itself: 5 years."
    ),
    export=advice_of,
    erase=forget_adviser,
    prune=cut_old_links,
)
keep(
    CallList,
    about=About.LOGS,
    what=_l("For coordinators: that you opened the numbers of who had not answered yet."),
    term=_l("24 hours. Whose numbers they were can be read for 5 years, by those people."),
    export=call_lists_of,
    erase=of_members(CallList.by),
    prune=lambda: CallList.delete().where(CallList.opened_at < now() - CALL_LISTS_KEPT).execute(),
)
