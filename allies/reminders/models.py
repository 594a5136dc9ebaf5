"""When those who have not answered are reminded of a meeting (PRODUCT 4.2)."""

from peewee import DateField, ForeignKeyField, SmallIntegerField

from allies.db import BaseModel
from allies.meetings.models import Meeting

DEFAULT_DAYS = (14, 3)
BY_HAND = 0


class Reminder(BaseModel):
    """A reminder so many days before the meeting, at the same time on the clock.

    Or the one that a coordinator sent by hand; without `sent_on` it waits for the morning.
    """

    meeting = ForeignKeyField(Meeting, backref="reminders", on_delete="CASCADE")
    days_before = SmallIntegerField()
    sent_on = DateField(null=True)

    class Meta:
        indexes = ((("meeting", "days_before"), True),)
