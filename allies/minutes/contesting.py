"""Contesting a sentence of the minutes, the answer to that, and fixing what nobody contests."""

from peewee import JOIN

from allies.agenda.models import AgendaItem
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l, today
from allies.minutes.models import (
    Contest,
    ContestState,
    Minutes,
    MinutesPart,
    MinutesRevision,
    MinutesState,
    contest_time_is_over,
)
from allies.minutes.sentences import sentences_of
from allies.minutes.service import put
from allies.notifications.service import tell
from allies.outcomes.service import owe
from allies.topics import service as topics
from allies.topics.models import Topic, TopicState

MOST_OPEN = 5  # sentences of one member that wait for an answer
OVER = _l("You could say so for seven days. That time is over now.")
NOT_YET = _l("Please choose the sentence again: the text was changed meanwhile.")
ANSWERED = _l("Somebody has answered this already.")


@atomic
def contest(part, *, by, seen, sentence, remark):
    """Note that an ally says a sentence is not right. `sentence` is its key in `sentences_of`.

    Raises DomainError when the seven days are over, and Refused when the text is not of
    revision `seen` any more, for a sentence twice, and when five of this member wait.
    """
    must_be_contestable(part.minutes_id)
    current = MinutesPart.get_by_id(part.id)
    words = sentences_of(current).get(sentence)
    if str(current.revision) != seen or words is None:
        raise Refused("sentence", NOT_YET)
    mine = list(
        Contest.select().where(Contest.membership == by.id, Contest.state == ContestState.OPEN)
    )
    if any(c.part_id == part.id and c.sentence == words for c in mine):
        raise Refused("sentence", _l("You marked this sentence already. An answer follows."))
    if len(mine) >= MOST_OPEN:
        raise Refused(
            "sentence", _l("Five remarks of yours wait for an answer. Please wait for those first.")
        )
    return Contest.create(
        alliance=current.alliance_id,
        part=current,
        membership=by,
        sentence=words,
        remark=remark,
        made_on=today(),
    )


def must_be_contestable(minutes_id):
    minutes = Minutes.get_by_id(minutes_id)
    if not minutes.may_be_contested:
        raise DomainError(OVER)


@atomic
def keep_text(contest, *, by, reply):
    """Answer that the text stays as it is, with the reason. Raises DomainError when answered."""
    close(contest, by, ContestState.KEPT, reply)
    record(by, "minutes.kept", contest.part, note=reply)


@atomic
def change_text(contest, *, by, seen, reply, heard, advice):
    """Answer with another text of the part, which was read at revision `seen`.

    Raises SavedMeanwhile as `service.write`, Refused when the sentence stands there still
    and nothing was changed, and DomainError when it was answered already.
    """
    part = contest.part
    before = MinutesPart.get_by_id(part.id)
    is_same = (before.heard, before.advice) == (heard, advice)
    if is_same and contest.sentence in sentences_of(before).values():
        raise Refused("heard", _l("The sentence still stands there. Change it first."))
    put(part, by=by, seen=seen, heard=heard, advice=advice)
    close(contest, by, ContestState.CHANGED, reply)
    record(by, "minutes.changed", part, note=reply)


def close(contest, by, state, reply):
    """Close an open contest and tell its member, if it is known still who that is."""
    answered = {"state": state, "reply": reply, "answered_on": today()}
    is_open = (Contest.id == contest.id) & (Contest.state == ContestState.OPEN)
    if not Contest.update(answered).where(is_open).execute():
        raise DomainError(ANSWERED)
    for name, value in answered.items():
        setattr(contest, name, value)
    if contest.membership:
        tell([contest.membership])


def fix_due():
    """Fix all minutes whose seven days are over and of which nothing waits for an answer.

    Returns how many. Safe to repeat.
    """
    contestable = Minutes.state == MinutesState.CONTESTABLE
    due = Minutes.select().where(contestable, contest_time_is_over())
    return sum(fix(minutes) for minutes in list(due))  # read whole: writing ends the reading


@atomic
def fix(minutes):
    """Fix minutes for good, unless somebody was first or a contest is open. Returns whether.

    Earlier texts are destroyed, contests forget who made them, and advice that is owed no
    answer yet is owed one by the organisation that published it.
    """
    waiting = (
        MinutesPart.select(MinutesPart.minutes)
        .join(Contest)
        .where(Contest.state == ContestState.OPEN)
    )
    may_be_fixed = (
        (Minutes.id == minutes.id)
        & (Minutes.state == MinutesState.CONTESTABLE)
        & contest_time_is_over()
        & Minutes.id.not_in(waiting)
    )
    fixed = {"state": MinutesState.FIXED, "fixed_at": now()}
    if not Minutes.update(fixed).where(may_be_fixed).execute():
        return False
    parts = MinutesPart.select(MinutesPart.id).where(MinutesPart.minutes == minutes.id)
    MinutesRevision.delete().where(MinutesRevision.part.in_(parts)).execute()
    Contest.update(membership=None).where(Contest.part.in_(parts)).execute()
    for part in advising(minutes):
        owe_for_advice(part, minutes)
    record("system", "minutes.fixed", minutes)
    return True


def owe_for_advice(part, minutes):
    """Owe an answer to the advice of a part: through its topic, where that has none yet."""
    topic = part.item and part.item.topic
    if topic and topic.may_be_discussed:
        topics.owe_for(topic, minutes.organisation)
    else:
        owed = owe(minutes.alliance, minutes.organisation)
        MinutesPart.update(outcome=owed).where(MinutesPart.id == part.id).execute()


def advising(minutes):
    """The parts with advice that is not about a topic which is owed its answer already."""
    parts = (
        MinutesPart.select(MinutesPart, AgendaItem, Topic)
        .join(AgendaItem, JOIN.LEFT_OUTER)
        .join(Topic, JOIN.LEFT_OUTER)
        .where(MinutesPart.minutes == minutes.id, MinutesPart.advice != "")
    )
    return [part for part in parts if not is_owed(part)]


def is_owed(part):
    topic = part.item and part.item.topic
    return bool(topic and topic.state == TopicState.DISCUSSED and topic.outcome_id)
