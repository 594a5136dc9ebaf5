"""Topics: who decides, in which order, and what is left of a text afterwards."""

from datetime import timedelta

import pytest

from allies.agenda import service as agenda
from allies.audit import AuditLine
from allies.db import database, now
from allies.errors import DomainError, Refused
from allies.home.today import Today
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from allies.outcomes.models import Outcome
from allies.outcomes.service import give
from allies.topics import moderation, service
from allies.topics.models import (
    MOST_OPEN,
    Ground,
    Support,
    Topic,
    TopicState,
    count_support,
    folded,
)

TEXTS = {
    "title": "De winkel gaat dicht",
    "what": "Weer een winkel minder",
    "where": "De kleine dorpen",
    "since": "Sinds de zomer",
    "effect": "Ouderen komen minder buiten",
}


@pytest.fixture
def topic(veere, member):
    """A topic of Anna, waiting in Veere."""
    return put_forward(veere, member("anna"))


def put_forward(alliance, by, **facts):
    return as_stored(service.put_forward(alliance, by=by, **(TEXTS | facts)))


def as_stored(topic):
    return Topic.get_by_id(topic.id)


def acts_on(topic):
    lines = AuditLine.select().where(AuditLine.subject == topic.id).order_by(AuditLine.id)
    return [line.action for line in lines]


def told(membership):
    return Delivery.select().where(Delivery.membership == membership).count()


def coming_meeting(alliance):
    return alliance.meetings.where(Meeting.starts_at > now()).order_by(Meeting.starts_at).first()


def hold(meeting):
    Meeting.update(starts_at=now() - timedelta(days=1)).where(Meeting.id == meeting.id).execute()


# -- how many


def test_ten_topics_of_one_member_wait_at_most(veere, member):
    Topic.delete().where(Topic.proposed_by == member("anna")).execute()
    waiting = [put_forward(veere, member("anna")) for _number in range(MOST_OPEN)]
    with pytest.raises(Refused):
        put_forward(veere, member("anna"))
    put_forward(veere, member("bram"))

    moderation.send_back(waiting[0], by=member("carla"), question="Waar?")
    with pytest.raises(Refused):
        put_forward(veere, member("anna"))

    moderation.approve(waiting[1], by=member("carla"))
    assert put_forward(veere, member("anna")).state == TopicState.SUBMITTED


# -- deciding


def test_approving_publishes_and_tells_the_author(topic, member):
    moderation.approve(topic, by=member("carla"))

    assert as_stored(topic).state == TopicState.APPROVED
    assert as_stored(topic).decided_on == today()
    assert told(member("anna")) == 1
    assert acts_on(topic) == ["topic.approved"]


def test_the_second_of_two_coordinators_is_too_late(topic, member):
    read_earlier = as_stored(topic)
    moderation.approve(topic, by=member("carla"))

    for act, facts in (
        (moderation.approve, {}),
        (moderation.send_back, {"question": "Waar?"}),
        (moderation.decline, {"ground": Ground.OTHER}),
    ):
        with pytest.raises(DomainError):
            act(read_earlier, by=member("daan"), **facts)
    assert acts_on(topic) == ["topic.approved"]
    assert as_stored(topic).what == TEXTS["what"]


def test_nobody_decides_on_a_text_they_have_not_read(topic, member):
    seen = str(topic.revision)
    service.rewrite(topic, **(TEXTS | {"what": "Heel wat anders"}))

    with pytest.raises(DomainError):
        moderation.approve(as_stored(topic), by=member("carla"), seen=seen)
    assert as_stored(topic).state == TopicState.SUBMITTED


def test_a_rewrite_between_reading_and_deciding_wins(topic, member):
    read_earlier = as_stored(topic)
    service.rewrite(topic, **(TEXTS | {"what": "Heel wat anders"}))

    with pytest.raises(DomainError):
        moderation.approve(read_earlier, by=member("carla"))
    assert as_stored(topic).what == "Heel wat anders"


def test_a_coordinator_does_not_decide_on_an_own_topic_while_there_is_another(veere, member):
    own = put_forward(veere, member("daan"))

    for act, facts in (
        (moderation.approve, {}),
        (moderation.send_back, {"question": "Waar?"}),
        (moderation.decline, {"ground": Ground.OTHER}),
    ):
        with pytest.raises(DomainError):
            act(own, by=member("daan"), **facts)
    moderation.approve(own, by=member("carla"))
    assert as_stored(own).state == TopicState.APPROVED


def test_the_only_coordinator_may_decide_on_an_own_topic(veere, member):
    own = put_forward(veere, member("daan"))
    for other in ("carla", "piet"):
        member(other, "Veere").delete_instance()

    moderation.approve(own, by=member("daan"))

    assert as_stored(own).state == TopicState.APPROVED


# -- sending back


def test_a_topic_sent_back_comes_to_its_author_with_the_question(topic, cast, member):
    moderation.send_back(topic, by=member("carla"), question="In welk dorp?")

    assert topic.id in {t.id for t in Today(cast.anna).returned}
    assert as_stored(topic).question == "In welk dorp?"
    assert Today(cast.bram).returned == []
    assert told(member("anna")) == 1


def test_a_rewritten_topic_keeps_its_place_in_the_queue(topic, cast, member):
    Topic.update(submitted_on=today() - timedelta(days=20)).where(Topic.id == topic.id).execute()
    topic = as_stored(topic)
    moderation.send_back(topic, by=member("carla"), question="In welk dorp?")
    service.rewrite(topic, **(TEXTS | {"where": "Aan de kust"}))

    first = Topic.waiting_for(cast.carla).first()
    assert (first.id, first.where, first.question) == (topic.id, "Aan de kust", "In welk dorp?")


def test_what_has_been_decided_on_is_not_rewritten(topic, member):
    moderation.approve(topic, by=member("carla"))

    with pytest.raises(DomainError):
        service.rewrite(topic, **TEXTS)


def test_the_queue_waits_for_the_coordinators_of_the_alliance_only(topic, cast):
    waiting = {
        persona: [t.id for t in Topic.waiting_for(user)] for persona, user in vars(cast).items()
    }

    has_it = {persona for persona, ids in waiting.items() if topic.id in ids}
    assert has_it == {"carla", "daan", "piet"}


# -- declining


def test_declining_takes_both_organisations(topic, member):
    moderation.decline(topic, by=member("carla"), ground=Ground.INCIDENT)
    assert as_stored(topic).state == TopicState.SUBMITTED
    assert told(member("anna")) == 0

    moderation.decline(as_stored(topic), by=member("daan"), ground=Ground.INCIDENT)

    declined = as_stored(topic)
    assert (declined.state, declined.ground) == (TopicState.DECLINED, Ground.INCIDENT)
    assert declined.decided_on == today()
    assert {getattr(declined, name) for name in (*TEXTS, "search_text", "question")} == {""}
    assert acts_on(topic) == ["topic.decline-proposed", "topic.declined"]
    assert told(member("anna")) == 1


@pytest.mark.parametrize("again", ["carla", "piet"])
def test_the_same_organisation_has_only_one_key(topic, member, again):
    moderation.decline(topic, by=member("carla"), ground=Ground.OTHER)

    with pytest.raises(DomainError):
        moderation.decline(as_stored(topic), by=member(again, "Veere"), ground=Ground.OTHER)
    assert as_stored(topic).what == TEXTS["what"]


@pytest.mark.parametrize(("hours", "state"), [(23, "submitted"), (25, "declined")])
def test_after_a_day_of_silence_one_key_is_enough(topic, member, hours, state):
    moderation.decline(topic, by=member("carla"), ground=Ground.OTHER)
    Topic.update(decline_at=now() - timedelta(hours=hours)).where(Topic.id == topic.id).execute()

    try:
        moderation.decline(as_stored(topic), by=member("carla"), ground=Ground.OTHER)
    except DomainError:
        assert hours < 24
    assert as_stored(topic).state == state


def test_one_organisation_alone_declines_at_once(middelburg, member):
    topic = put_forward(middelburg, member("mina"))

    moderation.decline(topic, by=member("dirk"), ground=Ground.DOUBLE)

    assert as_stored(topic).state == TopicState.DECLINED


def test_two_first_keys_at_the_same_moment_are_not_a_decision(topic, member):
    read_earlier = as_stored(topic)
    moderation.decline(topic, by=member("carla"), ground=Ground.OTHER)

    with pytest.raises(DomainError):
        moderation.decline(read_earlier, by=member("daan"), ground=Ground.PERSON)
    assert as_stored(topic).decline_org == "police"


def test_approving_cancels_a_proposal_to_decline(topic, member):
    moderation.decline(topic, by=member("carla"), ground=Ground.OTHER)
    moderation.approve(as_stored(topic), by=member("daan"))

    stored = as_stored(topic)
    assert (stored.state, stored.ground, stored.decline_org) == (TopicState.APPROVED, None, None)


def test_rewriting_cancels_a_proposal_to_decline(topic, member):
    moderation.decline(topic, by=member("carla"), ground=Ground.OTHER)
    service.rewrite(as_stored(topic), **TEXTS)

    assert as_stored(topic).decline_org is None


def test_nothing_of_a_declined_text_is_left_in_the_files(app, veere, member):
    secret = "Zilverreigerkolonie"
    topic = put_forward(veere, member("anna"), what=f"{secret} " * 150, title=f"Over de {secret}")
    moderation.send_back(topic, by=member("carla"), question=f"Bedoelt u {secret}?")
    service.rewrite(topic, **(TEXTS | {"what": f"De {secret} bedoel ik " * 20}))
    assert secret.casefold().encode() in bytes_of_database(app).lower()

    moderation.decline(topic, by=member("carla"), ground=Ground.PERSON)
    moderation.decline(as_stored(topic), by=member("daan"), ground=Ground.PERSON)

    assert bytes_of_database(app).lower().count(secret.casefold().encode()) == 0


def bytes_of_database(app):
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files = sorted(app.config["ALLIES"].instance.glob("allies.db*"))
    return b"".join(file.read_bytes() for file in files)


# -- supporting


def test_support_is_counted_once_and_can_be_taken_back(topic, member):
    moderation.approve(topic, by=member("carla"))

    assert service.support(topic, by=member("bram")) is True
    assert count_support([topic]) == {topic.id: 1}
    assert service.support(topic, by=member("bram")) is False
    assert count_support([topic]) == {topic.id: 0}


def test_the_author_does_not_support_an_own_topic(topic, member):
    moderation.approve(topic, by=member("carla"))

    with pytest.raises(DomainError):
        service.support(topic, by=member("anna"))


@pytest.mark.parametrize("state", [s for s in TopicState if s != TopicState.APPROVED])
def test_only_a_published_topic_that_waits_is_supported(topic, member, state):
    Topic.update(state=state).where(Topic.id == topic.id).execute()

    with pytest.raises(DomainError):
        service.support(topic, by=member("bram"))
    assert Support.select().where(Support.topic == topic.id).count() == 0


# -- the table and the outcome


def test_a_topic_goes_on_the_agenda_of_a_coming_meeting_and_off_again(topic, veere, member):
    moderation.approve(topic, by=member("carla"))
    meeting = coming_meeting(veere)

    agenda.put_on(meeting, topic, by=member("carla"))
    assert as_stored(topic).meeting_id == meeting.id
    agenda.take_off(topic, by=member("carla"))
    assert as_stored(topic).meeting_id is None


def test_a_meeting_that_has_begun_or_is_elsewhere_takes_no_topic(topic, veere, middelburg, member):
    moderation.approve(topic, by=member("carla"))
    begun = veere.meetings.where(Meeting.starts_at < now()).first()

    for meeting in (begun, coming_meeting(middelburg)):
        with pytest.raises(DomainError):
            agenda.put_on(meeting, topic, by=member("carla"))
    assert as_stored(topic).meeting_id is None


def test_only_what_a_past_meeting_had_on_its_agenda_was_discussed(topic, veere, member):
    moderation.approve(topic, by=member("carla"))
    meeting = coming_meeting(veere)
    agenda.put_on(meeting, topic, by=member("carla"))
    with pytest.raises(DomainError):
        service.discuss(as_stored(topic), by=member("carla"))

    hold(meeting)
    service.discuss(as_stored(topic), by=member("carla"))

    assert as_stored(topic).state == TopicState.DISCUSSED
    owed = as_stored(topic).outcome
    assert (owed.owed_by, owed.is_given) == ("police", False)


def test_discussing_twice_owes_one_outcome(topic, veere, member):
    moderation.approve(topic, by=member("carla"))
    meeting = coming_meeting(veere)
    agenda.put_on(meeting, topic, by=member("carla"))
    hold(meeting)
    read_earlier, before = as_stored(topic), Outcome.select().count()

    service.discuss(as_stored(topic), by=member("carla"))
    with pytest.raises(DomainError):
        service.discuss(read_earlier, by=member("daan"))

    assert Outcome.select().count() == before + 1


# -- forgetting


def test_thirty_days_after_moderation_nothing_gives_the_author(topic, veere, member):
    moderation.approve(topic, by=member("carla"))
    for days, author in ((29, member("anna")), (30, None)):
        Topic.update(decided_on=today() - timedelta(days=days)).where(
            Topic.id == topic.id
        ).execute()
        service.forget_authors()
        assert as_stored(topic).proposed_by == author


def test_what_nobody_decided_on_keeps_its_author(topic, member):
    Topic.update(submitted_on=today() - timedelta(days=90)).where(Topic.id == topic.id).execute()

    service.forget_authors()

    assert as_stored(topic).proposed_by == member("anna")


def test_a_question_never_answered_removes_the_topic(topic, member):
    moderation.send_back(topic, by=member("carla"), question="Waar?")
    Topic.update(decided_on=today() - timedelta(days=30)).where(Topic.id == topic.id).execute()

    service.forget_authors()

    assert Topic.get_or_none(Topic.id == topic.id) is None


def test_of_a_discussed_topic_only_the_number_of_supporters_stays(topic, member):
    moderation.approve(topic, by=member("carla"))
    service.support(topic, by=member("bram"))
    old = {"state": TopicState.DISCUSSED, "decided_on": today() - timedelta(days=30)}
    Topic.update(old).where(Topic.id == topic.id).execute()

    service.forget_authors()
    service.forget_authors()

    assert Support.select().where(Support.topic == topic.id).count() == 0
    assert count_support([as_stored(topic)]) == {topic.id: 1}


def test_a_member_who_leaves_leaves_no_author(topic, member):
    moderation.approve(topic, by=member("carla"))

    member("anna").delete_instance()

    assert as_stored(topic).proposed_by is None


def test_no_day_of_a_topic_is_finer_than_a_day(topic):
    assert {type(topic.submitted_on), type(today())} == {type(now().date())}


def test_the_audit_log_never_holds_what_an_ally_did(topic, member):
    moderation.approve(topic, by=member("carla"))
    service.support(topic, by=member("bram"))

    actors = {line.actor for line in AuditLine.select()}
    assert actors & {member("anna").id, member("bram").id} == set()
    assert member("carla").id in actors


# -- searching


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("winkel", True),
        ("WÍNKEL dorpen", True),
        ("winkel zeehond", False),
        ("%", False),
        ("_", False),
    ],
)
def test_a_search_finds_topics_with_all_words_whatever_their_accents(
    topic, cast, member, words, is_found
):
    moderation.approve(topic, by=member("carla"))

    found = [t.id for t in Topic.listed(cast.bram, words=words)]
    assert (topic.id in found) == is_found


def test_a_search_never_finds_what_is_not_published(topic, cast):
    assert list(Topic.listed(cast.carla, words="winkel gaat dicht")) == []
    assert folded("Één") == "een"


def test_a_given_outcome_shows_in_the_status(topic, veere, member, cast):
    moderation.approve(topic, by=member("carla"))
    meeting = coming_meeting(veere)
    agenda.put_on(meeting, topic, by=member("carla"))
    hold(meeting)
    service.discuss(as_stored(topic), by=member("carla"))
    give(as_stored(topic).outcome, by=member("carla"), state="partly", text="Een deel is gedaan")

    seen = Topic.visible_to(cast.eva).where(Topic.id == topic.id).get()
    assert (seen.outcome.is_given, seen.outcome.state) == (True, "partly")
