"""What was done with advice, for the item of that name: given since last time, and still owed."""

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
from allies.topics.models import Topic

MOST_REPORTS = 20
LONGEST = 120  # characters of a question that stands for a round


class Report(NamedTuple):
    """One outcome with what it is about, and the page that tells more."""

    outcome: Any
    title: str
    endpoint: str
    row_id: str


def reports_for(meeting):
    """What is to be told at this meeting, at most twenty: what was given since the meeting
    before it began, then what is owed. Of a past meeting what had been given by then."""
    earlier = Meeting.alias()
    told_before = earlier.select(earlier.id).where(
        earlier.alliance == meeting.alliance_id,
        earlier.starts_at < meeting.starts_at,
        earlier.starts_at < now(),
        ~earlier.is_draft,
        earlier.cancelled_at.is_null(),
        earlier.starts_at >= Outcome.given_at,
    )
    given = Outcome.given_at.is_null(False) & ~fn.EXISTS(told_before)
    is_over = meeting.ends_at <= now()
    to_tell = given & (Outcome.given_at <= meeting.ends_at) if is_over else given | owed()
    rows = _rows().where(Outcome.alliance == meeting.alliance_id, to_tell)
    in_order = rows.order_by(Outcome.given_at.is_null(), Outcome.given_at.desc(), Outcome.due_at)
    return [_report(row) for row in in_order.limit(MOST_REPORTS).objects()]


def owed():
    return Outcome.given_at.is_null()


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


def _report(row):
    if row.of_topic:
        return Report(row, row.topic_title, "topics.show", row.of_topic)
    if row.of_round:
        return Report(row, _short(row.asked), "advice.show", row.of_round)
    title = row.part_title or HEADINGS.get(row.part_kind, _("Another item"))
    return Report(row, title, "minutes.show", row.of_meeting)


def _short(text):
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
