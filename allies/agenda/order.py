"""The order of an agenda and its version: what every change of it is made of."""

from peewee import Case

from allies.agenda.models import MOST_ITEMS, AgendaItem, ItemKind
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import _l
from allies.meetings.models import Meeting, MeetingState

FULL = _l("Twenty-five items fit on an agenda. Take something off first.")


class ChangedMeanwhile(DomainError):
    """Somebody else changed this agenda after it was read."""

    def __init__(self):
        super().__init__(
            _l("Somebody else changed the agenda. You see it here as it is now. Please try again.")
        )


def turn(meeting, seen=None):
    """Raise the version of an agenda. Raises ChangedMeanwhile when `seen` is not the last one."""
    mine = Meeting.id == meeting.id
    as_seen = [] if seen is None else [Meeting.agenda_version == seen]
    raised = Meeting.update(agenda_version=Meeting.agenda_version + 1)
    if not raised.where(mine, *as_seen).execute():
        raise ChangedMeanwhile
    meeting.agenda_version = Meeting.select(Meeting.agenda_version).where(mine).scalar()


def check_changeable(meeting):
    """Raises DomainError once the meeting is over or cancelled."""
    if meeting.is_cancelled:
        raise DomainError(_l("This meeting is cancelled, so its agenda can't be changed."))
    if meeting.ends_at <= now():
        raise DomainError(_l("This meeting is over, so its agenda can't be changed."))


def is_held(meeting):
    return meeting.state == MeetingState.HELD


def is_full(meeting):
    return AgendaItem.select().where(AgendaItem.meeting == meeting.id).count() >= MOST_ITEMS


def insert(item, meeting, field="meeting"):
    """Put an item before what police and municipality bring, or last when that is not last.

    Raises Refused for `field` when the agenda is full.
    """
    items = list(AgendaItem.of_meeting(meeting))
    if len(items) >= MOST_ITEMS:
        raise Refused(field, FULL)
    is_before_last = bool(items) and items[-1].kind == ItemKind.BRINGS
    items.insert(len(items) - is_before_last, item)
    write(items, meeting)


def write(items, meeting):
    """Make these, in this order and with their minutes, the agenda of a meeting. One query."""
    if not items:
        return
    positions = [(item.id, place) for place, item in enumerate(items)]
    minutes = [(item.id, item.minutes) for item in items]
    fact = {
        AgendaItem.meeting: meeting.id,
        AgendaItem.position: Case(AgendaItem.id, positions),
        AgendaItem.minutes: Case(AgendaItem.id, minutes),
    }
    AgendaItem.update(fact).where(AgendaItem.id.in_([item.id for item in items])).execute()
    for item in items:
        item.meeting = meeting


def stepped(order, item, step):
    """This order with one item moved a step up (-1) or down (1), where there is room."""
    moved = list(order)
    here = moved.index(item)
    there = here + step
    if 0 <= there < len(moved):
        moved[here], moved[there] = moved[there], moved[here]
    return moved
