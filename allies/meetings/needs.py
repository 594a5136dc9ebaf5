"""What is needed at a meeting, as numbers: never of so few that they tell whose need it is."""

from collections import Counter

from peewee import JOIN

from allies.meetings.answers import COUNTS_FROM, Answer, NeedKind
from allies.meetings.models import Need, Rsvp


def count_needs(meeting):
    """[(kind, how many)] of what those need who answered, or None where that tells too much.

    Whoever said themselves that they can't come doesn't count. Told only from so many members
    who said themselves that they may come: answers that a coordinator enters change neither
    the numbers nor add to those members, for that would show whose need it is.
    """
    of_both = (Need.meeting == Rsvp.meeting) & (Need.membership == Rsvp.membership)
    said_no = (Rsvp.answer == Answer.NO) & ~Rsvp.is_by_coordinator
    rows = list(
        Rsvp.select(Rsvp.membership, Rsvp.is_by_coordinator, Need.kind)
        .join(Need, JOIN.LEFT_OUTER, on=of_both)
        .where(Rsvp.meeting == meeting.id, ~said_no)
        .tuples()
    )
    if len({member for member, is_entered, _kind in rows if not is_entered}) < COUNTS_FROM:
        return None
    numbers = Counter(kind for _member, _is_entered, kind in rows if kind)
    return [(kind, numbers[kind]) for kind in NeedKind if kind in numbers]
