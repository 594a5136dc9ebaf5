"""Finding a date: proposed dates, and which of them suit whom (PRODUCT 4.2)."""

from datetime import timedelta
from enum import StrEnum

from peewee import BooleanField, Case, DateField, ForeignKeyField, IntegerField, fn

from allies.alliances.models import Alliance, Membership, shown_alliances, tables_of
from allies.db import BaseModel, EnumField, UtcField, now
from allies.meetings.models import Meeting


class PollState(StrEnum):
    OPEN = "open"
    PICKED = "picked"
    WITHDRAWN = "withdrawn"


class Fit(StrEnum):
    """How a date suits somebody."""

    YES = "yes"
    IF_NEED_BE = "if-need-be"
    NO = "no"


class DatePoll(BaseModel):
    """The question which of some dates suits; the one picked becomes the meeting."""

    alliance = ForeignKeyField(Alliance, backref="date_polls")
    duration = IntegerField()  # minutes
    is_extra = BooleanField(default=False)
    made_on = DateField()
    state = EnumField(PollState, max_length=12, default=PollState.OPEN, index=True)
    # the draft it looks for a date for; once picked the meeting that came of it
    meeting = ForeignKeyField(Meeting, null=True, on_delete="SET NULL")

    @classmethod
    def visible_to(cls, user):
        """Those of the tables this user sits at. Every read starts here."""
        return cls.select(cls, Alliance).join(Alliance).where(cls.alliance.in_(tables_of(user)))

    @classmethod
    def open_for(cls, user):
        """The open ones of the alliances shown that still ask about a day to come, in one query.

        Each with `first_at`, the first such day, and `answered`: did this user answer them all?
        """
        mine = (
            DateAnswer.select(DateAnswer.proposed)
            .join(Membership)
            .where(Membership.user == user.id)
        )
        open_ones = cls.visible_to(user).switch(cls).join(ProposedDate)
        is_shown = cls.alliance.in_(shown_alliances(user))
        first_at = fn.MIN(ProposedDate.starts_at)
        return (
            open_ones.select_extend(
                first_at.alias("first_at"),
                fn.MIN(Case(None, ((ProposedDate.id.in_(mine), 1),), 0)).alias("answered"),
            )
            .where(cls.state == PollState.OPEN, is_shown, ProposedDate.starts_at > now())
            .group_by(cls.id, Alliance.id)
            .order_by(first_at, cls.id)
        )

    @classmethod
    def open_in(cls, alliance):
        """The open ones of one alliance, each with `first_at`, also when its dates have passed."""
        first_at = fn.MIN(ProposedDate.starts_at)
        rows = cls.select(cls, Alliance, first_at.alias("first_at")).join(Alliance)
        rows = rows.switch(cls).join(ProposedDate)
        rows = rows.where(cls.alliance == alliance.id, cls.state == PollState.OPEN)
        return rows.group_by(cls.id, Alliance.id).order_by(first_at, cls.id)

    @property
    def length(self):
        return timedelta(minutes=self.duration)

    @property
    def is_open(self):
        return self.state == PollState.OPEN


class ProposedDate(BaseModel):
    """One of the dates asked about."""

    poll = ForeignKeyField(DatePoll, backref="dates", on_delete="CASCADE")
    starts_at = UtcField()

    class Meta:
        indexes = ((("poll", "starts_at"), True),)


class DateAnswer(BaseModel):
    """How one date suits one ally. Without a time, and gone once a date is picked."""

    proposed = ForeignKeyField(ProposedDate, backref="answers", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    fit = EnumField(Fit, max_length=12)

    class Meta:
        indexes = ((("proposed", "membership"), True),)
        without_rowid = True  # a hidden counter would tell who answered when
