"""Quick advice: a question to the group with an end time, and the answers (PRODUCT 4.4)."""

from collections import Counter
from enum import StrEnum
from functools import cached_property

from peewee import (
    JOIN,
    BooleanField,
    Case,
    ForeignKeyField,
    IntegerField,
    JSONField,
    SmallIntegerField,
    TextField,
    fn,
)

from allies.advice.states import OVER, State
from allies.alliances.models import Alliance, Membership, Organisation, Role, shown_alliances
from allies.db import BaseModel, EnumField, UtcField, now
from allies.outcomes.models import Outcome

NUMBERS_FROM = 3  # while a round is open, fewer answers are not counted out loud


class Mood(StrEnum):
    """How it is around the one who answers."""

    CALM = "calm"
    TENSE = "tense"
    ALARMED = "alarmed"
    NOT_MINE = "not-mine"


class Round(BaseModel):
    """One question to an alliance, by an organisation. Its life is in `states`."""

    alliance = ForeignKeyField(Alliance, backref="rounds")
    state = EnumField(State, max_length=16, default=State.DRAFT, index=True)
    version = IntegerField(default=1)  # goes up with everything that can be seen on the board
    asked_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    organisation = EnumField(Organisation, max_length=12)  # of who asked; owes the outcome
    question = TextField()
    known = TextField()
    unknown = TextField()
    shareable = TextField()
    options = JSONField(default=list)  # texts, at most five, in the order of asking
    is_acute = BooleanField(default=False)
    reason = TextField(default="")  # why acute, with one key
    hours = SmallIntegerField(null=True)  # from opening on, unless a moment was chosen
    asked_at = UtcField(default=now)
    opened_at = UtcField(null=True)
    ends_at = UtcField(null=True, index=True)
    closed_at = UtcField(null=True)
    asked = SmallIntegerField(default=0)  # how many allies it waits for, or who answered
    outcome = ForeignKeyField(Outcome, null=True, unique=True, on_delete="SET NULL")

    @classmethod
    def visible_to(cls, user):
        """All for coordinators, opened ones for allies, closed ones for partners.

        Every read starts here.
        """
        mine = (Membership.user == user.id) & Membership.lasts()
        here = (Membership.alliance == cls.alliance) & mine
        role = Membership.role
        return (
            cls.select(cls, Alliance, Outcome)
            .join(Membership, on=here)
            .switch(cls)
            .join(Alliance)
            .switch(cls)
            .join(Outcome, JOIN.LEFT_OUTER)
            .where(
                (role == Role.COORDINATOR)
                | ((role == Role.ALLY) & (cls.state != State.DRAFT))
                | ((role == Role.PARTNER) & cls.state.in_(OVER))
            )
        )

    @classmethod
    def listed_for(cls, user):
        """Of the alliances shown: open, then drafts, then the rest; each with `has_answered`."""
        rank = Case(cls.state, ((State.OPEN, 0), (State.DRAFT, 1)), 2)
        latest = fn.COALESCE(cls.closed_at, cls.opened_at, cls.asked_at)
        shown = cls.visible_to(user).where(cls.alliance.in_(shown_alliances(user)))
        query = shown.select_extend(answered_by(user).alias("has_answered"))
        return query.order_by(rank, latest.desc(), cls.id)

    @classmethod
    def current_for(cls, user):
        """All that is going on: drafts, open rounds, outcomes owed or given in the last 30 days.

        Each has `has_answered`; one query for the whole start page.
        """
        going_on = cls.state.in_((State.DRAFT, State.OPEN, State.CLOSED))
        return cls.listed_for(user).where(going_on | Outcome.is_given_lately())

    @property
    def is_draft(self):
        return self.state == State.DRAFT

    @property
    def is_open(self):
        """Does it take answers now? Not any more from its end time on, closed or not yet."""
        return self.state == State.OPEN and now() < self.ends_at

    @property
    def is_over(self):
        return self.state in OVER

    @property
    def may_count(self):
        """May the numbers be shown? While answers still come in, from three on."""
        return self.is_over or self.tally.answered >= NUMBERS_FROM

    @cached_property
    def points(self):
        """The answers by alias; once their authors are cut off, in an order of no meaning."""
        query = Advice.select(Advice, Membership).join(Membership, JOIN.LEFT_OUTER)
        return list(query.where(Advice.round == self.id).order_by(Membership.alias, Advice.id))

    @cached_property
    def tally(self):
        return Tally(self.options, self.points)

    def answer_of(self, membership):
        """This member's advice, or None; also when its author was cut off."""
        return next((p for p in self.points if p.membership_id == membership.id), None)

    def option_of(self, advice):
        """The text of the option this advice chose, or None."""
        return None if advice.option is None else self.options[advice.option]


class Advice(BaseModel):
    """One ally's answer in a round, the last one given. Has no time of its own, on purpose."""

    round = ForeignKeyField(Round, backref="advice", on_delete="CASCADE")
    membership = ForeignKeyField(
        Membership, null=True, on_delete="SET NULL"
    )  # cut: TRUST, retention
    option = SmallIntegerField(null=True)  # which of round.options
    mood = EnumField(Mood, max_length=8)
    text = TextField(default="")

    class Meta:
        indexes = ((("round", "membership"), True),)
        without_rowid = True  # a hidden counter would keep the order of answering


class CallList(BaseModel):
    """A coordinator's look at the numbers of whoever has not answered an open round (TRUST)."""

    round = ForeignKeyField(Round, on_delete="CASCADE")
    by = ForeignKeyField(Membership, on_delete="CASCADE")
    opened_at = UtcField(default=now)

    class Meta:
        indexes = ((("round", "by"), True),)


class Tally:
    """Plain counts of a round: how many answered, and per option and mood in fixed order."""

    def __init__(self, options, points):
        by_option = Counter(p.option for p in points)
        by_mood = Counter(p.mood for p in points)
        self.answered = len(points)
        self.options = [(text, by_option[i]) for i, text in enumerate(options)]
        self.moods = [(mood, by_mood[mood]) for mood in Mood]


def answered_by(user):
    """An expression on rounds: has this user answered?"""
    mine = (
        Advice.select(Advice.id)
        .join(Membership)
        .where(Advice.round == Round.id, Membership.user == user.id)
    )
    return fn.EXISTS(mine)
