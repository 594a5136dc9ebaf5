"""Changing what was planned: another moment, another place, cancelled, and planned again.

Everybody who was told of a meeting is told of this too. Who sends the mark of the meeting
they saw (`seen`) changes nothing when somebody else was first: `Refused` for `seen`.
"""

from enum import StrEnum

from allies.agenda import service as agenda
from allies.alliances.models import Alliance
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.guests.service import tell_guests
from allies.i18n import _l, local
from allies.meetings import rules
from allies.meetings.marks import CHANGED, OF_A_CHANGE, check_seen
from allies.meetings.models import Meeting, Rsvp
from allies.meetings.telling import tell_who_may_come
from allies.notifications.service import take_back
from allies.reminders import service as reminders


class Change(StrEnum):
    """What a change comes down to, from nothing to asking everybody again."""

    NOTHING = "nothing"
    DETAILS = "details"  # members need not hear of it
    TIME = "time"  # the same day: who said yes to that day still does
    DAY = "day"


@atomic
def change(meeting, *, by, seen="", reason="", **facts):
    """Change `facts`, fields of Meeting, of one that has not begun. Returns the Change.

    On another day everybody is asked anew; at another time of that day the answers stay.
    Raises Refused for a rule of the year planner, DomainError when it is too late.
    """
    before = as_it_is(meeting)
    check_may_change(before)
    check_seen(before, seen)
    after = with_facts(before, facts)
    kind = kind_of(before, after)
    check_again(before, after, reason)
    if kind in (Change.TIME, Change.DAY):
        facts["sequence"] = before.sequence + 1
    if before.starts_at != after.starts_at and not before.is_draft:
        facts["moved_from"] = before.starts_at
    if before.brings != after.brings:
        agenda.turn(after)
    if kind != Change.NOTHING:
        keep(before, facts)
        is_moved = kind != Change.DETAILS
        record(by, "meeting.moved" if is_moved else "meeting.changed", before, note=reason)
    if kind in (Change.TIME, Change.DAY):
        tell_everybody(after, by=by, asks_anew=kind == Change.DAY)
    if kind == Change.DAY:
        ask_anew(after)
    return kind


@atomic
def choose_venue(meeting, *, by, venue, seen="", reason=""):
    """Change the place of a meeting that has not begun. Returns whether members were told.

    They are when they could see the address before; a calendar holds no place, so it hears
    nothing. Raises as `change` does.
    """
    before = as_it_is(meeting)
    check_may_change(before)
    check_seen(before, seen)
    if venue is None:
        raise Refused("venue", _l("Choose a place from the list, or add a new one."))
    after = with_facts(before, {"venue": venue})
    rules.check_venue(after, rules.others_in_year_of(before), reason)
    is_told = before.shows_place and before.venue_id != venue.id
    keep(before, {"venue": venue})
    meeting.venue = venue  # what is shown next, in the same answer, is as it is now
    record(by, "meeting.venue-chosen", meeting, note=reason)
    if is_told:
        tell_who_may_come(before, by=by)
    return is_told


@atomic
def cancel(meeting, *, by, seen="", reason=""):
    """Cancel a meeting that has not begun. Everybody is told, its topics wait for another.

    The reason is for the log only. Raises DomainError when it is too late or done already.
    """
    before = as_it_is(meeting)
    check_may_cancel(before)
    check_seen(before, seen)
    keep(before, {"cancelled_at": now(), "sequence": before.sequence + 1})
    record(by, "meeting.cancelled", before, note=reason)
    agenda.release(before)
    tell_everybody(before, by=by, is_on=False)


@atomic
def plan_again(meeting, *, by, seen="", reason="", **facts):
    """Give a cancelled meeting a new date: the same meeting, so calendars move it.

    Raises Refused for a rule of the year planner, DomainError when it is not cancelled.
    """
    before = as_it_is(meeting)
    check_is_cancelled(before)
    check_seen(before, seen)
    facts["cancelled_at"] = None
    after = with_facts(before, facts)
    rules.check(after, reason=reason)
    facts["moved_from"] = before.starts_at if before.starts_at != after.starts_at else None
    # what was counted and asked after the old date is of no meeting that was held
    fresh = {"sequence": before.sequence + 1, "past_counts": None, "came": None, "nudges": 0}
    keep(before, facts | fresh)
    record(by, "meeting.planned-again", before, note=reason)
    reminders.start(before)
    tell_everybody(before, by=by, asks_anew=True)
    ask_anew(before)


def answers_to(meeting):
    """How many answers would be forgotten if this meeting moved to another day."""
    return Rsvp.select().where(Rsvp.meeting == meeting.id).count()


def as_it_is(meeting):
    """The meeting as it is stored now, inside the transaction at hand."""
    rows = Meeting.select(Meeting, Alliance).join(Alliance).where(Meeting.id == meeting.id)
    stored = rows.first()
    if stored is None:
        raise DomainError(_l("This draft is gone: somebody dropped it."))
    return stored


def with_facts(meeting, facts):
    """A copy of a meeting with these facts, not stored."""
    copy = Meeting(**meeting.__data__)
    for name, value in facts.items():
        setattr(copy, name, value)
    return copy


def kind_of(before, after):
    if local(before.starts_at).date() != local(after.starts_at).date():
        kind = Change.DAY
    elif (before.starts_at, before.duration) != (after.starts_at, after.duration):
        kind = Change.TIME
    else:
        is_same = all(getattr(before, n) == getattr(after, n) for n in OF_A_CHANGE)
        return Change.NOTHING if is_same else Change.DETAILS
    return Change.DETAILS if before.is_draft else kind


def check_may_change(meeting):
    """Raise DomainError for a meeting that is cancelled or has begun."""
    if meeting.is_cancelled:
        raise DomainError(_l("This meeting is cancelled. You can plan it again."))
    if meeting.has_begun:
        raise DomainError(_l("This meeting has begun already."))


def check_may_cancel(meeting):
    check_may_change(meeting)
    if meeting.is_draft:
        raise DomainError(_l("This is a draft. Nobody was told of it, so drop it instead."))


def check_is_cancelled(meeting):
    if not meeting.is_cancelled:
        raise DomainError(_l("This meeting is not cancelled, so it need not be planned again."))


def check_again(before, after, reason):
    """The rules of the year planner, as far as this change can break them."""
    if before.starts_at != after.starts_at:
        rules.check_moment(after)
    others = rules.others_in_year_of(after)
    rules.check_slot(after, others)
    rules.check_overlap(after)
    if before.year != after.year:
        rules.check_venue(after, others, reason)


def keep(before, facts):
    """Store facts of a meeting that is still as it was read."""
    same = (Meeting.id == before.id) & (Meeting.sequence == before.sequence)
    if not Meeting.update(facts).where(same).execute():
        raise Refused("seen", CHANGED)
    for name, value in facts.items():
        setattr(before, name, value)


def ask_anew(meeting):
    """Forget what allies answered: that was about another day. What they need stays."""
    Rsvp.delete().where(Rsvp.meeting == meeting.id).execute()


def tell_everybody(meeting, *, by, is_on=True, asks_anew=False):
    """Tell all who were told of this meeting before, instead of what still waits to be sent."""
    take_back(meeting)
    tell_who_may_come(meeting, by=by, answerable=meeting if is_on else None)
    tell_guests(meeting, asks_anew=asks_anew)
