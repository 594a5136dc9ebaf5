"""Five meetings a year, each at another venue, and who comes (PRODUCT 4.2)."""

from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from peewee import (
    JOIN,
    SQL,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    SmallIntegerField,
    TextField,
    fn,
)

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership, Role, alliances_of, shown_alliances
from allies.db import BaseModel, EnumField, UtcField, now
from allies.i18n import local, today
from allies.meetings.answers import Answer, Counts, NeedKind
from allies.venues.models import Venue

MEETINGS_A_YEAR = 5
WHO_KEPT = timedelta(days=14)  # so long after its start it is known who answered, needed and came


# Columns that later features add, so that a page of a meeting asks no query more for them.
TOLD_WITH: list = []


class MeetingState(StrEnum):
    DRAFT = "draft"  # only coordinators know of it
    PLANNED = "planned"  # a date, no venue yet
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"


class Meeting(BaseModel):
    """One of the year's five, or an extra one."""

    alliance = ForeignKeyField(Alliance, backref="meetings")
    starts_at = UtcField(index=True)
    duration = IntegerField()  # minutes
    venue = ForeignKeyField(Venue, null=True, backref="meetings")
    is_extra = BooleanField(default=False)
    brings = TextField(default="")  # what police and municipality bring
    past_counts = JSONField(null=True)  # who came as numbers, once the answers were forgotten
    is_draft = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])
    cancelled_at = UtcField(null=True)
    moved_from = UtcField(null=True)  # when it would have been, before it was moved
    sequence = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])  # of RFC 5545, 3.8.7.4
    agenda_version = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    came = SmallIntegerField(null=True)  # how many allies were there
    # how often coordinators were nudged for its minutes
    nudges = SmallIntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    @classmethod
    def visible_to(cls, user):
        """The meetings of the user's alliances, drafts for coordinators. Every read starts here."""
        return (
            cls.select(cls, Alliance, Venue, *TOLD_WITH)
            .join(Alliance)
            .switch(cls)
            .join(Venue, JOIN.LEFT_OUTER)
            .where(
                cls.alliance.in_(alliances_of(user)),
                ~cls.is_draft | cls.alliance.in_(alliances_of(user, Role.COORDINATOR)),
            )
        )

    @classmethod
    def listed_for(cls, user):
        """All of the alliances shown, the earliest first, each with `my_answer` or None."""
        mine = (
            Rsvp.select(Rsvp.answer)
            .join(Membership)
            .where(Rsvp.meeting == cls.id, Membership.user == user.id)
        )
        shown = cls.visible_to(user).where(cls.alliance.in_(shown_alliances(user)))
        listed = shown.select_extend(mine.alias("my_answer"))
        return listed.order_by(cls.starts_at, cls.id)

    @classmethod
    def is_on(cls):
        """A condition: neither a draft nor cancelled."""
        return ~cls.is_draft & cls.cancelled_at.is_null()

    @classmethod
    def is_long_ago(cls):
        """A condition: it is no longer known who answered, who needed what, and who came."""
        return cls.starts_at < now() - WHO_KEPT

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.duration)

    @property
    def year(self):
        return local(self.starts_at).year

    @property
    def has_begun(self):
        return self.starts_at <= now()

    @property
    def is_open(self):
        """Can members still answer? Until the meeting starts."""
        return not self.is_draft and not self.is_cancelled and not self.has_begun

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def state(self):
        if self.is_draft:
            return MeetingState.DRAFT
        if self.is_cancelled:
            return MeetingState.CANCELLED
        if self.ends_at <= now():
            return MeetingState.HELD
        return MeetingState.INVITED if self.venue_id else MeetingState.PLANNED

    @property
    def shows_place(self):
        """May members see the address now? From the agreed days before until the day after."""
        last_day = local(self.starts_at).date() + timedelta(days=1)
        may_show = self.venue_id and not self.is_draft and not self.is_cancelled
        return bool(may_show and self.place_from <= today() <= last_day)

    @property
    def place_from(self):
        """The day from which members see the address: whole days, whatever the clock does."""
        return local(self.starts_at).date() - timedelta(days=self.alliance.place_days)

    @property
    def answers_are_forgotten(self):
        """Is it only known how many answered what, if that?"""
        return self.past_counts is not None

    @cached_property
    def counts(self):
        """How many answered what, and how many have not; see `count_answers` for many meetings."""
        return count_answers([self])[self.id]

    def answer_of(self, membership):
        """This member's answer, or None. Its `needs` are the kinds of what the member needs."""
        of_both = (Need.meeting == Rsvp.meeting) & (Need.membership == Rsvp.membership)
        rows = Rsvp.select(Rsvp, Need.kind).join(Need, JOIN.LEFT_OUTER, on=of_both, attr="need")
        mine = list(rows.where(Rsvp.meeting == self.id, Rsvp.membership == membership.id))
        if not mine:
            return None
        kinds = {row.need.kind for row in mine if row.need}
        mine[0].needs = [kind for kind in NeedKind if kind in kinds]
        return mine[0]

    def answers_by_alias(self):
        """(ally, their Rsvp or None) by alias. Leaves the counts with the meeting.

        Once it has begun only those who answered: who joined later was never asked. Nothing
        once the answers were forgotten.
        """
        if self.answers_are_forgotten:
            return []
        answers = {r.membership_id: r for r in Rsvp.select().where(Rsvp.meeting == self.id)}
        grid = [(ally, answers.get(ally.id)) for ally in self.alliance.allies]
        if self.has_begun:
            grid = [(ally, rsvp) for ally, rsvp in grid if rsvp]
        self.counts = Counts(rsvp.answer for _ally, rsvp in grid if rsvp)
        self.counts.asked = sum(bool(rsvp) or not ally.is_paused for ally, rsvp in grid)
        return grid


class Rsvp(BaseModel):
    """One ally's answer to one meeting, the last one given."""

    meeting = ForeignKeyField(Meeting, backref="rsvps", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    answer = EnumField(Answer, max_length=8)
    note = CharField(max_length=300, default="")
    # entered by a coordinator, as the ally said by phone
    is_by_coordinator = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])

    class Meta:
        indexes = ((("meeting", "membership"), True),)
        without_rowid = True  # a hidden counter would tell who answered when


class Need(BaseModel):
    """A practical need of one ally at one meeting. Others see counts; gone 14 days after."""

    meeting = ForeignKeyField(Meeting, backref="needs", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    kind = EnumField(NeedKind, max_length=12)

    class Meta:
        indexes = ((("meeting", "membership", "kind"), True),)
        without_rowid = True


def count_answers(meetings):
    """{meeting id: Counts} for these meetings, in one query however many there are."""
    counts = {m.id: Counts() for m in meetings}
    waited_for = Membership.takes_part() & User.disabled_at.is_null()
    of_both = (Rsvp.meeting == Meeting.id) & (Rsvp.membership == Membership.id)
    rows = (
        Meeting.select(Meeting.id, Rsvp.answer, fn.COUNT(Membership.id))
        .join(Membership, on=(Membership.alliance == Meeting.alliance))
        .join(User)
        .join_from(Membership, Rsvp, JOIN.LEFT_OUTER, on=of_both)
        .where(
            Meeting.id.in_(list(counts)),
            Membership.role == Role.ALLY,
            Rsvp.id.is_null(False) | waited_for,
        )
        .group_by(Meeting.id, Rsvp.answer)
    )
    for meeting_id, answer, number in rows.tuples():
        if answer:
            counts[meeting_id][answer] = number
        counts[meeting_id].asked += number
    for meeting in meetings:
        if meeting.has_begun:  # who joined after it was never asked
            counts[meeting.id].asked = counts[meeting.id].total()
        if meeting.answers_are_forgotten:
            counts[meeting.id] = Counts.of_past(meeting.past_counts)
    return counts
