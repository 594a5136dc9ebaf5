"""What is kept of topics and of who supports them, and for how long."""

from datetime import timedelta

from peewee import fn

from allies.alliances.models import Membership
from allies.i18n import _l, today
from allies.keeping import About, ids_of, keep, rows
from allies.topics.models import UNDECIDED, Support, Topic
from allies.topics.service import forget_authors

TEXTS_KEPT = timedelta(days=5 * 365)
SHOWN = ("submitted_on", "state", "title", "what", "where", "since", "effect", "attribution")


def topics_of(user):
    mine = Topic.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(Topic.submitted_on, Topic.id), *SHOWN)


def forget_author(leaver):
    """What waits for a decision is removed, for nobody could answer; the rest names nobody."""
    by_leaver = Topic.proposed_by.in_(ids_of(leaver))
    Topic.delete().where(by_leaver, Topic.state.in_(UNDECIDED)).execute()
    Topic.update(proposed_by=None).where(by_leaver).execute()


def prune_topics():
    forget_authors()
    last_day = fn.COALESCE(Topic.decided_on, Topic.submitted_on)
    Topic.delete().where(last_day < today() - TEXTS_KEPT).execute()


def supports_of(user):
    mine = Support.select(Support, Topic).join(Topic).switch(Support).join(Membership)
    theirs = mine.where(Membership.user == user.id).order_by(Topic.id)
    return [{"title": support.topic.title} for support in theirs]


def count_and_forget(leaver):
    """A topic keeps that one more supported it, not who."""
    by_leaver = Support.membership.in_(ids_of(leaver))
    supported = Support.select(Support.topic).where(by_leaver)
    Topic.update(past_support=Topic.past_support + 1).where(Topic.id.in_(supported)).execute()
    Support.delete().where(by_leaver).execute()


keep(
    Topic,
    about=About.TAKING_PART,
    what=_l("The topics you put forward."),
    term=_l(
        "That it was you: until 30 days after the decision. The text: 5 years. "
        "A text that was not taken is destroyed at once."
    ),
    export=topics_of,
    erase=forget_author,
    prune=prune_topics,
)
keep(
    Support,
    about=About.TAKING_PART,
    what=_l("Which topics you support."),
    term=_l("Until the topic has been discussed, at least 30 days. Then only how many."),
    export=supports_of,
    erase=count_and_forget,
)
