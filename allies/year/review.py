"""One year of an alliance, as who sits at the table looks back on it (PRODUCT 4.2, 4.5)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from peewee import fn

from allies.actions.models import Action, ActionState
from allies.advice.models import Round
from allies.alliances.models import Alliance
from allies.i18n import bounds_of, today
from allies.meetings.models import MEETINGS_A_YEAR, Meeting, MeetingState
from allies.minutes.models import Minutes, MinutesPart, MinutesState
from allies.outcomes.models import Outcome
from allies.topics.models import PUBLISHED, Topic, TopicState

HELD = MeetingState.HELD


@dataclass(frozen=True)
class Numbers:
    """How often members were asked, what they brought, and what they heard of it."""

    asked: int
    brought: int
    answered: int
    owed: int
    has_earlier: bool  # was there a meeting in a year before?
    has_later: bool


class Review:
    """A year with its meetings, the earliest first. Four queries, however many there are."""

    def __init__(self, user, alliance, number):
        self.number = number
        self.numbers = numbers_of(alliance, number)
        self.meetings = list(meetings_of(user, alliance, number))
        self.discussed = defaultdict(list)  # {meeting id: topics and parts of minutes}
        held = [m.id for m in self.held]
        of_topics = Topic.visible_to(user).where(Topic.state == TopicState.DISCUSSED)
        for topic in of_topics.where(Topic.meeting.in_(held)).order_by(Topic.title, Topic.id):
            self.discussed[topic.meeting_id].append(topic)
        of_minutes = MinutesPart.visible_to(user).where(MinutesPart.outcome.is_null(False))
        for part in of_minutes.where(Minutes.meeting.in_(held)).order_by(MinutesPart.position):
            self.discussed[part.minutes.meeting_id].append(part)

    @property
    def held(self):
        return [m for m in self.meetings if m.state == HELD]

    @property
    def coming(self):
        return [m for m in self.meetings if m.state != HELD]

    @property
    def slots_open(self):
        """How many of the five are still to be planned; none of a year that is over."""
        planned = sum(not m.is_extra for m in self.meetings)
        return max(MEETINGS_A_YEAR - planned, 0) if self.number >= today().year else 0


def meetings_of(user, alliance, number):
    """The meetings of a year that were or will be held. Each with `has_minutes` to read, and
    how many actions were `agreed` there and are `finished`."""
    start, end = bounds_of(number)
    readable = (Minutes.meeting == Meeting.id) & (Minutes.state != MinutesState.CONCEPT)
    actions = Action.select(fn.COUNT(Action.id)).where(Action.meeting == Meeting.id)
    return (
        Meeting.visible_to(user)
        .select_extend(
            fn.EXISTS(Minutes.select(Minutes.id).where(readable)).alias("has_minutes"),
            actions.where(Action.state != ActionState.DROPPED).alias("agreed"),
            actions.where(Action.state == ActionState.DONE).alias("finished"),
        )
        .where(Meeting.alliance == alliance.id, Meeting.is_on())
        .where(Meeting.starts_at >= start, Meeting.starts_at < end)
        .order_by(Meeting.starts_at, Meeting.id)
    )


def numbers_of(alliance, number):
    """The Numbers of a year, in one query."""
    start, end = bounds_of(number)
    new_year, old_year = date(number, 1, 1), date(number, 12, 31)
    on = Meeting.select(Meeting.id).where(Meeting.alliance == alliance.id, Meeting.is_on())
    rounds = counted(Round, alliance).where(Round.opened_at >= start, Round.opened_at < end)
    topics = counted(Topic, alliance).where(Topic.submitted_on.between(new_year, old_year))
    outcomes = counted(Outcome, alliance)
    given = outcomes.where(Outcome.given_at >= start, Outcome.given_at < end)
    due = outcomes.where(Outcome.due_at >= start, Outcome.due_at < end)
    row = Alliance.select(
        rounds.alias("asked"),
        topics.where(Topic.state.in_(PUBLISHED)).alias("brought"),
        given.alias("answered"),
        due.where(Outcome.state.is_null()).alias("owed"),
        fn.EXISTS(on.where(Meeting.starts_at < start)).alias("has_earlier"),
        fn.EXISTS(on.where(Meeting.starts_at >= end)).alias("has_later"),
    )
    return Numbers(**row.where(Alliance.id == alliance.id).dicts().get())


def counted(model, alliance):
    return model.select(fn.COUNT(model.id)).where(model.alliance == alliance.id)
