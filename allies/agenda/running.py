"""An agenda on the clock: when each item begins and ends, and which one it is now."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from allies.agenda.models import MOST_ITEMS, AgendaItem
from allies.agenda.reports import is_after_another, reports_for

MINUTE = timedelta(minutes=1)


class Slot(NamedTuple):
    """An item with its moments; these are counted in UTC, so a change of the clock is no gap."""

    item: AgendaItem
    number: int  # from 1 on
    starts_at: datetime
    ends_at: datetime

    def minutes_left(self, moment):
        """Whole minutes until its end, a begun one counted; 0 when it is over."""
        return max(0, -((moment - self.ends_at) // MINUTE))


class Agenda:
    """The agenda of a meeting, read once."""

    def __init__(self, meeting):
        self.meeting = meeting
        self.slots = list(self._run())

    def _run(self):
        moment = self.meeting.starts_at
        waits = is_after_another(self.meeting).alias("waits")
        items = AgendaItem.of_meeting(self.meeting).select_extend(waits)
        for number, item in enumerate(items, start=1):
            ends_at = moment + item.minutes * MINUTE
            yield Slot(item, number, moment, ends_at)
            moment = ends_at

    @property
    def total(self):
        """Minutes of all items together."""
        return sum(slot.item.minutes for slot in self.slots)

    @property
    def excess(self):
        """Minutes more than the meeting lasts; below zero what is left."""
        return self.total - self.meeting.duration

    @property
    def room(self):
        """How many items more would fit."""
        return max(0, MOST_ITEMS - len(self.slots))

    @property
    def is_far(self):
        """Does another meeting come first? Then what was done with advice is told there."""
        return any(slot.item.waits for slot in self.slots)

    @cached_property
    def reports(self):
        """What was done with advice since the meeting before; none yet of one that is far.
        At most one query."""
        return [] if self.is_far else reports_for(self.meeting)

    def at(self, moment):
        """The slot of this moment; None before the first and after the last."""
        return next((s for s in self.slots if s.starts_at <= moment < s.ends_at), None)

    def of_item(self, item_id):
        return next((s for s in self.slots if s.item.id == item_id), None)

    def beside(self, slot, step):
        """The slot before (-1) or after (1) this one, or None."""
        place = slot.number - 1 + step
        return self.slots[place] if 0 <= place < len(self.slots) else None
