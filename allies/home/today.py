"""What waits for somebody, in the order of the start page (PRODUCT 4.1)."""

from functools import cached_property

from allies.advice.models import Round
from allies.alliances.models import Role, shown_memberships
from allies.db import now
from allies.home.coordinating import Desk
from allies.meetings.models import Meeting, count_answers
from allies.topics.models import Topic, TopicState


class Today:
    """One user's start page: read with a fixed number of queries, sorted out here."""

    def __init__(self, user):
        self.moment = now()
        self.memberships = shown_memberships(user)
        self.roles = {m.alliance_id: m for m in self.memberships}
        self.rounds = list(Round.current_for(user))
        self.topics = list(Topic.current_for(user))
        self.coming = list(Meeting.coming_for(user))
        counts = count_answers(self.coming) if self.coming else {}
        for meeting in self.coming:
            meeting.counts = counts[meeting.id]
        self.desk = Desk(user, self.roles)

    def coordinates(self, row):
        return self.roles[row.alliance_id].role == Role.COORDINATOR

    def is_ally(self, row):
        return self.roles[row.alliance_id].role == Role.ALLY

    @cached_property
    def open_rounds(self):
        """Open rounds the user can answer, those not answered yet first."""
        rows = [r for r in self.rounds if r.is_open and self.is_ally(r)]
        return sorted(rows, key=lambda r: (bool(r.has_answered), r.ends_at))

    @cached_property
    def boards(self):
        """Open rounds the user only follows: others answer them."""
        rows = [r for r in self.rounds if r.is_open and not self.is_ally(r)]
        return sorted(rows, key=lambda r: r.ends_at)

    @cached_property
    def keys(self):
        """Rounds that wait for the key of the user's organisation."""
        drafts = [r for r in self.rounds if r.is_draft and self.coordinates(r)]
        return [r for r in drafts if r.organisation != self.roles[r.alliance_id].organisation]

    @cached_property
    def invitations(self):
        """For each alliance the first meeting the user has yet to answer."""
        waiting = [m for m in self.coming if self.is_ally(m) and m.my_answer is None]
        return list({m.alliance_id: m for m in reversed(waiting)}.values())

    @cached_property
    def next_meetings(self):
        """The next meeting of each alliance, unless it stands among the invitations."""
        first = {m.alliance_id: m for m in reversed(self.coming)}
        rows = [m for m in first.values() if m not in self.invitations]
        return sorted(rows, key=lambda m: m.starts_at)

    @cached_property
    def returned(self):
        """The user's own topics that came back with a question."""
        return [t for t in self.topics if t.state == TopicState.RETURNED]

    @cached_property
    def queues(self):
        """(alliance, how many topics wait for a judgement) where there are any."""
        waiting = [t for t in self.topics if t.state == TopicState.SUBMITTED]
        alliances = [m.alliance for m in self.memberships]
        numbers = {a: sum(t.alliance_id == a.id for t in waiting) for a in alliances}
        return [(alliance, number) for alliance, number in numbers.items() if number]

    @cached_property
    def owed(self):
        """Rounds and topics whose outcome the user's own organisation owes."""
        return [row for row in self._without_outcome if self._owes(row.outcome)]

    @cached_property
    def owed_by_others(self):
        """Those of which somebody else's outcome is overdue; the whole alliance sees them."""
        rows = [row for row in self._without_outcome if row.outcome.is_overdue]
        return [row for row in rows if not self._owes(row.outcome)]

    @cached_property
    def brought(self):
        """Rounds and topics whose outcome was given lately, the newest first."""
        rows = [row for row in self._with_outcome if row.outcome.is_given]
        return sorted(rows, key=lambda r: r.outcome.given_at, reverse=True)

    @property
    def is_quiet(self):
        """Does nothing wait for this user?"""
        to_answer = [r for r in self.open_rounds if not r.has_answered]
        tasks = (to_answer, self.keys, self.invitations, self.returned, self.queues, self.owed)
        return not any((*tasks, self.desk.objections, self.owed_by_others))

    @cached_property
    def _with_outcome(self):
        return [row for row in (*self.rounds, *self.topics) if row.outcome]

    @cached_property
    def _without_outcome(self):
        rows = [row for row in self._with_outcome if not row.outcome.is_given]
        return sorted(rows, key=lambda r: r.outcome.due_at)

    def _owes(self, outcome):
        member = self.roles[outcome.alliance_id]
        return member.role == Role.COORDINATOR and member.organisation == outcome.owed_by
