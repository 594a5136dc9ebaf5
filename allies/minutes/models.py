"""What was said at a meeting, under the Chatham House rule: no names (PRODUCT 4.2)."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from peewee import (
    JOIN,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
    fn,
)

from allies.agenda.models import AgendaItem
from allies.alliances.models import (
    Alliance,
    Membership,
    Organisation,
    Role,
    alliances_of,
    shown_alliances,
    tables_of,
)
from allies.db import BaseModel, EnumField, UtcField, now
from allies.i18n import at_local_time, local, today
from allies.meetings.models import TOLD_WITH, Meeting
from allies.outcomes.models import Outcome

CONTEST_TIME = timedelta(days=7)  # so long, and that whole last day, a sentence can be contested
ASKED_FOR = timedelta(days=30)  # so long after a meeting its minutes are asked for


class MinutesState(StrEnum):
    CONCEPT = "concept"  # only coordinators see them
    CONTESTABLE = "contestable"
    FIXED = "fixed"


class Minutes(BaseModel):
    """The minutes of one meeting."""

    alliance = ForeignKeyField(Alliance)
    meeting = ForeignKeyField(Meeting, unique=True, backref="minutes", on_delete="CASCADE")
    state = EnumField(MinutesState, max_length=12, default=MinutesState.CONCEPT, index=True)
    published_at = UtcField(null=True)
    fixed_at = UtcField(null=True)
    # who published them, and so owes an answer to the advice in them
    organisation = EnumField(Organisation, max_length=12, null=True)

    @classmethod
    def visible_to(cls, user):
        """Those of the user's tables, concepts for coordinators only. Every read starts here."""
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        may_see = (cls.state != MinutesState.CONCEPT) | coordinated
        return (
            cls.select(cls, Alliance, Meeting)
            .join(Alliance)
            .switch(cls)
            .join(Meeting)
            .where(cls.alliance.in_(tables_of(user)), may_see)
        )

    @classmethod
    def state_of_meeting(cls):
        """A subquery for a query of meetings: the state of its minutes, null without any."""
        return cls.select(cls.state).where(cls.meeting == Meeting.id)

    @property
    def is_concept(self):
        return self.state == MinutesState.CONCEPT

    @property
    def is_fixed(self):
        return self.state == MinutesState.FIXED

    @property
    def contest_ends_on(self):
        """The last day on which a sentence can be contested. Not of a concept."""
        return last_day_of(self.published_at)

    @property
    def may_be_contested(self):
        return self.state == MinutesState.CONTESTABLE and today() <= self.contest_ends_on


def last_day_of(published_at):
    """The last day on which a sentence of minutes that were published then can be contested."""
    return local(published_at).date() + CONTEST_TIME


def contest_time_is_over():
    """A condition on published minutes: their last day to contest a sentence has passed."""
    began = datetime.combine(today() - CONTEST_TIME, time.min)  # whose last day is today
    return Minutes.published_at < at_local_time(began)


TOLD_WITH.append(Minutes.state_of_meeting().alias("minutes_state"))


class MinutesPart(BaseModel):
    """What was heard and advised at one item of the agenda."""

    alliance = ForeignKeyField(Alliance)
    minutes = ForeignKeyField(Minutes, backref="parts", on_delete="CASCADE")
    item = ForeignKeyField(AgendaItem, null=True, on_delete="SET NULL")
    title = CharField(max_length=120)
    heard = TextField(default="")
    advice = TextField(default="")
    position = SmallIntegerField()
    revision = IntegerField(default=0)  # goes up with every change
    outcome = ForeignKeyField(Outcome, null=True, on_delete="SET NULL")

    @classmethod
    def visible_to(cls, user):
        """The parts of the minutes this user sees. Every read starts here."""
        return (
            cls.select(cls, Alliance, Minutes, AgendaItem, Outcome)
            .join(Alliance)
            .switch(cls)
            .join(Minutes)
            .switch(cls)
            .join(AgendaItem, JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Outcome, JOIN.LEFT_OUTER)
            .where(cls.minutes.in_(Minutes.visible_to(user).select(Minutes.id)))
        )

    @classmethod
    def current_for(cls, user):
        """What is going on, of the alliances shown: advice whose outcome is owed or given in the
        last 30 days. One query, with `outcome`, and the meeting as `minutes.meeting_id`."""
        fresh = Outcome.state.is_null() | Outcome.is_given_lately()
        shown = cls.alliance.in_(shown_alliances(user))
        rows = cls.visible_to(user).where(cls.outcome.is_null(False), fresh, shown)
        return rows.order_by(Outcome.due_at, cls.id)

    @property
    def is_empty(self):
        return not self.heard and not self.advice


class MinutesRevision(BaseModel):
    """The text of a part as it was saved once, so that nothing is lost when two write at once."""

    part = ForeignKeyField(MinutesPart, backref="revisions", on_delete="CASCADE")
    revision = IntegerField()
    heard = TextField(default="")
    advice = TextField(default="")
    saved_at = UtcField()
    saved_by = EnumField(Organisation, max_length=12)

    class Meta:
        indexes = ((("part", "revision"), True),)


class ContestState(StrEnum):
    OPEN = "open"
    CHANGED = "changed"  # the minutes were mended
    KEPT = "kept"  # the minutes stay as they are, with a reason


class Contest(BaseModel):
    """A sentence of the minutes that a member says is not right. Shown without who said so."""

    alliance = ForeignKeyField(Alliance)
    part = ForeignKeyField(MinutesPart, backref="contests", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    sentence = TextField()
    remark = TextField(default="")
    made_on = DateField()
    state = EnumField(ContestState, max_length=8, default=ContestState.OPEN, index=True)
    reply = TextField(default="")
    answered_on = DateField(null=True)

    class Meta:
        without_rowid = True  # a hidden counter would keep the order of contesting

    @classmethod
    def visible_to(cls, user):
        """Those of the user's tables. Every read starts here."""
        return (
            cls.select(cls, Alliance, MinutesPart, Minutes)
            .join(Alliance)
            .switch(cls)
            .join(MinutesPart)
            .join(Minutes)
            .where(cls.alliance.in_(tables_of(user)))
        )

    @property
    def is_open(self):
        return self.state == ContestState.OPEN


def with_minutes(meetings):
    """This query of meetings, with `published_at` and `open_contests` of each, beside the
    `minutes_state` (None: nobody began) that every visible meeting has."""
    waiting = (
        Contest.select(fn.COUNT(Contest.id))
        .join(MinutesPart)
        .join(Minutes)
        .where(Minutes.meeting == Meeting.id, Contest.state == ContestState.OPEN)
    )
    published = Minutes.select(Minutes.published_at).where(Minutes.meeting == Meeting.id)
    as_moment = Minutes.published_at.python_value
    return meetings.select_extend(
        fn.COALESCE(published, None).python_value(as_moment).alias("published_at"),
        waiting.alias("open_contests"),
    )


def minutes_are_underway():
    """A condition on meetings: held, and the minutes are not fixed; asked for 30 days."""
    begun = Minutes.select(Minutes.meeting).where(Minutes.state != MinutesState.FIXED)
    known = Minutes.select(Minutes.meeting)
    unknown = (Meeting.starts_at > now() - ASKED_FOR) & Meeting.id.not_in(known)
    is_held = Meeting.is_on() & (Meeting.starts_at <= now())
    return is_held & (Meeting.id.in_(begun) | unknown)
