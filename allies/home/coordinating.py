"""What lies at each of a user's places: a question about dates, and for coordinators what they
must answer or see of each other."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, FieldAlias, ModelAlias, fn

from allies.alliances.models import Alliance, Membership, Role
from allies.audit import AuditLine
from allies.dates.models import DateAnswer, DatePoll, PollState, ProposedDate
from allies.db import now
from allies.notifications.service import late_messages
from allies.people.alarm import SHOWN_DAYS, newest_alarm
from allies.rights.models import Objection

Place: Any = ModelAlias(Membership)  # that a way back was made for
PLACE = (Place.id, FieldAlias(Place, Membership.alias))  # `Place.alias` is not the column
Maker: Any = ModelAlias(Membership)


@dataclass(frozen=True)
class WayBack:
    """A code that gave back a place. `member` is None for who has gone since, `made_by` the
    organisation, None for the administrator or a coordinator who has gone."""

    at: datetime
    alliance: Alliance
    member: Membership | None
    made_by: str | None
    is_by_operator: bool


class Desk:
    """One user's desk: of the alliances in `roles`, {alliance id: own membership}.

    `polls` are (alliance, id of the first open question about dates that this user, as an
    ally, has not answered whole), `own_polls` those of a coordinator.
    """

    def __init__(self, user, roles):
        places = list(desk_of(user))
        rows = [row for row in places if row.role == Role.COORDINATOR]
        self.messages_are_late = any(row.is_late for row in rows)
        self.roles = roles
        rows = [row for row in rows if row.alliance_id in roles]
        asked = {r.alliance_id: r.poll for r in places if r.poll and r.alliance_id in roles}
        by_role = [(roles[alliance], poll) for alliance, poll in asked.items()]
        self.polls = [(m.alliance, poll) for m, poll in by_role if m.role == Role.ALLY]
        self.own_polls = [(m.alliance, poll) for m, poll in by_role if m.role != Role.ALLY]
        self.objections = list(
            {r.objection.id: r.objection for r in rows if has(r.objection)}.values()
        )
        for objection in self.objections:
            objection.alliance = roles[objection.alliance_id].alliance
        alarms = {row.alliance_id: row for row in rows if row.often_on}
        self.often_opened = [
            (roles[alliance].alliance, row.often_by, date.fromisoformat(str(row.often_on)))
            for alliance, row in alarms.items()
        ]
        lines = {row.way_back.id: row for row in rows if has(row.way_back)}
        self.ways_back = [self._way_back(lines[number]) for number in sorted(lines, reverse=True)]

    def _way_back(self, row):
        line = row.way_back
        return WayBack(
            at=line.at,
            alliance=self.roles[row.alliance_id].alliance,
            member=line.place if has(line.place) else None,
            made_by=row.made_by,
            is_by_operator=line.actor == "operator",
        )


def has(joined):
    """Was a row found on this side of the join?"""
    return bool(joined and joined.id)


def desk_of(user):
    """The places of this user at a table, each with `poll`, the first open question about dates
    with a day to come that was not answered from there.

    At those of a coordinator also with each `objection` to answer and each `way_back` that
    others made in the last week, one beside the other, with `is_late`: do messages wait too
    long? And with the newest alarm about looks. In one query, for the start page may ask few.
    """
    is_late = fn.EXISTS(late_messages()).alias("is_late")
    maker = Maker.select(Maker.organisation).where(Maker.id == AuditLine.actor)
    told = (is_late, maker.alias("made_by"), *newest_alarm(), poll_to_answer().alias("poll"))
    rows = Membership.select(Membership, Objection, AuditLine, *PLACE, *told)
    rows = rows.join(Objection, JOIN.LEFT_OUTER, on=is_to_answer(), attr="objection")
    rows = rows.switch(Membership)
    rows = rows.join(AuditLine, JOIN.LEFT_OUTER, on=is_way_back(), attr="way_back")
    rows = rows.join(Place, JOIN.LEFT_OUTER, on=(AuditLine.subject == Place.id), attr="place")
    mine = (Membership.user == user.id) & (Membership.role != Role.PARTNER)
    return rows.where(mine).order_by(Objection.made_on, Objection.id)


def poll_to_answer():
    """A subquery on memberships; see `desk_of`. Coordinators answer none, so it is the first."""
    answered = DateAnswer.select(DateAnswer.proposed)
    answered = answered.where(DateAnswer.membership == Membership.id)
    waiting = ProposedDate.select(ProposedDate.poll)
    waiting = waiting.where(ProposedDate.starts_at > now(), ProposedDate.id.not_in(answered))
    here = (DatePoll.alliance == Membership.alliance) & (DatePoll.state == PollState.OPEN)
    rows = DatePoll.select(DatePoll.id).where(here, DatePoll.id.in_(waiting))
    return rows.order_by(DatePoll.made_on, DatePoll.id).limit(1)


def is_to_answer():
    """An objection of somebody else there that waits for an answer by a coordinator."""
    here = (Objection.alliance == Membership.alliance) & (Objection.membership != Membership.id)
    return is_coordinators() & here & Objection.answered_on.is_null()


def is_way_back():
    """A way back that somebody else there made for somebody else. The log holds it, for it
    stays when the member has gone."""
    here = (AuditLine.alliance == Membership.alliance) & (AuditLine.action == "member.way-back")
    others = (AuditLine.actor != Membership.id) & (AuditLine.subject != Membership.id)
    lately = AuditLine.at > now() - timedelta(days=SHOWN_DAYS)
    return is_coordinators() & here & others & lately


def is_coordinators():
    return Membership.role == Role.COORDINATOR
