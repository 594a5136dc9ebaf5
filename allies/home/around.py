"""Meetings as the start page tells of them: coming, changed, and those that are not rounded off."""

from datetime import timedelta
from functools import cached_property

from peewee import fn

from allies.accounts.models import User
from allies.alliances.models import Membership, Role
from allies.attendance.service import may_be_noted
from allies.db import now
from allies.i18n import local, today
from allies.meetings.answers import Answer, Counts
from allies.meetings.models import Meeting, Rsvp
from allies.minutes.models import (
    MinutesState,
    last_day_of,
    minutes_are_underway,
    with_minutes,
)

LATE = timedelta(days=3)  # so long after a meeting nobody should wait for its minutes
NEAR = timedelta(days=21)  # from so long before a meeting needs its place, and to be told of


class Around:
    """The meetings around now of one user's alliances, {alliance id: own membership}."""

    def __init__(self, user, roles):
        self.roles = roles
        self.meetings = list(meetings_around(user))
        for meeting in self.meetings:
            meeting.counts = counts_of(meeting)
        self.coming = [m for m in self.meetings if m.is_open]

    def is_for(self, meeting, *roles):
        return self.roles[meeting.alliance_id].role in roles

    @cached_property
    def invitations(self):
        """For each alliance the first meeting the user has yet to answer."""
        waiting = [m for m in self.coming if self.is_for(m, Role.ALLY) and m.my_answer is None]
        return first_of_each(waiting)

    @cached_property
    def at_hand(self):
        """Of each alliance the first meeting that is not over, from the day on which members see
        its address. Without those that the user can't come to."""
        rows = [m for m in self.meetings if m.my_answer != Answer.NO and is_at_hand(m)]
        return sorted(first_of_each(rows), key=lambda m: m.starts_at)

    @cached_property
    def next_meetings(self):
        """The next meeting of each alliance, unless it stands above already."""
        above = {*self.invitations, *self.at_hand}
        rows = [m for m in first_of_each(self.coming) if m not in above]
        return sorted(rows, key=lambda m: m.starts_at)

    @cached_property
    def news(self):
        """What was cancelled or moved, until the day has passed on which it would have been."""
        cancelled = [m for m in self.meetings if m.is_cancelled and not m.is_draft]
        moved = [m for m in self.coming if m.moved_from]
        rows = [(m, m.starts_at) for m in cancelled] + [(m, m.moved_from) for m in moved]
        rows = [(m, at) for m, at in rows if local(at).date() >= today()]
        return [meeting for meeting, _at in sorted(rows, key=lambda row: row[1])]

    @cached_property
    def contestable(self):
        """Those whose minutes a member can still say something about."""
        rows = [m for m in self._held if m.minutes_state == MinutesState.CONTESTABLE]
        return [m for m in rows if self.is_for(m, Role.ALLY) and today() <= contest_ends_on(m)]

    @cached_property
    def to_look_at(self):
        """(meeting, what is the matter) of those coming, for their coordinators, the first first:
        "draft", "few" or "place"."""
        mine = [m for m in self.meetings if self.is_for(m, Role.COORDINATOR)]
        rows = [(m, matter_of(m)) for m in mine if not m.has_begun and not m.is_cancelled]
        return [(meeting, matter) for meeting, matter in rows if matter]

    @cached_property
    def to_round_off(self):
        """(meeting, what is to be done) of those held, for their coordinators: "contests" to
        answer, "minutes" to write, "attendance" to note. The longest ago first."""
        mine = [m for m in self._held if self.is_for(m, Role.COORDINATOR)]
        return [(meeting, task) for meeting in mine for task in tasks_of(meeting)]

    @cached_property
    def _held(self):
        ended = [m for m in self.meetings if m.ends_at <= now()]
        return [m for m in ended if not m.is_draft and not m.is_cancelled]


def first_of_each(meetings):
    """The first of each alliance, of meetings of which the earliest comes first."""
    return list({m.alliance_id: m for m in reversed(meetings)}.values())


def is_at_hand(meeting):
    """Is it held, not over, and so near that members would see where it is?"""
    is_on = not meeting.is_draft and not meeting.is_cancelled
    return is_on and meeting.place_from <= today() and now() < meeting.ends_at


def matter_of(meeting):
    """What a coordinator has to look at before this meeting, or None."""
    is_near = meeting.starts_at - now() <= NEAR
    if meeting.is_draft:
        return "draft" if is_near else None
    if meeting.counts.is_short(meeting):
        return "few"
    return "place" if is_near and not meeting.venue_id else None


def tasks_of(meeting):
    """What a coordinator has still to do after this meeting."""
    unwritten = meeting.minutes_state in {None, MinutesState.CONCEPT}
    tasks = {
        "contests": meeting.open_contests > 0,
        "minutes": unwritten,
        "attendance": meeting.came is None and may_be_noted(meeting),
    }
    return [task for task, is_due in tasks.items() if is_due]


def minutes_are_late(meeting):
    return meeting.ends_at <= now() - LATE


def contest_ends_on(meeting):
    """The last day on which a sentence of its published minutes can be contested."""
    return last_day_of(meeting.published_at)


def meetings_around(user):
    """Those to come, those of the last two weeks, and those whose minutes are not fixed, of the
    alliances shown. Each with all that `Around` asks of it, in one query."""
    rows = with_minutes(Meeting.listed_for(user))
    numbers = [answered(each).alias(f"said_{each}") for each in Answer]
    rows = rows.select_extend(*numbers, waited_for().alias("waited_for"))
    return rows.where(~Meeting.is_long_ago() | minutes_are_underway())


def answered(answer):
    """A subquery on meetings: how many allies gave this answer."""
    here = (Rsvp.meeting == Meeting.id) & (Rsvp.answer == answer)
    return Rsvp.select(fn.COUNT(Rsvp.id)).where(here)


def waited_for():
    """A subquery on meetings: how many allies have not answered and are not paused."""
    theirs = (Rsvp.meeting == Meeting.id) & (Rsvp.membership == Membership.id)
    return (
        Membership.select(fn.COUNT(Membership.id))
        .join(User)
        .where(
            Membership.alliance == Meeting.alliance,
            Membership.role == Role.ALLY,
            Membership.takes_part(),
            User.disabled_at.is_null(),
            ~fn.EXISTS(Rsvp.select(Rsvp.id).where(theirs)),
        )
    )


def counts_of(meeting):
    """The Counts of a meeting of `meetings_around`."""
    if meeting.answers_are_forgotten:
        return Counts.of_past(meeting.past_counts)
    counts = Counts({each: getattr(meeting, f"said_{each}") for each in Answer})
    counts.asked = counts.total() + (0 if meeting.has_begun else meeting.waited_for)
    return counts
