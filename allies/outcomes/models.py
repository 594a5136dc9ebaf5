"""What was done with advice or a topic: owed by an organisation, by a date (PRODUCT 4.5)."""

from datetime import timedelta
from enum import StrEnum

from peewee import ForeignKeyField, TextField

from allies.alliances.models import Alliance, Membership, Organisation, alliances_of
from allies.db import BaseModel, EnumField, UtcField, now

FRESH = timedelta(days=30)  # so long a new outcome shows on the start page


class OutcomeState(StrEnum):
    TAKEN_UP = "taken-up"
    PARTLY = "partly"
    NOT = "not"
    NOT_OURS = "not-ours"


class Outcome(BaseModel):
    """An answer that the alliance is owed, and once given the answer itself.

    What it is about points here (a round, a topic), so this feature knows none of them.
    """

    alliance = ForeignKeyField(Alliance, backref="outcomes")
    owed_by = EnumField(Organisation, max_length=12)
    due_at = UtcField(index=True)
    state = EnumField(OutcomeState, max_length=12, null=True)
    text = TextField(default="")
    given_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    given_at = UtcField(null=True)

    @classmethod
    def visible_to(cls, user):
        """Outcomes of the user's alliances, for every role. Every read starts here."""
        return cls.select().where(cls.alliance.in_(alliances_of(user)))

    @classmethod
    def is_given_lately(cls):
        """The condition for an outcome that is still news."""
        return cls.given_at > now() - FRESH

    @property
    def is_given(self):
        return self.state is not None

    @property
    def is_overdue(self):
        return not self.is_given and self.due_at < now()
