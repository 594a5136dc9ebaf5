"""What was done with advice, for the item of that name: given since last time, and owed by then."""

from typing import Any, NamedTuple

from peewee import JOIN, fn

from allies.advice.models import Round
from allies.agenda.models import AgendaItem
from allies.agenda.words import HEADINGS
from allies.db import now
from allies.i18n import _
from allies.meetings.models import Meeting
from allies.minutes.models import Minutes, MinutesPart
from allies.outcomes.models import Outcome
from allies.outcomes.service import DUE
from allies.topics.models import Topic

MOST_REPORTS = 20
ON_SCREEN = 5  # what fits in large letters
LONGEST = 120  # characters of a question that stands for a round


class Report(NamedTuple):
    """One outcome with what it is about and the page that tells more, as of one moment."""

    outcome: Any
    title: str
    endpoint: str
    row_id: str
    moment: Any

    @property
    def is_given(self):
        """Was it given by then?"""
        return bool(self.outcome.given_at and self.outcome.given_at <= self.moment)

    @property
    def is_overdue(self):
        return not self.is_given and self.outcome.due_at < self.moment


def reports_for(meeting):
    """What is to be told at this meeting, at most twenty: first what was given since the one
    before it began, then what was owed when it began. After its end that stays as it was."""
    moment = min(now(), meeting.ends_at)
    owed = Outcome.given_at.is_null() | (Outcome.given_at > moment)
    # An answer is owed from so long before it is due: what a meeting led to is for the next one.
    owed_before = owed & (Outcome.due_at < meeting.starts_at + DUE)
    given_since = (Outcome.given_at <= moment) & ~fn.EXISTS(_told_before(meeting))
    rows = _rows().where(Outcome.alliance == meeting.alliance_id, given_since | owed_before)
    in_order = rows.order_by(owed, Outcome.due_at, Outcome.id).limit(MOST_REPORTS)
    return [_report(row, moment) for row in in_order.objects()]


def is_after_another(meeting):
    """A condition: another meeting is still to begin before this one. Then nothing is told yet."""
    earlier = Meeting.alias()
    return fn.EXISTS(_meetings_before(meeting, earlier).where(earlier.starts_at > now()))


def _told_before(meeting):
    """The meetings at which an outcome could be told before this one."""
    earlier = Meeting.alias()
    begun = _meetings_before(meeting, earlier).where(earlier.starts_at < now())
    return begun.where(earlier.starts_at >= Outcome.given_at)


def _meetings_before(meeting, earlier):
    return earlier.select(earlier.id).where(
        earlier.alliance == meeting.alliance_id,
        earlier.starts_at < meeting.starts_at,
        ~earlier.is_draft,
        earlier.cancelled_at.is_null(),
    )


def _rows():
    """Outcomes with what they are about; those of which that is gone are left out."""
    about = (Topic, Round, MinutesPart)
    rows = Outcome.select(
        Outcome,
        Topic.id.alias("of_topic"),
        Topic.title.alias("topic_title"),
        Round.id.alias("of_round"),
        Round.question.alias("asked"),
        Minutes.meeting.alias("of_meeting"),
        MinutesPart.title.alias("part_title"),
        AgendaItem.kind.alias("part_kind"),
    )
    for model in about:
        rows = rows.join(model, JOIN.LEFT_OUTER, on=(model.outcome == Outcome.id)).switch(Outcome)
    rows = rows.switch(MinutesPart).join(Minutes, JOIN.LEFT_OUTER)
    rows = rows.switch(MinutesPart).join(AgendaItem, JOIN.LEFT_OUTER)
    is_known = Topic.id.is_null(False) | Round.id.is_null(False) | MinutesPart.id.is_null(False)
    return rows.where(is_known)


def _report(row, moment):
    if row.of_topic:
        return Report(row, row.topic_title, "topics.show", row.of_topic, moment)
    if row.of_round:
        return Report(row, _short(row.asked), "advice.show", row.of_round, moment)
    title = row.part_title or HEADINGS.get(row.part_kind, _("Another item"))
    return Report(row, title, "minutes.show", row.of_meeting, moment)


def _short(text):
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
