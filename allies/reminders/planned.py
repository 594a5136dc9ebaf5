"""When reminders of a meeting go out: on the clock of Walcheren, and never in the night."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allies.db import now
from allies.i18n import local, today
from allies.reminders.models import BY_HAND, Reminder

CHOICES = (21, 14, 10, 7, 5, 3, 2, 1)  # days before
MORNING, EVENING = 7, 22  # hours between which people hear from us
MISSED = timedelta(days=1)  # what could not be sent for so long is not sent any more


def is_night(moment):
    return not MORNING <= local(moment).hour < EVENING


def moment_before(meeting, days):
    """So many days before, at the same time on the clock; of the night the morning after it."""
    wall = local(meeting.starts_at) - timedelta(days=days)
    if is_night(wall):
        is_late = wall.hour >= EVENING
        wall = wall.replace(hour=MORNING, minute=0, second=0) + timedelta(days=is_late)
    return wall.astimezone(UTC)


@dataclass(frozen=True)
class Planned:
    """A moment at which those who have not answered can be reminded; `row` when they are."""

    days: int
    at: datetime
    row: Reminder | None
    is_sent: bool

    @property
    def is_set(self):
        return self.row is not None

    @property
    def is_over(self):
        return self.at <= now()

    @property
    def can_be_chosen(self):
        return not self.is_sent and not self.is_over


class Plan:
    """All the moments of one meeting, and what was asked for by hand. One query."""

    def __init__(self, meeting):
        rows = {row.days_before: row for row in meeting.reminders}
        self.moments = [planned(meeting, days, rows.get(days)) for days in CHOICES]
        self.next = next((m for m in self.moments if m.is_set and not m.is_over), None)
        by_hand = rows.get(BY_HAND)
        self.waits_for_morning = by_hand is not None and by_hand.sent_on is None
        self.is_done_today = today() in {row.sent_on for row in rows.values()}
        self.is_night = is_night(now())


def planned(meeting, days, row):
    is_done = row is not None and is_sent(row, meeting)
    return Planned(days, moment_before(meeting, days), row, is_done)


def is_sent(reminder, meeting):
    """Was it sent for the day on which the meeting is now? When it moved, that is to come again."""
    if reminder.sent_on is None:
        return False
    day = local(meeting.starts_at).date() - timedelta(days=reminder.days_before)
    return reminder.days_before == BY_HAND or reminder.sent_on >= day


def is_due(reminder, meeting):
    """Is this the time to send it? Whether the meeting is on is another question."""
    if is_sent(reminder, meeting) or is_night(now()):
        return False
    if reminder.days_before == BY_HAND:
        return True
    at = moment_before(meeting, reminder.days_before)
    return at <= now() < at + MISSED
