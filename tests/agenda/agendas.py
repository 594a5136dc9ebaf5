"""Looking at agendas, and moving meetings into the past."""

from datetime import timedelta

from allies.agenda.models import AgendaItem
from allies.db import now
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.topics.models import Topic


def make_topic(alliance, title, **facts):
    """A published topic."""
    facts = {"state": "approved", "submitted_on": today(), "what": "Er verandert iets."} | facts
    return Topic.create(alliance=alliance, title=title, **facts)


def hold(meeting):
    """Let this meeting have been yesterday; the row as it is then."""
    Meeting.update(starts_at=now() - timedelta(days=1)).where(Meeting.id == meeting.id).execute()
    return fresh(meeting)


def fresh(row):
    return type(row).get_by_id(row.id)


def kinds(meeting):
    return [item.kind.value for item in AgendaItem.of_meeting(meeting)]


def titles(meeting):
    """What stands on the agenda besides the fixed items."""
    items = [item for item in AgendaItem.of_meeting(meeting) if not item.is_fixed]
    return [item.topic.title if item.topic else item.title for item in items]


def item_of(topic):
    return AgendaItem.get_or_none(AgendaItem.topic == topic.id)


def out_of_step():
    """The titles of topics whose meeting and item do not say the same; none when all is well."""
    items = {item.topic_id: item for item in AgendaItem.select() if item.topic_id}
    of_topics = {t.id: (t.title, t.meeting_id) for t in Topic.select()}
    without_item = [
        title for key, (title, meeting) in of_topics.items() if meeting and key not in items
    ]
    elsewhere = [
        of_topics[key][0] for key, item in items.items() if item.meeting_id != of_topics[key][1]
    ]
    return without_item + elsewhere
