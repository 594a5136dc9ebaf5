"""Five meetings a year, each at another venue, and who comes (PRODUCT 4.2)."""

from collections import Counter
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from peewee import (
    JOIN,
    BooleanField,
    Case,
    CharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
    fn,
)

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership, Role, alliances_of, shown_alliances
from allies.db import BaseModel, EnumField, UtcField, now
from allies.i18n import local

MEETINGS_A_YEAR = 5
PLACE_DAYS = 7  # the address shows this long before, and until the day after
COUNTS_FROM = 3  # fewer answers would tell who gave them


class Venue(BaseModel):
    """A place an alliance can meet; confidential, so shown late and never sent."""

    alliance = ForeignKeyField(Alliance, backref="venues")
    name = CharField(max_length=80)
    area = CharField(max_length=80)
    address = CharField(max_length=160)
    transport = CharField(max_length=160, default="")
    is_step_free = BooleanField(default=False)
    has_discreet_entrance = BooleanField(default=False)
    has_kitchen = BooleanField(default=False)


class MeetingState(StrEnum):
    PLANNED = "planned"  # a date, no venue yet
    INVITED = "invited"
    HELD = "held"


class Meeting(BaseModel):
    """One of the year's five, or an extra one."""

    alliance = ForeignKeyField(Alliance, backref="meetings")
    starts_at = UtcField(index=True)
    duration = IntegerField()  # minutes
    venue = ForeignKeyField(Venue, null=True, backref="meetings")
    is_extra = BooleanField(default=False)
    brings = TextField(default="")  # what police and municipality bring
    past_counts = JSONField(null=True)  # who came as numbers, once the answers were forgotten

    @classmethod
    def visible_to(cls, user):
        """The meetings of the user's alliances. Every read starts here."""
        return (
            cls.select(cls, Alliance, Venue)
            .join(Alliance)
            .switch(cls)
            .join(Venue, JOIN.LEFT_OUTER)
            .where(cls.alliance.in_(alliances_of(user)))
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
    def coming_for(cls, user):
        """Those of `listed_for` that have not begun."""
        return cls.listed_for(user).where(cls.starts_at > now())

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.duration)

    @property
    def year(self):
        return local(self.starts_at).year

    @property
    def is_open(self):
        """Can members still answer? Until the meeting starts."""
        return now() < self.starts_at

    @property
    def state(self):
        if self.ends_at <= now():
            return MeetingState.HELD
        return MeetingState.INVITED if self.venue_id else MeetingState.PLANNED

    @property
    def shows_place(self):
        """May members see the address now? From some days before until the day after."""
        last_day = local(self.starts_at).date() + timedelta(days=1)
        return bool(
            self.venue_id
            and now() >= self.starts_at - timedelta(days=PLACE_DAYS)
            and local(now()).date() <= last_day
        )

    @property
    def answers_are_forgotten(self):
        """Is it only known how many answered what, if that?"""
        return self.past_counts is not None

    @cached_property
    def counts(self):
        """How many answered what, and how many have not; see `count_answers` for many meetings."""
        return count_answers([self])[self.id]

    def answer_of(self, membership):
        """This member's answer, or None."""
        mine = (Rsvp.meeting == self.id) & (Rsvp.membership == membership.id)
        return Rsvp.get_or_none(mine)

    def answers_by_alias(self):
        """(ally, their Rsvp or None) for everybody invited, by alias. Leaves the counts with it.

        Nothing once the answers were forgotten.
        """
        if self.answers_are_forgotten:
            return []
        answers = {r.membership_id: r for r in Rsvp.select().where(Rsvp.meeting == self.id)}
        grid = [(ally, answers.get(ally.id)) for ally in self.alliance.allies]
        self.counts = Counts(rsvp.answer for _ally, rsvp in grid if rsvp)
        self.counts.asked = sum(bool(rsvp) or not ally.is_paused for ally, rsvp in grid)
        return grid


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Rsvp(BaseModel):
    """One ally's answer to one meeting, the last one given."""

    meeting = ForeignKeyField(Meeting, backref="rsvps", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    answer = EnumField(Answer, max_length=8)
    note = CharField(max_length=300, default="")

    class Meta:
        indexes = ((("meeting", "membership"), True),)
        without_rowid = True  # a hidden counter would tell who answered when


class Counts(Counter):
    """Answers of one meeting: counts["yes"] and so on, of `asked` allies.

    Nobody waits for an ally who is paused; one who answers all the same counts.
    """

    asked = 0

    @classmethod
    def of_past(cls, numbers):
        """What was kept of answers that were forgotten."""
        counts = cls({answer: numbers.get(answer, 0) for answer in Answer})
        counts.asked = numbers.get("asked", 0)
        return counts

    @property
    def open(self):
        return self.asked - self.total()

    @property
    def may_show(self):
        return self.total() >= COUNTS_FROM


def count_answers(meetings):
    """{meeting id: Counts} for these meetings, in two queries however many there are."""
    counts = {m.id: Counts() for m in meetings}
    waited_for = fn.SUM(Case(None, ((Membership.takes_part(), 1),), 0))
    answered = (
        Rsvp.select(Rsvp.meeting, Rsvp.answer, fn.COUNT(Rsvp.id), waited_for)
        .join(Membership)
        .where(Rsvp.meeting.in_(list(counts)))
        .group_by(Rsvp.meeting, Rsvp.answer)
    )
    for meeting_id, answer, number, of_these in answered.tuples():
        counts[meeting_id][answer] = number
        counts[meeting_id].asked += number - of_these
    alliances = {m.alliance_id for m in meetings}
    allies = (
        Membership.select(Membership.alliance, fn.COUNT(Membership.id))
        .join(User)
        .where(
            Membership.alliance.in_(alliances),
            Membership.role == Role.ALLY,
            Membership.takes_part(),
            User.disabled_at.is_null(),
        )
        .group_by(Membership.alliance)
    )
    asked = dict(allies.tuples())
    for meeting in meetings:
        counts[meeting.id].asked += asked.get(meeting.alliance_id, 0)
        if meeting.answers_are_forgotten:
            counts[meeting.id] = Counts.of_past(meeting.past_counts)
    return counts
