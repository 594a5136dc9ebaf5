"""One year of an alliance: its five slots, what stands beside them, and copying it to the next."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import JOIN

from allies.agenda import service as agenda
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError, Refused
from allies.i18n import _l, at_local_time, bounds_of, local, today
from allies.meetings import rules
from allies.meetings.models import MEETINGS_A_YEAR, Meeting, MeetingState
from allies.venues.models import Venue

SAME_WEEKDAY = timedelta(weeks=52)
EMPTY, FINDING = "empty", "finding"  # states of a slot beside those of its meeting


@dataclass(frozen=True)
class Slot:
    """One of the five, or what stands beside them: a meeting, dates that are asked about, both
    where the dates are for a draft, or neither."""

    meeting: Meeting | None = None
    poll: Any = None  # an open DatePoll with `first_at`, the first of its dates to come
    was_here: Meeting | None = None  # at the same place, the year before

    @property
    def state(self):
        if self.meeting and not self.meeting.is_draft:
            return self.meeting.state
        if self.poll:
            return FINDING
        return MeetingState.DRAFT if self.meeting else EMPTY

    @property
    def starts_at(self):
        """When it is, or may be; None for an empty slot."""
        return self.meeting.starts_at if self.meeting else self.poll and self.poll.first_at


@dataclass(frozen=True)
class Year:
    """The plan of one year: its slots, and beside them what is extra or cancelled."""

    number: int
    slots: list[Slot]
    beside: list[Slot]
    copies: list[Meeting]  # what copying the plan of the year before would add
    has_before: bool

    @property
    def is_over(self):
        return self.number < today().year

    @property
    def drafts(self):
        """The meetings that nobody was told of yet."""
        meetings = [slot.meeting for slot in self.slots + self.beside]
        return [meeting for meeting in meetings if meeting and meeting.is_draft]

    @property
    def filled(self):
        """How many of the five are in the plan, drafts too."""
        return sum(slot.meeting is not None for slot in self.slots)


def read(alliance, number, polls):
    """The Year of this number, in one query.

    `polls` are the open questions about dates of this alliance, each with `first_at`.
    """
    before, meetings = _two_years(alliance, number)
    last_at = {m.venue_id: m for m in before if m.venue_id and _is_on(m)}
    asked = {p.meeting_id: p for p in polls if p.meeting_id}
    loose = [p for p in polls if not p.meeting_id and local(p.first_at).year == number]
    made = [Slot(m, asked.get(m.id), last_at.get(m.venue_id)) for m in meetings]
    slots = [s for s in made if _is_regular(s.meeting)]
    slots += [Slot(poll=p) for p in loose if not p.is_extra]
    slots.sort(key=lambda s: s.starts_at)
    slots += [Slot()] * (MEETINGS_A_YEAR - len(slots))
    beside = [s for s in made if not _is_regular(s.meeting)]
    beside += [Slot(poll=p) for p in loose if p.is_extra]
    beside.sort(key=lambda s: s.starts_at)
    copies = copied(before, meetings)
    return Year(number, slots, beside, copies, has_before=bool(before))


@atomic
def copy(alliance, number, *, by):
    """Make drafts of this year after the plan of the year before; those made.

    Raises DomainError when there is nothing to copy, as for the second of two at once.
    """
    copies = [d for d in copied(*_two_years(alliance, number)) if _keep_free(d)]
    if not copies:
        raise DomainError(_l("There is nothing to copy: this year has its plan already."))
    record(by, "meeting.year-copied", alliance)
    return copies


def copied(before, meetings):
    """The drafts, not kept yet, that would fill this year's free slots like the year before.

    What is in the plan already takes the place of the copy that is nearest to it, so copying
    twice adds nothing, also when a draft was moved meanwhile.
    """
    drafts = [_moved(m) for m in before if _is_regular(m) and _is_on(m)]
    for meeting in filter(_is_regular, meetings):
        if drafts:
            drafts.remove(min(drafts, key=lambda d: abs(d.starts_at - meeting.starts_at)))
    free = MEETINGS_A_YEAR - sum(map(_is_regular, meetings))
    taken = [m for m in before + meetings if not m.is_cancelled]
    return [d for d in drafts if not d.has_begun and not rules.overlaps(d, taken)][: max(free, 0)]


def _keep_free(draft):
    """Keep this draft, unless it breaks a rule after all; was it kept?"""
    try:
        rules.check(draft)
    except Refused:
        return False
    draft.save(force_insert=True)
    agenda.start(draft)
    return True


def _moved(meeting):
    """A draft on the same weekday and hour, 52 weeks later, or 53 where that is the same year."""
    starts_at = local(meeting.starts_at).replace(tzinfo=None)
    later = starts_at + SAME_WEEKDAY
    if later.year == starts_at.year:
        later += timedelta(weeks=1)
    return Meeting(
        alliance=meeting.alliance_id,
        starts_at=_on_the_clock(later),
        duration=meeting.duration,
        is_draft=True,
    )


def _on_the_clock(naive):
    """The moment of a wall time; an hour later where the clock skips this hour."""
    try:
        return at_local_time(naive)
    except ValueError:
        return at_local_time(naive + timedelta(hours=1))


def _two_years(alliance, number):
    """The meetings of the year before and of this one with their places, the earliest first."""
    begin, end = bounds_of(number - 1)[0], bounds_of(number)[1]
    rows = Meeting.select(Meeting, Venue).join(Venue, JOIN.LEFT_OUTER)
    rows = rows.where(
        Meeting.alliance == alliance.id, Meeting.starts_at >= begin, Meeting.starts_at < end
    ).order_by(Meeting.starts_at, Meeting.id)
    years: dict[int, list[Meeting]] = {number - 1: [], number: []}
    for meeting in rows:
        years[meeting.year].append(meeting)
    return years[number - 1], years[number]


def _is_regular(meeting):
    return not meeting.is_extra and not meeting.is_cancelled


def _is_on(meeting):
    return not meeting.is_draft and not meeting.is_cancelled
