"""Who was at a meeting (PRODUCT 4.2)."""

from enum import StrEnum

from peewee import ForeignKeyField

from allies.alliances.models import Membership
from allies.db import BaseModel, EnumField
from allies.meetings.models import Meeting


class Presence(StrEnum):
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class Attendance(BaseModel):
    """Whether one ally was there; kept 14 days, then only how many were (`Meeting.came`)."""

    meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    presence = EnumField(Presence, max_length=8)

    class Meta:
        indexes = ((("meeting", "membership"), True),)
        without_rowid = True
