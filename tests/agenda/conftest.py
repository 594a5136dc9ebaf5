"""Meetings of Veere with their agendas, and published topics to put on them."""

from datetime import timedelta

import pytest

from allies.agenda import service
from allies.agenda.models import AgendaItem
from allies.db import now
from allies.meetings.models import Meeting
from allies.topics.models import Topic, TopicState
from tests.agenda.agendas import make_topic


@pytest.fixture
def meeting(veere):
    """The next meeting of Veere, of two hours, with nothing but the fixed items."""
    Meeting.delete().where(Meeting.alliance == veere, Meeting.starts_at > now()).execute()
    return make_meeting(veere, days=10)


@pytest.fixture
def later(veere, meeting):
    """The meeting of Veere after `meeting`."""
    return make_meeting(veere, days=60)


@pytest.fixture
def topic(veere):
    return make_topic(veere, "Bankjes bij de haven")


@pytest.fixture
def carla(member):
    return member("carla")


@pytest.fixture
def nothing_waits(veere):
    """No topic of Veere could be put on an agenda, and nothing waits for one."""
    open_ones = (Topic.alliance == veere) & (Topic.state == TopicState.APPROVED)
    Topic.delete().where(open_ones).execute()
    AgendaItem.delete().where(AgendaItem.meeting.is_null()).execute()


def make_meeting(alliance, *, days, **facts):
    starts_at = (now() + timedelta(days=days)).replace(microsecond=0)
    made = Meeting.create(alliance=alliance, starts_at=starts_at, duration=120, **facts)
    service.start(made)
    return made
