"""What waits for somebody, in the order of the start page (PRODUCT 4.1)."""

from functools import cached_property

from allies.actions.models import Action, Owner
from allies.advice.models import Round
from allies.alliances.models import Role, shown_memberships
from allies.db import now
from allies.home.around import Around
from allies.home.coordinating import Desk
from allies.minutes.models import MinutesPart
from allies.topics.models import Topic, TopicState


class Today:
    """One user's start page: read with a fixed number of queries, sorted out here."""

    def __init__(self, user):
        self.moment = now()
        self.memberships = shown_memberships(user)
        self.roles = {m.alliance_id: m for m in self.memberships}
        self.rounds = list(Round.current_for(user))
        self.topics = list(Topic.current_for(user))
        self.parts = list(MinutesPart.current_for(user))
        self.actions = list(Action.open_for(user))
        self.meetings = Around(user, self.roles)
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

    @cached_property
    def own_actions(self):
        """Open actions of the user's own organisation, or of the group for who is an ally."""
        return [action for action in self.actions if self._does(action)]

    @cached_property
    def others_actions(self):
        return [action for action in self.actions if not self._does(action)]

    @property
    def is_quiet(self):
        """Does nothing wait for this user?"""
        to_answer = [r for r in self.open_rounds if not r.has_answered]
        meetings, desk = self.meetings, self.desk
        asked = (to_answer, meetings.invitations, desk.polls, self.returned, meetings.contestable)
        told = (
            meetings.at_hand,
            self.keys,
            self.queues,
            self.owed,
            self.owed_by_others,
            self.own_actions,
        )
        lying = (desk.objections, meetings.to_look_at, meetings.to_round_off)
        return not any((*asked, *told, *lying))

    @cached_property
    def _with_outcome(self):
        return [row for row in (*self.rounds, *self.topics, *self.parts) if row.outcome]

    @cached_property
    def _without_outcome(self):
        rows = [row for row in self._with_outcome if not row.outcome.is_given]
        return sorted(rows, key=lambda r: r.outcome.due_at)

    def _owes(self, outcome):
        member = self.roles[outcome.alliance_id]
        return member.role == Role.COORDINATOR and member.organisation == outcome.owed_by

    def _does(self, action):
        member = self.roles[action.alliance_id]
        return action.owner == (Owner.GROUP if self.is_ally(action) else member.organisation)
