"""What could be put on an agenda: topics that are on none, and what waits since it was carried."""

from peewee import JOIN, fn

from allies.agenda.models import AgendaItem, ItemKind
from allies.topics.models import Support, Topic, TopicState

SHOWN = 12  # at most; the rest is found among the topics


def topics_to_choose(alliance, most):
    """Published topics on no agenda, each with `support`, `carried` and `reason`.

    What waits since a meeting did not come to it stands first, then by support. One more
    than `most`, to tell that there are others.
    """
    supporters = Support.select(fn.COUNT(Support.id)).where(Support.topic == Topic.id)
    support = Topic.past_support + supporters
    carried = fn.COALESCE(AgendaItem.carried, 0)
    rows = Topic.select(
        Topic.id, Topic.title, support.alias("support"), carried.alias("carried"), AgendaItem.reason
    ).join(AgendaItem, JOIN.LEFT_OUTER, on=(AgendaItem.topic == Topic.id))
    on_none = rows.where(
        Topic.alliance == alliance.id,
        Topic.state == TopicState.APPROVED,
        Topic.meeting.is_null(),
    )
    in_order = on_none.order_by(
        AgendaItem.id.is_null(), carried.desc(), support.desc(), Topic.submitted_on, Topic.id
    )
    return list(in_order.limit(most + 1).objects())


def own_items_to_choose(alliance, most):
    """The coordinators' own items that wait, what was carried over most often first."""
    waits = (AgendaItem.alliance == alliance.id) & AgendaItem.meeting.is_null()
    own = AgendaItem.select().where(waits, AgendaItem.kind == ItemKind.OWN)
    return list(own.order_by(AgendaItem.carried.desc(), AgendaItem.id).limit(most))
