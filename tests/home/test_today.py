"""The start page shows each persona what waits for them, and no more (PRODUCT 4.1)."""

from datetime import timedelta

import pytest
import time_machine

from allies.actions.models import Action
from allies.advice.models import Round
from allies.db import now
from allies.home.today import Today
from allies.meetings import answering
from allies.meetings.models import Meeting
from allies.notifications.service import tell
from allies.topics.models import Topic


@pytest.fixture
def today(cast):
    return lambda persona: Today(getattr(cast, persona))


def test_an_ally_sees_the_open_round_the_next_meeting_and_the_topic_that_came_back(today, veere):
    anna = today("anna")

    assert [r.alliance for r in anna.open_rounds] == [veere]
    assert not anna.open_rounds[0].has_answered
    assert [m.alliance for m in anna.meetings.invitations] == [veere]
    assert len(anna.returned) == 1
    assert (anna.keys, anna.queues) == ([], [])
    assert not anna.is_quiet


def test_a_coordinator_sees_the_queue_the_key_that_is_missing_and_what_is_owed(today, veere):
    carla, daan = today("carla"), today("daan")

    assert [(alliance, number) for alliance, number in carla.queues] == [(veere, 2)]
    assert carla.keys == [], "she asked it herself"
    assert [r.is_draft for r in daan.keys] == [True]
    assert any(row.outcome.is_overdue for row in daan.owed)
    assert not set(daan.owed) & set(daan.owed_by_others)
    assert (carla.meetings.invitations, carla.returned) == ([], [])


def test_an_overdue_outcome_shows_to_the_whole_alliance_and_to_no_other(today, veere):
    for persona in ("anna", "bram", "carla", "eva"):
        overdue = [row for row in today(persona).owed_by_others if row.outcome.is_overdue]
        assert {row.alliance for row in overdue} == {veere}, persona
    mina = today("mina")
    assert veere not in {row.alliance for row in (*mina.owed, *mina.owed_by_others)}


def test_only_who_owes_an_answer_reads_that_it_is_theirs(client_of, cast):
    theirs, others = "You still owe an answer", "Still to be answered by police or municipality"
    for persona, own in [("daan", True), ("carla", False), ("anna", False)]:
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        page = device.get("/").text
        assert (theirs in page, others in page) == (own, not own), persona


def test_a_round_that_others_answer_is_a_quiet_row_below_the_tasks(client_of, cast, today):
    carla = today("carla")
    (board,) = carla.boards
    assert carla.open_rounds == []

    page = client_of(cast.carla).get("/").text
    assert page.index(board.id) > page.index("/moderation")
    assert page.index(board.id) > page.index(carla.owed_by_others[0].id)
    assert "card now" not in page


def test_each_alliance_of_somebody_with_several_is_there(today):
    piet = today("piet")
    assert len(piet.memberships) == 3
    assert {m.alliance.name for m in (*piet.meetings.at_hand, *piet.meetings.next_meetings)} == {
        "Middelburg", "Veere", "Vlissingen",
    }  # fmt: skip


def test_a_mayor_sees_neither_queue_nor_key_nor_open_round(today):
    eva = today("eva")

    assert (eva.open_rounds, eva.keys, eva.queues, eva.meetings.invitations) == ([], [], [], [])
    assert eva.brought


def test_an_answer_takes_its_meeting_off_the_list(today, member, veere):
    meeting = today("anna").meetings.invitations[0]
    answering.answer(meeting, by=member("anna"), answer="yes")

    later = today("anna")
    assert meeting not in later.meetings.invitations
    assert meeting in later.meetings.next_meetings


def test_nothing_waits_is_said_out_loud(client_of, cast, today):
    for model in (Topic, Round, Meeting, Action):
        model.delete().execute()

    assert today("anna").is_quiet
    page = client_of(cast.anna).get("/").text
    assert "Er wacht niets op u" in page


def test_a_coordinator_is_told_when_messages_do_not_go_out(today, member):
    tell([member("anna")], is_urgent=True)
    assert not today("carla").desk.messages_are_late

    with time_machine.travel(now() + timedelta(minutes=2)):
        assert today("carla").desk.messages_are_late
        assert not today("anna").desk.messages_are_late
