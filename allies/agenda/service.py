"""The one way onto an agenda, over it and off it again; `Topic.meeting` changes nowhere else.

Every change raises the version of the agenda. Who sends the version they saw (`seen`)
is told by ChangedMeanwhile when somebody else was first, and nothing is changed.
"""

from peewee import JOIN

from allies.agenda.models import AgendaItem, ItemKind
from allies.agenda.order import (
    ChangedMeanwhile,
    check_changeable,
    insert,
    is_full,
    is_held,
    turn,
    write,
)
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l
from allies.meetings.models import Meeting
from allies.topics.models import Topic, TopicState
from allies.topics.service import change

MINUTES = {ItemKind.ADVICE: 15, ItemKind.BRINGS: 20, ItemKind.TOPIC: 25}


@atomic
def start(meeting):
    """Give a new meeting the items that belong on every agenda: the first and the last."""
    items = list(AgendaItem.of_meeting(meeting))
    if not any(item.is_fixed for item in items):
        first, last = (_new(meeting, kind) for kind in (ItemKind.ADVICE, ItemKind.BRINGS))
        write([first, *items, last], meeting)


@atomic
def put_on(meeting, topic, *, by, seen=None):
    """Put a published topic on the agenda of a coming meeting; it leaves the one it was on.

    From a meeting that did not come to it, it is carried over. Raises DomainError for a
    meeting that is not open, Refused for `meeting` when it is full, or when
    the topic was carried over so often that a reason is needed.
    """
    if not (meeting.is_open and meeting.alliance_id == topic.alliance_id):
        raise DomainError(_l("Topics go on the agenda of a meeting that is still to come."))
    item = _item_of(topic)
    if item and item.meeting_id == meeting.id:
        return
    if item and item.meeting and is_held(item.meeting):
        _carry_without_reason(item, meeting, by)
        return
    if item and item.meeting:
        turn(item.meeting)
    turn(meeting, seen)
    insert(item or _new(meeting, ItemKind.TOPIC, topic=topic), meeting)
    change(topic, TopicState.APPROVED, meeting=meeting)
    record(by, "topic.scheduled", topic)


@atomic
def take_off(topic, *, by, seen=None):
    """Take a topic off the agenda it is on, if any. What was carried over before, waits."""
    item = _item_of(topic)
    if item and item.meeting and is_held(item.meeting):
        _carry_without_reason(item, None, by)
        return
    if item and item.meeting:
        turn(item.meeting, seen)
        _let_go(item)
    change(topic, TopicState.APPROVED, meeting=None)
    record(by, "topic.unscheduled", topic)


@atomic
def add(meeting, *, by, title, minutes, seen=None):
    """Put an item of the coordinators' own on the agenda. Raises Refused when it is full."""
    check_changeable(meeting)
    turn(meeting, seen)
    insert(_new(meeting, ItemKind.OWN, title=title, minutes=minutes), meeting, field="title")
    record(by, "agenda.item-added", meeting)


@atomic
def put_back(meeting, item, *, by, seen=None):
    """Put an item that waits on the agenda of a meeting. Raises as `put_on` does."""
    if item.topic:
        put_on(meeting, item.topic, by=by, seen=seen)
        return
    check_changeable(meeting)
    turn(meeting, seen)
    if not AgendaItem.select().where(_still_at(item, None)).exists():
        raise ChangedMeanwhile
    insert(item, meeting)
    record(by, "agenda.item-added", meeting)


@atomic
def remove(item, *, by, seen=None):
    """Take an item off its agenda, a topic or an own one; the two fixed items stay."""
    check_changeable(item.meeting)
    if item.is_fixed:
        raise DomainError(_l("This belongs on every agenda."))
    if item.topic:
        take_off(item.topic, by=by, seen=seen)
        return
    turn(item.meeting, seen)
    _let_go(item)
    record(by, "agenda.item-removed", item.meeting)


@atomic
def arrange(meeting, order, minutes, *, seen=None):
    """Note the order (ids) and the minutes ({id: number}) of all items of an agenda.

    Raises ChangedMeanwhile when these are not all its items, each once.
    """
    check_changeable(meeting)
    turn(meeting, seen)
    items = {item.id: item for item in AgendaItem.of_meeting(meeting)}
    if sorted(order) != sorted(items) or minutes.keys() != items.keys():
        raise ChangedMeanwhile
    for item in items.values():
        item.minutes = minutes[item.id]
    write([items[item_id] for item_id in order], meeting)


@atomic
def bring(meeting, *, by, text, seen=None):
    """Note what police and municipality bring to a meeting."""
    check_changeable(meeting)
    turn(meeting, seen)
    Meeting.update(brings=text).where(Meeting.id == meeting.id).execute()
    meeting.brings = text
    record(by, "agenda.brings-noted", meeting)


@atomic
def carry(item, *, by, reason=""):
    """Carry what a meeting did not come to over to the next one; without one it waits.

    Returns that next meeting or None. Raises Refused for `reason` from the third time on
    without one; DomainError before the meeting is over, for a fixed item, and for what
    was discussed or carried over meanwhile.
    """
    if item.needs_reason and not reason:
        raise Refused("reason", _l("This was carried over before. Write down why it is again."))
    to = coming(item.alliance)
    _carry(item, to, by, reason)
    return to


@atomic
def release(meeting):
    """Let everything that a cancelled meeting would have come to wait for another agenda.

    How often each was carried over stays as it is: nobody passed it over.
    """
    here = Topic.meeting == meeting.id
    topics = Topic.select(Topic.id).where(here, Topic.state == TopicState.APPROVED)
    may_wait = (AgendaItem.kind == ItemKind.OWN) | AgendaItem.topic.in_(topics)
    AgendaItem.update(meeting=None).where(AgendaItem.meeting == meeting.id, may_wait).execute()
    Topic.update(meeting=None).where(here, Topic.state == TopicState.APPROVED).execute()
    turn(meeting)


def coming(alliance):
    """The next meeting of an alliance, or None: also when there is no room on its agenda."""
    is_next = (Meeting.alliance == alliance.id) & (Meeting.starts_at > now()) & Meeting.is_on()
    meeting = Meeting.select().where(is_next).order_by(Meeting.starts_at, Meeting.id).first()
    return None if meeting is None or is_full(meeting) else meeting


def _carry_without_reason(item, to, by):
    """Carry a topic over from its own page, where nobody is asked why."""
    if item.needs_reason:
        raise Refused(
            "meeting",
            _l("It was carried over twice. Do it on the agenda of that meeting, and say why."),
        )
    _carry(item, to, by, "")


def _carry(item, to, by, reason):
    meeting = item.meeting
    if item.is_fixed or not (meeting and is_held(meeting)):
        raise DomainError(_l("Only what a meeting did not come to is carried over."))
    item.carried, item.reason, item.meeting = item.carried + 1, reason, None
    fact = {"carried": item.carried, "reason": reason, "meeting": None}
    if not AgendaItem.update(fact).where(_still_at(item, meeting)).execute():
        raise DomainError(_l("Somebody else was first. Open the agenda again."))
    turn(meeting)
    if to:
        turn(to)
        insert(item, to)
    if item.topic:
        change(item.topic, TopicState.APPROVED, meeting=to)
    record(by, "agenda.item-carried", meeting, note=reason)


def _let_go(item):
    """Off its agenda: what was carried over before keeps that and waits, the rest goes."""
    mine = AgendaItem.id == item.id
    if item.carried:
        AgendaItem.update(meeting=None).where(mine).execute()
    else:
        AgendaItem.delete().where(mine).execute()


def _item_of(topic):
    """The item of a topic as it is stored, with its meeting; or None."""
    rows = AgendaItem.select(AgendaItem, Meeting).join(Meeting, JOIN.LEFT_OUTER)
    item = rows.where(AgendaItem.topic == topic.id).first()
    if item:
        item.topic = topic
    return item


def _still_at(item, meeting):
    """A condition: the item is where it was read."""
    where = AgendaItem.meeting.is_null() if meeting is None else AgendaItem.meeting == meeting.id
    return (AgendaItem.id == item.id) & where


def _new(meeting, kind, *, minutes=None, **facts):
    return AgendaItem.create(
        alliance=meeting.alliance_id,
        kind=kind,
        minutes=minutes or MINUTES[kind],
        position=0,
        **facts,
    )
