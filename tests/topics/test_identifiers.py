"""What can't be published, whoever sent it on in spite of the text check (PRODUCT 4.3)."""

import pytest

from allies.errors import DomainError
from allies.topics import moderation
from allies.topics.models import Topic, TopicState


@pytest.fixture
def topic(veere):
    return Topic.get(Topic.alliance == veere, Topic.state == TopicState.SUBMITTED)


@pytest.mark.parametrize(
    "words", ["Bel 06-12345678.", "Mail jan@example.org.", "NL91 ABNA 0417 1643 00"]
)
def test_a_direct_identifier_is_not_published(topic, member, words):
    topic.what = words

    with pytest.raises(DomainError, match="can't be published"):
        moderation.approve(topic, by=member("carla"))
    moderation.send_back(topic, by=member("carla"), question="Kan het zonder nummer?")

    assert Topic.get_by_id(topic.id).state == TopicState.RETURNED


def test_a_doubt_of_another_kind_is_for_the_coordinator_to_judge(topic, member):
    topic.what = "Het gaat om de buurt rond de Kerkstraat 12."

    moderation.approve(topic, by=member("carla"))

    assert Topic.get_by_id(topic.id).state == TopicState.APPROVED
