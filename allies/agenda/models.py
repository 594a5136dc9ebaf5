"""What a meeting is about, in order and with minutes (PRODUCT 4.2)."""

from enum import StrEnum

from peewee import JOIN, CharField, ForeignKeyField, SmallIntegerField

from allies.alliances.models import Alliance
from allies.db import BaseModel, EnumField
from allies.meetings.models import Meeting
from allies.topics.models import Topic

MOST_ITEMS = 25  # on one agenda
REASON_FROM = 2  # so often an item is carried over before somebody has to say why


class ItemKind(StrEnum):
    TOPIC = "topic"
    BRINGS = "brings"  # what police and municipality bring: Meeting.brings
    ADVICE = "advice"  # what was done with our advice: filled from outcomes
    OWN = "own"  # anything else, with a title


FIXED = (ItemKind.ADVICE, ItemKind.BRINGS)


class AgendaItem(BaseModel):
    """One item of an agenda, or one that waits for the next. Only `service` changes them.

    A topic stands on one agenda at most: that of `topic.meeting`. Without a meeting the
    item waits to be put on one, and keeps how often it was carried over.
    """

    alliance = ForeignKeyField(Alliance)
    meeting = ForeignKeyField(Meeting, null=True, backref="items", on_delete="CASCADE")
    kind = EnumField(ItemKind, max_length=8)
    topic = ForeignKeyField(Topic, null=True, unique=True, on_delete="CASCADE")
    title = CharField(max_length=120, default="")
    minutes = SmallIntegerField()
    position = SmallIntegerField()
    carried = SmallIntegerField(default=0)  # how often it was carried over from another meeting
    reason = CharField(max_length=300, default="")  # why it was carried over again

    @classmethod
    def of_meeting(cls, meeting):
        """What is on the agenda of a meeting that was found, in order, with its topics."""
        rows = cls.select(cls, Topic).join(Topic, JOIN.LEFT_OUTER)
        return rows.where(cls.meeting == meeting.id).order_by(cls.position, cls.id)

    @classmethod
    def waiting(cls, alliance):
        """What waits for an agenda of this alliance, what was carried over most often first."""
        rows = cls.select(cls, Topic).join(Topic, JOIN.LEFT_OUTER)
        waits = rows.where(cls.alliance == alliance.id, cls.meeting.is_null())
        return waits.order_by(cls.carried.desc(), cls.id)

    @property
    def own_title(self):
        """What somebody called it: the title of its topic, else its own; empty for a fixed one."""
        return self.topic.title if self.topic_id else self.title

    @property
    def is_fixed(self):
        """Does it belong on every agenda?"""
        return self.kind in FIXED

    @property
    def needs_reason(self):
        """Must somebody say why, when it is carried over once more?"""
        return self.carried >= REASON_FROM
