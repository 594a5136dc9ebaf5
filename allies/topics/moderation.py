"""Approving, sending back and declining: what coordinators decide on a topic (PRODUCT 4.3)."""

from allies.alliances.models import Membership
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l, today
from allies.notifications.service import tell
from allies.textcheck import DIRECT, check
from allies.topics.models import TEXTS, Topic, TopicState
from allies.topics.service import NOT_DECLINED, change

NO_TEXT = dict.fromkeys((*TEXTS, "question", "search_text"), "")


@atomic
def approve(topic, *, by, seen=None):
    """Publish a topic in its alliance; a proposal to decline it falls.

    These three raise DomainError when somebody else was first, when the author
    has changed the text since revision `seen`, and for a topic of one's own
    while there is another coordinator; approving also while a direct identifier
    stands in the text.
    """
    check_judge(topic, by, seen)
    if any(found.kind in DIRECT for name in TEXTS for found in check(getattr(topic, name))):
        raise DomainError(
            _l("A phone number, e-mail address, BSN or IBAN can't be published. Send it back.")
        )
    decide(topic, state=TopicState.APPROVED, question="", **NOT_DECLINED)
    record(by, "topic.approved", topic)


@atomic
def send_back(topic, *, by, question, seen=None):
    """Send a topic back to its author with a question."""
    check_judge(topic, by, seen)
    decide(topic, state=TopicState.RETURNED, question=question, **NOT_DECLINED)
    record(by, "topic.returned", topic)  # not the question: it may quote the text


@atomic
def decline(topic, *, by, ground, seen=None):
    """Turn one of the two keys that decline a topic; with the last one its text is destroyed.

    One key is enough when only one organisation coordinates this alliance, or
    when the other has not answered for a day. Also raises DomainError for a key
    of the same organisation before that.
    """
    check_judge(topic, by, seen)
    as_read = (
        (Topic.decline_org == topic.decline_org)
        if topic.decline_org
        else Topic.decline_org.is_null()
    )
    if not (topic.decline_org or is_only_organisation(topic.alliance, by)):
        proposal = {"ground": ground, "decline_org": by.organisation, "decline_at": now()}
        change(topic, TopicState.SUBMITTED, as_read, **proposal)
        record(by, "topic.decline-proposed", topic)
        return
    if topic.decline_org == by.organisation and not topic.may_be_declined_alone:
        raise DomainError(_l("Your organisation has proposed this. It waits for the other one."))
    final = NOT_DECLINED | NO_TEXT | {"ground": ground, "is_flagged": False}
    decide(topic, as_read, state=TopicState.DECLINED, **final)
    record(by, "topic.declined", topic)


def may_judge(topic, by):
    """Nobody decides on their own topic while there is another coordinator."""
    others = topic.alliance.coordinators.where(Membership.id != by.id)
    return not (topic.is_by(by) and others.exists())


def check_judge(topic, by, seen):
    if not may_judge(topic, by):
        raise DomainError(_l("This is your own topic. Another coordinator decides on it."))
    if seen not in (None, str(topic.revision)):
        raise DomainError(_l("The writer has changed the text. Please read it again."))


def decide(topic, *conditions, **facts):
    """Carry out a decision on a topic in the queue, and tell its author that there is one."""
    change(topic, TopicState.SUBMITTED, *conditions, decided_on=today(), **facts)
    if topic.proposed_by:
        tell([topic.proposed_by])


def is_only_organisation(alliance, by):
    return all(c.organisation == by.organisation for c in alliance.coordinators)
