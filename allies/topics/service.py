"""Putting a topic forward, supporting it, and bringing it to the table and to its outcome."""

from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError, Refused
from allies.i18n import _l, today
from allies.outcomes.service import owe
from allies.topics.models import (
    AUTHOR_KEPT,
    MOST_OPEN,
    TEXTS,
    UNDECIDED,
    Support,
    Topic,
    TopicState,
    count_support,
    folded,
)

FULL = _l(
    "Ten topics of yours are waiting already. Copy this text and send it once one is decided on."
)


@atomic
def put_forward(alliance, *, by, **facts):
    """Put a topic in the queue of the coordinators. Its texts have passed the text check.

    Raises Refused when ten of this member wait already: nobody fills the queue alone.
    """
    waiting = Topic.select().where(Topic.proposed_by == by, Topic.state.in_(UNDECIDED))
    if waiting.count() >= MOST_OPEN:
        raise Refused("title", FULL)
    return Topic.create(
        alliance=alliance,
        proposed_by=by,
        submitted_on=today(),
        search_text=search_text(facts),
        **facts,
    )


@atomic
def rewrite(topic, **facts):
    """Change the text of a topic that is not decided on; it goes back to its place in the queue.

    A proposal to decline the old text falls with it. Raises DomainError when it
    was decided on meanwhile.
    """
    change(
        topic,
        UNDECIDED,
        state=TopicState.SUBMITTED,
        revision=topic.revision + 1,
        decided_on=None,
        search_text=search_text(facts),
        **NOT_DECLINED,
        **facts,
    )


@atomic
def support(topic, *, by):
    """Say "this lives around me too", or take it back. Returns whether it is said now.

    Raises DomainError for the author, and for a topic that is not open to support.
    """
    if topic.is_by(by):
        raise DomainError(_l("You put this topic forward yourself."))
    if not Topic.select().where(Topic.id == topic.id, Topic.state == TopicState.APPROVED).exists():
        raise DomainError(_l("This topic is not open for support any more."))
    mine = (Support.topic == topic.id) & (Support.membership == by.id)
    if Support.delete().where(mine).execute():
        return False
    Support.create(topic=topic, membership=by)
    return True


@atomic
def discuss(topic, *, by):
    """Note that a meeting discussed this topic, so that its alliance is owed an outcome."""
    if not topic.may_be_discussed:
        raise DomainError(
            _l("Only what was on the agenda of a past meeting can have been discussed.")
        )
    owe_for(topic, by.organisation)
    record(by, "topic.discussed", topic)


@atomic
def owe_for(topic, organisation):
    """Let this organisation owe what comes of a topic that a meeting discussed."""
    outcome = owe(topic.alliance, organisation)
    change(topic, TopicState.APPROVED, state=TopicState.DISCUSSED, outcome=outcome)


@atomic
def forget_authors():
    """Cut what links topics to people, 30 days after moderation (TRUST T10).

    What was sent back and never answered is removed: nobody could finish it any
    more. Of what was discussed the supporters are kept as a number only: when
    everybody but one supports a topic, the one left over is the author. Returns how
    many topics lost their author.
    """
    is_old = Topic.decided_on <= today() - AUTHOR_KEPT
    Topic.delete().where(is_old, Topic.state == TopicState.RETURNED).execute()
    over = list(
        Topic.select().where(is_old, Topic.state == TopicState.DISCUSSED, Topic.id.in_(supported()))
    )
    for topic_id, number in count_support(over).items():
        Topic.update(past_support=number).where(Topic.id == topic_id).execute()
        Support.delete().where(Support.topic == topic_id).execute()
    known = Topic.proposed_by.is_null(False)
    return Topic.update(proposed_by=None).where(is_old, known).execute()


def supported():
    return Support.select(Support.topic)


NOT_DECLINED = {"ground": None, "decline_org": None, "decline_at": None}


def change(topic, states, *conditions, **facts):
    """Change a topic that is still as this row says, here and in the database.

    Raises DomainError when it is in none of these states any more or its text was
    rewritten: of two people who press at the same moment one was first.
    """
    allowed = (states,) if isinstance(states, TopicState) else states
    as_read = (Topic.id == topic.id) & (Topic.revision == topic.revision)
    if not Topic.update(facts).where(as_read, Topic.state.in_(allowed), *conditions).execute():
        raise DomainError(
            _l("Somebody else was first. Open the topic again to see where it stands.")
        )
    for name, value in facts.items():
        setattr(topic, name, value)


def search_text(facts):
    return folded("\n".join(facts[name] for name in TEXTS))
