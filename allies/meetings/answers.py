"""What an ally can answer to a meeting, can need there, and how answers are counted."""

from collections import Counter
from datetime import timedelta
from enum import StrEnum

from allies.db import now

COUNTS_FROM = 3  # fewer answers would tell who gave them
LAST_DAYS = timedelta(days=7)  # from here on only a yes counts on somebody


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class NeedKind(StrEnum):
    """What somebody needs to take part; never why."""

    VEGETARIAN = "vegetarian"
    OTHER_DIET = "other-diet"
    STEP_FREE = "step-free"
    INTERPRETER = "interpreter"
    TRAVEL = "travel"
    CHILD_CARE = "child-care"


class Counts(Counter):
    """Answers of one meeting: counts["yes"] and so on, of `asked` allies.

    Nobody waits for an ally who is paused; one who answers all the same counts. Once the
    meeting has begun nobody is waited for: `asked` are those who answered.
    """

    asked = 0

    @classmethod
    def of_past(cls, numbers):
        """What was kept of answers that were forgotten."""
        counts = cls({answer: numbers.get(answer, 0) for answer in Answer})
        counts.asked = counts.total()
        return counts

    @property
    def open(self):
        return self.asked - self.total()

    @property
    def may_show(self):
        return self.total() >= COUNTS_FROM

    def is_short(self, meeting):
        """Will fewer come than the group agreed on, as far as can be seen now?

        Until a week before whoever may still say yes counts too. Never of a meeting that
        can't be answered: nobody can be asked any more.
        """
        if not meeting.is_open:
            return False
        is_near = meeting.starts_at - now() <= LAST_DAYS
        possible = self[Answer.YES] + (0 if is_near else self[Answer.MAYBE] + self.open)
        return possible < meeting.alliance.least_coming
