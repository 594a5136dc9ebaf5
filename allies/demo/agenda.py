"""The agendas of the demo region: what belongs on each, its topics, and what was carried over."""

from allies.agenda import service
from allies.agenda.models import AgendaItem, ItemKind
from allies.agenda.order import write
from allies.topics.models import Topic


def load(content, loaded):
    """After the topics: each stands on the agenda of its meeting, or waits for one."""
    for meeting in loaded.meetings.values():
        of_meeting = Topic.select().where(Topic.meeting == meeting).order_by(Topic.id)
        items = [make(meeting.alliance, topic=topic) for topic in of_meeting]
        write(items, meeting)
        service.start(meeting)
    for facts in content["own_item"]:
        meeting = loaded.meetings[facts["meeting"]]
        own = make(meeting.alliance, ItemKind.OWN, minutes=facts["minutes"], title=facts["title"])
        first, *rest = AgendaItem.of_meeting(meeting)
        write([first, own, *rest], meeting)
    for facts in content["carried"]:
        topic = Topic.get(Topic.title == facts["topic"])
        item = AgendaItem.get_or_none(AgendaItem.topic == topic)
        item = item or make(topic.alliance, topic=topic)
        fact = {"carried": facts["times"], "reason": facts.get("reason", "")}
        AgendaItem.update(fact).where(AgendaItem.id == item.id).execute()


def make(alliance, kind=ItemKind.TOPIC, minutes=service.MINUTES[ItemKind.TOPIC], **facts):
    return AgendaItem.create(alliance=alliance, kind=kind, minutes=minutes, position=0, **facts)
