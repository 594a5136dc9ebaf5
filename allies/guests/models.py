"""Who visits a meeting: by function, never by name (PRODUCT 4.2)."""

from peewee import BlobField, CharField, ForeignKeyField

from allies.alliances.models import Alliance, tables_of
from allies.db import BaseModel, EnumField, now
from allies.meetings.models import Answer, Meeting
from allies.sealing import Sealed


class Guest(Sealed, BaseModel):
    """A mayor or a speaker at one meeting, with an address only until it is over."""

    SEALED = ("email",)

    alliance = ForeignKeyField(Alliance)
    meeting = ForeignKeyField(Meeting, backref="guests", on_delete="CASCADE")
    function = CharField(max_length=80)
    email = BlobField(null=True)
    answer = EnumField(Answer, max_length=8, null=True)

    @classmethod
    def within_reach(cls, guest_id):
        """This guest while a message can be for them: an address, and before the start."""
        can_be_told = cls.email.is_null(False) & ~Meeting.is_draft & (Meeting.starts_at > now())
        return cls.select().join(Meeting).where(cls.id == guest_id, can_be_told).first()

    @classmethod
    def visible_to(cls, user):
        """Those of the tables this user sits at. Every read starts here."""
        return (
            cls.select(cls, Alliance, Meeting)
            .join(Alliance)
            .switch(cls)
            .join(Meeting)
            .where(cls.alliance.in_(tables_of(user)))
        )
