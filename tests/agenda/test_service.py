"""What goes on an agenda, over it and off it (PRODUCT 4.2)."""

import random
from datetime import timedelta

import pytest

from allies import keeping
from allies.agenda import service
from allies.agenda.models import MOST_ITEMS, AgendaItem, ItemKind
from allies.agenda.order import ChangedMeanwhile
from allies.audit import AuditLine, AuditNote
from allies.db import now
from allies.errors import DomainError, Refused
from allies.keeping import Leaver
from allies.meetings import changing
from allies.meetings import service as meetings
from allies.meetings.models import Meeting
from allies.topics import moderation
from allies.topics import service as topics
from allies.topics.models import Topic, TopicState
from tests.agenda.agendas import fresh, hold, item_of, kinds, make_topic, out_of_step, titles
from tests.agenda.conftest import make_meeting

# -- what belongs on every agenda


def test_every_planned_meeting_starts_with_the_two_fixed_items(veere, carla, meeting):
    planned = meetings.plan(
        veere, by=carla, starts_at=now() + timedelta(days=30), duration=90, is_extra=True
    )
    items = list(AgendaItem.of_meeting(planned))

    assert [(i.kind, i.minutes) for i in items] == [("advice", 15), ("brings", 20)]


def test_starting_twice_adds_nothing(meeting):
    service.start(meeting)

    assert kinds(meeting) == ["advice", "brings"]


def test_the_fixed_items_stay(meeting, carla):
    for item in AgendaItem.of_meeting(meeting):
        item.meeting = meeting
        with pytest.raises(DomainError):
            service.remove(item, by=carla)
    assert kinds(meeting) == ["advice", "brings"]


# -- topics


def test_a_topic_stands_before_what_police_and_municipality_bring(meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)

    assert kinds(meeting) == ["advice", "topic", "brings"]
    assert item_of(topic).minutes == 25
    assert fresh(topic).meeting_id == meeting.id


def test_a_topic_comes_last_when_what_they_bring_is_not_last(meeting, topic, veere, carla):
    service.put_on(meeting, topic, by=carla)
    advice, first, brings = (i.id for i in AgendaItem.of_meeting(meeting))
    service.arrange(meeting, [brings, first, advice], {advice: 5, first: 6, brings: 7})

    service.put_on(meeting, make_topic(veere, "Tweede"), by=carla)

    assert kinds(meeting) == ["brings", "topic", "advice", "topic"]


def test_a_topic_stands_on_one_agenda_only(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    service.put_on(later, topic, by=carla)

    assert (titles(meeting), titles(later)) == ([], [topic.title])
    assert item_of(topic).carried == 0


def test_putting_a_topic_on_twice_is_once(meeting, topic, carla):
    for _time in range(2):
        service.put_on(meeting, topic, by=carla)

    assert titles(meeting) == [topic.title]


def test_a_topic_goes_off_again(meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    service.take_off(topic, by=carla)

    assert titles(meeting) == []
    assert item_of(topic) is None
    assert fresh(topic).meeting_id is None


@pytest.mark.parametrize("state", [s for s in TopicState if s != TopicState.APPROVED])
def test_only_a_published_topic_that_waits_goes_on_an_agenda(meeting, veere, carla, state):
    topic = make_topic(veere, "Nee", state=state)
    with pytest.raises(DomainError):
        service.put_on(meeting, topic, by=carla)

    assert titles(meeting) == []
    assert out_of_step() == []


def test_no_topic_goes_on_a_draft_nor_on_what_is_cancelled_begun_or_elsewhere(
    veere, middelburg, meeting, topic, carla
):
    refused = (
        make_meeting(veere, days=20, is_draft=True),
        make_meeting(veere, days=21, cancelled_at=now()),
        make_meeting(veere, days=-1),
        make_meeting(middelburg, days=20),
    )
    for other in refused:
        with pytest.raises(DomainError):
            service.put_on(other, topic, by=carla)
    assert item_of(topic) is None


def test_twenty_five_items_fit_and_the_next_is_refused(meeting, veere, topic, carla):
    for number in range(MOST_ITEMS - 2):
        service.add(meeting, by=carla, title=f"Punt {number}", minutes=1)
    with pytest.raises(Refused) as refusal:
        service.add(meeting, by=carla, title="Nog een", minutes=1)
    with pytest.raises(Refused):
        service.put_on(meeting, topic, by=carla)

    assert refusal.value.field == "title"
    assert len(kinds(meeting)) == MOST_ITEMS
    assert (fresh(topic).meeting_id, item_of(topic)) == (None, None)


# -- own items, order and minutes


def test_an_own_item_goes_on_and_off(meeting, carla):
    service.add(meeting, by=carla, title="Kennismaken", minutes=10)
    assert titles(meeting) == ["Kennismaken"]
    own = AgendaItem.get(AgendaItem.title == "Kennismaken")

    service.remove(own, by=carla)

    assert not AgendaItem.select().where(AgendaItem.id == own.id).exists()
    acts = [line.action for line in AuditLine.select().where(AuditLine.subject == meeting.id)]
    assert acts == ["agenda.item-added", "agenda.item-removed"]


def test_order_and_minutes_are_kept(meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    ids = [item.id for item in AgendaItem.of_meeting(meeting)]

    service.arrange(meeting, ids[::-1], dict(zip(ids, (10, 20, 30), strict=True)))

    stored = [(i.id, i.minutes) for i in AgendaItem.of_meeting(meeting)]
    assert stored == list(zip(ids[::-1], (30, 20, 10), strict=True))


def test_an_order_that_is_not_all_items_once_is_refused(meeting, topic, carla, later):
    service.put_on(meeting, topic, by=carla)
    ids = [item.id for item in AgendaItem.of_meeting(meeting)]
    foreign = AgendaItem.of_meeting(later).first().id
    for wrong in (ids[:-1], [*ids, ids[0]], [ids[0]] * 3, [*ids[:-1], foreign], []):
        with pytest.raises(ChangedMeanwhile):
            service.arrange(meeting, wrong, dict.fromkeys(wrong, 5))

    assert [item.id for item in AgendaItem.of_meeting(meeting)] == ids


def test_what_was_read_before_a_change_is_refused(meeting, carla):
    seen = meeting.agenda_version
    service.add(meeting, by=carla, title="Eerst", minutes=5, seen=seen)
    ids = [item.id for item in AgendaItem.of_meeting(meeting)]

    with pytest.raises(ChangedMeanwhile):
        service.arrange(meeting, ids[::-1], dict.fromkeys(ids, 5), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        service.add(meeting, by=carla, title="Dan", minutes=5, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        service.bring(meeting, by=carla, text="Taart", seen=seen)

    assert titles(meeting) == ["Eerst"]
    assert fresh(meeting).brings == ""


@pytest.mark.parametrize("end", ["over", "cancelled"])
def test_an_agenda_that_is_past_stays_as_it_is(meeting, carla, end):
    service.add(meeting, by=carla, title="Eerst", minutes=5)
    if end == "over":
        meeting = hold(meeting)
    else:
        Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
        meeting = fresh(meeting)
    own = AgendaItem.get(AgendaItem.title == "Eerst")
    ids = [item.id for item in AgendaItem.of_meeting(meeting)]

    for change in (
        lambda: service.add(meeting, by=carla, title="Nog", minutes=5),
        lambda: service.arrange(meeting, ids, dict.fromkeys(ids, 5)),
        lambda: service.bring(meeting, by=carla, text="Taart"),
        lambda: service.remove(own, by=carla),
    ):
        with pytest.raises(DomainError):
            change()
    assert titles(meeting) == ["Eerst"]


# -- carrying over


def test_what_was_left_goes_to_the_next_meeting_and_is_counted(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)

    assert service.carry(item_of(topic), by=carla) == later

    assert (titles(meeting), titles(later)) == ([], [topic.title])
    assert item_of(topic).carried == 1
    assert out_of_step() == []


def test_without_a_next_meeting_it_waits_with_its_count(meeting, topic, veere, carla):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)

    assert service.carry(item_of(topic), by=carla) is None
    assert (item_of(topic).meeting_id, fresh(topic).meeting_id) == (None, None)

    service.put_on(make_meeting(veere, days=50), fresh(topic), by=carla)
    assert item_of(topic).carried == 1


def test_the_next_meeting_is_no_draft_not_cancelled_and_has_room(meeting, topic, veere, carla):
    service.put_on(meeting, topic, by=carla)
    make_meeting(veere, days=20, is_draft=True)
    make_meeting(veere, days=21, cancelled_at=now())
    full = make_meeting(veere, days=22)
    for number in range(MOST_ITEMS - 2):
        service.add(full, by=carla, title=f"Punt {number}", minutes=1)
    hold(meeting)

    assert service.carry(item_of(topic), by=carla) is None


def test_own_items_are_carried_over_too(meeting, later, carla):
    service.add(meeting, by=carla, title="Kennismaken", minutes=10)
    hold(meeting)

    service.carry(AgendaItem.get(AgendaItem.title == "Kennismaken"), by=carla)

    assert titles(later) == ["Kennismaken"]


def test_from_the_third_time_on_somebody_says_why(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    AgendaItem.update(carried=2).where(AgendaItem.topic == topic).execute()
    hold(meeting)

    with pytest.raises(Refused) as refusal:
        service.carry(item_of(topic), by=carla)
    assert refusal.value.field == "reason"
    assert titles(meeting) == [topic.title]

    service.carry(item_of(topic), by=carla, reason="Het bouwen vroeg de hele avond.")
    assert (item_of(topic).carried, item_of(topic).reason) == (3, "Het bouwen vroeg de hele avond.")
    assert "bouwen" in AuditNote.select().order_by(AuditNote.id.desc()).first().text


@pytest.mark.parametrize("carried", [0, 1])
def test_the_first_two_times_nobody_is_asked_why(meeting, later, topic, carla, carried):
    service.put_on(meeting, topic, by=carla)
    AgendaItem.update(carried=carried).where(AgendaItem.topic == topic).execute()
    hold(meeting)
    service.carry(item_of(topic), by=carla)

    assert item_of(topic).carried == carried + 1


def test_nothing_is_carried_before_the_meeting_is_over(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    with pytest.raises(DomainError):
        service.carry(item_of(topic), by=carla)

    assert titles(meeting) == [topic.title]


def test_what_was_discussed_or_is_fixed_is_not_carried(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)
    topics.discuss(fresh(topic), by=carla)

    for item in AgendaItem.of_meeting(meeting):
        with pytest.raises(DomainError):
            service.carry(item, by=carla)
    assert kinds(meeting) == ["advice", "topic", "brings"]


def test_carrying_twice_from_a_page_read_before_is_once(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)
    read = [item_of(topic), item_of(topic)]
    assert all(item.meeting for item in read)

    service.carry(read[0], by=carla)
    with pytest.raises(DomainError):
        service.carry(read[1], by=carla)

    assert item_of(topic).carried == 1


def test_choosing_another_meeting_on_the_page_of_a_topic_is_carrying_over(
    meeting, later, topic, carla
):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)
    service.put_on(later, fresh(topic), by=carla)
    assert (titles(later), item_of(topic).carried) == ([topic.title], 1)

    AgendaItem.update(carried=2).where(AgendaItem.topic == topic).execute()
    hold(later)
    with pytest.raises(Refused):
        service.take_off(fresh(topic), by=carla)


def test_taking_off_what_was_carried_over_keeps_its_count(meeting, later, topic, veere, carla):
    service.put_on(meeting, topic, by=carla)
    hold(meeting)
    service.carry(item_of(topic), by=carla)

    service.take_off(fresh(topic), by=carla)

    assert (item_of(topic).carried, item_of(topic).meeting_id) == (1, None)
    assert [i.id for i in AgendaItem.waiting(veere) if i.topic_id == topic.id]


# -- cancelling


def test_a_cancelled_meeting_lets_everything_wait_with_its_count(meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    AgendaItem.update(carried=1).where(AgendaItem.topic == topic).execute()
    service.add(meeting, by=carla, title="Kennismaken", minutes=10)

    changing.cancel(fresh(meeting), by=carla)

    assert kinds(meeting) == ["advice", "brings"]
    assert (item_of(topic).carried, item_of(topic).meeting_id) == (1, None)
    assert fresh(topic).meeting_id is None
    assert AgendaItem.get(AgendaItem.title == "Kennismaken").meeting_id is None


def test_what_a_cancelled_meeting_left_can_go_on_the_next(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    service.add(meeting, by=carla, title="Kennismaken", minutes=10)
    changing.cancel(fresh(meeting), by=carla)

    for item in list(AgendaItem.waiting(meeting.alliance)):
        if item.topic_id in {topic.id, None}:
            service.put_back(later, item, by=carla)

    assert sorted(titles(later)) == [topic.title, "Kennismaken"]
    assert out_of_step() == []


def test_a_draft_that_is_dropped_gives_back_what_was_carried_to_it(veere, carla):
    draft = make_meeting(veere, days=30, is_draft=True)
    own = AgendaItem.create(
        alliance=veere, kind=ItemKind.OWN, title="Rondje", minutes=5, position=0, carried=2
    )
    service.put_back(draft, own, by=carla)

    meetings.drop(draft, by=carla)

    kept = fresh(own)
    assert (kept.carried, kept.meeting_id) == (2, None)
    assert not Meeting.select().where(Meeting.id == draft.id).exists()


# -- in step


def test_in_the_demo_region_topics_and_agendas_say_the_same(app):
    assert Topic.select().where(Topic.meeting.is_null(False)).count() > 5
    assert out_of_step() == []


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_topics_and_agendas_say_the_same(veere, member, meeting, later, seed):
    chance = random.Random(seed)  # noqa: S311 - a walk that can be repeated
    carla, daan, anna = member("carla"), member("daan"), member("anna")
    for number in range(4):
        make_topic(veere, f"Thema {number}", proposed_by=anna)

    def a_topic():
        return chance.choice(list(Topic.select().where(Topic.alliance == veere)))

    def a_meeting():
        return chance.choice(list(Meeting.select().where(Meeting.alliance == veere)))

    def an_item():
        return chance.choice(list(AgendaItem.select().where(AgendaItem.alliance == veere)))

    def an_item_on_an_agenda():
        on_one = (AgendaItem.alliance == veere) & AgendaItem.meeting.is_null(False)
        return chance.choice(list(AgendaItem.select().where(on_one)))

    def decline():
        topic = topics.put_forward(
            veere, by=anna, title="Kan niet", what="x", where="", since="", effect="",
            theme="other", attribution="alias",
        )  # fmt: skip
        moderation.decline(topic, by=carla, ground="other")
        moderation.decline(topic, by=daan, ground="other")

    def leave():
        keeping.KEPT[Topic].erase(Leaver(user=anna.user, memberships=[anna]))

    acts = (
        lambda: service.put_on(a_meeting(), a_topic(), by=carla),
        lambda: service.put_on(a_meeting(), a_topic(), by=daan),
        lambda: service.take_off(a_topic(), by=carla),
        lambda: service.remove(an_item_on_an_agenda(), by=carla),
        lambda: service.put_back(a_meeting(), an_item(), by=carla),
        lambda: service.carry(an_item(), by=carla, reason="De tijd was op."),
        lambda: changing.cancel(a_meeting(), by=carla),
        lambda: topics.discuss(a_topic(), by=carla),
        lambda: hold(a_meeting()),
        lambda: Topic.delete().where(Topic.id == a_topic().id).execute(),
        lambda: make_topic(veere, "Nieuw"),
        lambda: make_meeting(veere, days=chance.randint(1, 99)),
        decline,
        leave,
        keeping.prune,
    )
    done = 0
    for _act in range(60):
        try:
            chance.choice(acts)()
            done += 1
        except (DomainError, Refused):
            pass
        assert out_of_step() == []
    assert done > 20
