"""What members put on the table: developments, never incidents or persons (PRODUCT 4.3)."""

import unicodedata
from datetime import timedelta
from enum import StrEnum

from peewee import (
    JOIN,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
    fn,
)

from allies.alliances.models import (
    Alliance,
    Membership,
    Organisation,
    Role,
    alliances_of,
    shown_alliances,
)
from allies.db import BaseModel, EnumField, UtcField, now
from allies.meetings.models import Meeting
from allies.outcomes.models import Outcome

TEXTS = ("title", "what", "where", "since", "effect")
PATIENCE = timedelta(hours=24)  # then declining needs no second organisation any more
AUTHOR_KEPT = timedelta(days=30)  # after moderation (TRUST T10)
MOST_WORDS = 10  # of a search
MOST_OPEN = 10  # topics of one member that wait for a decision or an answer


class Theme(StrEnum):
    HOUSING = "housing"
    LIVING_TOGETHER = "living-together"
    SAFETY = "safety"
    YOUTH = "youth"
    CARE = "care"
    TOURISM = "tourism"
    ENERGY_NATURE = "energy-nature"
    FACILITIES = "facilities"
    ECONOMY = "economy"
    OTHER = "other"


class TopicState(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"  # to the author, with a question
    APPROVED = "approved"
    DECLINED = "declined"  # its text is gone
    DISCUSSED = "discussed"


PUBLISHED = (TopicState.APPROVED, TopicState.DISCUSSED)
UNDECIDED = (TopicState.SUBMITTED, TopicState.RETURNED)


class Ground(StrEnum):
    """Why a topic is not taken."""

    PERSON = "person"
    INCIDENT = "incident"
    OPERATIONAL = "operational"
    DOUBLE = "double"
    OTHER = "other"


class Attribution(StrEnum):
    ALIAS = "alias"
    NONE = "none"


class Topic(BaseModel):
    """A development an alliance may discuss. Of what an ally did it keeps days, never times."""

    alliance = ForeignKeyField(Alliance, backref="topics")
    proposed_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    title = CharField(max_length=120)
    what = TextField()
    where = TextField(default="")
    since = TextField(default="")
    effect = TextField(default="")
    theme = EnumField(Theme, max_length=16, default=Theme.OTHER)
    attribution = EnumField(Attribution, max_length=8, default=Attribution.ALIAS)
    is_flagged = BooleanField(default=False)  # sent although the text check objected
    search_text = TextField(default="")
    revision = IntegerField(default=0)  # goes up with every rewrite
    state = EnumField(TopicState, max_length=12, default=TopicState.SUBMITTED, index=True)
    submitted_on = DateField()
    decided_on = DateField(null=True)  # the day of moderation
    question = TextField(default="")
    ground = EnumField(Ground, max_length=12, null=True)
    decline_org = EnumField(Organisation, max_length=12, null=True)  # whose key was turned first
    decline_at = UtcField(null=True)
    meeting = ForeignKeyField(Meeting, null=True, backref="topics", on_delete="SET NULL")
    outcome = ForeignKeyField(Outcome, null=True, on_delete="SET NULL")
    past_support = IntegerField(default=0)  # counted when the supporters were forgotten

    class Meta:
        without_rowid = True  # a hidden counter would keep the order of writing

    @classmethod
    def visible_to(cls, user):
        """Published topics, the user's own, and for its coordinators all of the alliance."""
        mine = cls.proposed_by.in_(
            Membership.select(Membership.id).where(Membership.user == user.id)
        )
        moderated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        return (
            cls.select(cls, Alliance, Membership, Meeting, Outcome)
            .join(Alliance)
            .switch(cls)
            .join(Membership, JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Meeting, JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Outcome, JOIN.LEFT_OUTER)
            .where(
                cls.alliance.in_(alliances_of(user)), cls.state.in_(PUBLISHED) | mine | moderated
            )
        )

    @classmethod
    def shown_to(cls, user):
        """What this user may see of the alliances that lists are about."""
        return cls.visible_to(user).where(cls.alliance.in_(shown_alliances(user)))

    @classmethod
    def listed(cls, user, *, state=None, words=""):
        """Of the alliances shown, newest first: in one state, or published with these words."""
        rows = cls.shown_to(user).order_by(cls.submitted_on.desc(), cls.id)
        if state:
            rows = rows.where(cls.state == state)
        if found := folded(words).split()[:MOST_WORDS]:
            rows = rows.where(
                cls.state.in_(PUBLISHED), *(cls.search_text.contains(w) for w in found)
            )
        return rows

    @classmethod
    def waiting_for(cls, user):
        """The queue of the alliances this user coordinates, longest waiting first.

        Within a day the order is that of the random ids: a queue must not tell
        who wrote before whom.
        """
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        rows = cls.visible_to(user).where(cls.state == TopicState.SUBMITTED, coordinated)
        return rows.order_by(cls.submitted_on, cls.id)

    @classmethod
    def current_for(cls, user):
        """What is going on: sent back to the user, waiting for the user to judge, or discussed
        with an outcome owed or given in the last 30 days. One query for the whole start page."""
        mine = (cls.state == TopicState.RETURNED) & (Membership.user == user.id)
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        to_judge = (cls.state == TopicState.SUBMITTED) & coordinated
        fresh = Outcome.state.is_null() | Outcome.is_given_lately()
        discussed = (cls.state == TopicState.DISCUSSED) & fresh
        rows = cls.shown_to(user).where(mine | to_judge | discussed)
        return rows.order_by(cls.submitted_on, cls.id)

    @property
    def author(self):
        """Who others may know put this forward; None without attribution or once forgotten."""
        return self.proposed_by if self.attribution == Attribution.ALIAS else None

    def is_by(self, membership):
        """Did this member put it forward?"""
        return self.proposed_by_id == membership.id

    def is_supported_by(self, membership):
        """Does this member say: this lives around me too?"""
        mine = (Support.topic == self.id) & (Support.membership == membership.id)
        return Support.select().where(mine).exists()

    @property
    def is_published(self):
        return self.state in PUBLISHED

    @property
    def may_be_rewritten(self):
        return self.state in UNDECIDED

    @property
    def may_be_discussed(self):
        """Has the meeting been that it was on the agenda of?"""
        return bool(
            self.state == TopicState.APPROVED and self.meeting and self.meeting.ends_at <= now()
        )

    @property
    def last_day_to_answer(self):
        """Until when the author of a topic sent back can answer; then it is removed."""
        return self.decided_on + AUTHOR_KEPT - timedelta(days=1)

    @property
    def may_be_declined_alone(self):
        """Has the other organisation let a proposal to decline lie for a day?"""
        return bool(self.decline_at and now() >= self.decline_at + PATIENCE)

    @property
    def decline_alone_at(self):
        return self.decline_at + PATIENCE


class Support(BaseModel):
    """One ally who says: this lives around me too. Without a time."""

    topic = ForeignKeyField(Topic, backref="supports", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")

    class Meta:
        indexes = ((("topic", "membership"), True),)
        without_rowid = True


def count_support(topics):
    """{topic id: how many support it}, in one query however many there are."""
    counted = (
        Support.select(Support.topic, fn.COUNT(Support.id))
        .where(Support.topic.in_([t.id for t in topics]))
        .group_by(Support.topic)
    )
    counts = dict(counted.tuples())
    return {t.id: counts.get(t.id, 0) + t.past_support for t in topics}


def folded(text):
    """Text as it is searched: without capitals and accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
