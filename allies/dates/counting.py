"""How the proposed dates of one question stand: counts for everybody, who for coordinators."""

from collections import Counter

from allies.dates.models import DateAnswer, Fit, ProposedDate
from allies.db import now
from allies.meetings.answers import COUNTS_FROM


class Standing:
    """One proposed date with its answers: {membership id: Fit}."""

    def __init__(self, proposed):
        self.proposed, self.answers = proposed, {}

    @property
    def starts_at(self):
        return self.proposed.starts_at

    @property
    def counts(self):
        return Counter(self.answers.values())

    @property
    def may_show(self):
        """Have so many answered that the numbers do not tell who?"""
        return len(self.answers) >= COUNTS_FROM

    @property
    def can_come(self):
        return self.counts[Fit.YES] + self.counts[Fit.IF_NEED_BE]

    def is_short(self, least, allies):
        """Can too few come, as is clear by now? At first few have answered: that says nothing.

        It is clear once half of those we wait for answered, or once so many said no.
        """
        asked = [ally for ally in allies if ally.id in self.answers or not ally.is_paused]
        may_come = len(asked) - self.counts[Fit.NO]
        is_half = 2 * len(self.answers) >= len(asked)
        return self.can_come < least and (is_half or may_come < least <= len(asked))

    @property
    def rank(self):
        """The best first: most yes, then fewest no, then most if need be, then the earliest."""
        counts = self.counts
        return -counts[Fit.YES], counts[Fit.NO], -counts[Fit.IF_NEED_BE], self.starts_at

    def who(self, allies):
        """{Fit, or None for no answer: the allies who said so, by alias}. Of who is paused
        nobody waits for an answer."""
        groups: dict[Fit | None, list] = {fit: [] for fit in (*Fit, None)}
        for ally in allies:
            fit = self.answers.get(ally.id)
            if fit or not ally.is_paused:
                groups[fit].append(ally)
        return groups


def to_come(poll):
    """The proposed dates that have not passed, by day, with what was answered, in two queries."""
    dates = ProposedDate.select().where(
        ProposedDate.poll == poll.id, ProposedDate.starts_at > now()
    )
    found = {d.id: Standing(d) for d in dates.order_by(ProposedDate.starts_at)}
    for answer in DateAnswer.select().where(DateAnswer.proposed.in_(list(found))):
        found[answer.proposed_id].answers[answer.membership_id] = answer.fit
    return list(found.values())
