"""One's own place in an alliance: another alias, and a pause (PRODUCT 4.7)."""

from datetime import timedelta

import pytest
import time_machine

from allies.advice import service as advice
from allies.advice.models import Mood, Round
from allies.advice.states import State
from allies.alliances import aliases, service
from allies.alliances.aliases import DrawnAlias
from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import today
from allies.invitations import service as invitations
from allies.meetings import answering, changing
from allies.meetings.models import Meeting, Rsvp, count_answers
from allies.notifications.models import Delivery
from allies.notifications.service import tell
from tests.meetings.coming import coming_for


def redrawable(member, times=2):
    """A membership whose alias may still be drawn anew."""
    Membership.update(draws_left=times).where(Membership.id == member.id).execute()
    return member


def alias_of(member):
    return Membership.get_by_id(member.id).alias


def pause(member, days=10):
    service.pause(member, until=today() + timedelta(days=days))


def test_a_newcomer_may_draw_twice_and_then_keeps_the_alias(client_of, veere):
    invitation, _code = invitations.invite(veere, by="operator")
    place = invitations.join(invitation, name="Nora", email="nora@example.org", locale="nl")
    device, seen = client_of(place.user), [place.alias]
    statuses = []
    for _ in range(3):
        statuses.append(device.post(f"/memberships/{place.id}/redraw").status_code)
        seen.append(alias_of(place))

    assert statuses == [303, 303, 409]
    assert len(set(seen)) == 3
    drawn = {d.alias for d in DrawnAlias.select().where(DrawnAlias.alliance == veere)}
    assert set(seen) <= drawn  # nobody else gets the words that were let go


def test_whoever_has_no_draw_left_sees_no_button(client_of, cast, member):
    anna, path = client_of(cast.anna), f"/memberships/{member('anna').id}"

    assert f"{path}/redraw" not in anna.get(path).text
    redrawable(member("anna"))
    assert f"{path}/redraw" in anna.get(path).text


def test_a_drawn_alias_is_never_a_word_of_the_own_name(client_of, cast, member, monkeypatch):
    monkeypatch.setattr(aliases, "words", lambda: frozenset({"Anna", "Anker"}))
    place = redrawable(member("anna"))

    assert client_of(cast.anna).post(f"/memberships/{place.id}/redraw").status_code == 303
    assert alias_of(place) == "Anker"


@pytest.mark.parametrize("act", ["", "/redraw", "/pause"])
def test_a_place_is_its_owners_alone(client_of, cast, member, act):
    place = redrawable(member("anna"))
    path, before = f"/memberships/{place.id}{act}", alias_of(place)
    statuses = {}
    for persona in ("bram", "carla", "eva", "dirk"):
        device = client_of(getattr(cast, persona))
        answer = device.post(path, {"until": today().isoformat()}) if act else device.get(path)
        statuses[persona] = answer.status_code

    assert statuses == {"bram": 403, "carla": 403, "eva": 404, "dirk": 404}
    assert alias_of(place) == before
    assert not Membership.get_by_id(place.id).is_paused


def test_a_pause_is_noted_and_ended_by_oneself(client_of, cast, member):
    anna, path = client_of(cast.anna), f"/memberships/{member('anna').id}/pause"
    until = today() + timedelta(days=30)

    assert anna.post(path, {"until": until.isoformat()}).status_code == 303
    assert Membership.get_by_id(member("anna").id).paused_until == until
    assert anna.post(path, {"end": "1"}).status_code == 303
    assert Membership.get_by_id(member("anna").id).paused_until is None


@pytest.mark.parametrize(("persona", "is_told"), [("anna", False), ("carla", True)])
def test_only_a_coordinator_who_pauses_is_told_to_choose_a_deputy(
    client_of, cast, member, persona, is_told
):
    page = client_of(getattr(cast, persona)).get(f"/memberships/{member(persona).id}").text

    assert ("kies hieronder een vervanger" in page) is is_told


@pytest.mark.parametrize("typed", ["", "straks", "-1", "184", "9999-12-31"])
def test_a_pause_lies_ahead_and_within_half_a_year(client_of, cast, member, typed):
    counted = typed.lstrip("-").isdigit()
    typed = (today() + timedelta(days=int(typed))).isoformat() if counted else typed
    answer = client_of(cast.anna).post(f"/memberships/{member('anna').id}/pause", {"until": typed})

    assert answer.status_code == 422
    assert 'id="until-error"' in answer.text
    assert not member("anna").is_paused


def test_a_pause_ends_by_itself_after_its_last_day(member):
    pause(member("anna"), days=2)
    for days, paused in ((0, True), (2, True), (3, False)):
        with time_machine.travel(now() + timedelta(days=days)):
            assert member("anna").is_paused is paused


def test_nothing_is_sent_during_a_pause_nor_what_waited_when_it_began(member):
    Delivery.delete().execute()
    tell([member("anna"), member("bram")])
    pause(member("anna"))
    tell([member("anna"), member("bram")], is_urgent=True)
    service.resume(member("anna"))
    tell([member("anna")])

    told = [d.membership_id for d in Delivery.waiting()]
    assert sorted(told) == sorted([member("bram").id] * 2 + [member("anna").id])


@pytest.mark.parametrize(("said", "told"), [("yes", 1), ("maybe", 1), ("no", 0)])
def test_who_said_to_come_hears_of_a_cancellation_also_during_a_pause(member, veere, said, told):
    anna = member("anna")
    meeting = Meeting.create(alliance=veere, starts_at=now() + timedelta(days=9), duration=120)
    answering.answer(meeting, by=anna, answer=said)
    pause(anna)
    changing.cancel(meeting, by=member("carla"))

    assert Delivery.select().where(Delivery.membership == anna).count() == told


def test_who_said_to_come_hears_of_a_new_date_also_during_a_pause(member, veere):
    anna, at = member("anna"), now() + timedelta(days=9)
    meeting = Meeting.create(alliance=veere, starts_at=at, duration=120, is_extra=True)
    answering.answer(meeting, by=anna, answer="yes")
    pause(anna)
    Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
    changing.plan_again(meeting, by=member("carla"), starts_at=at + timedelta(days=1))

    assert Delivery.select().where(Delivery.membership == anna).count() == 1
    assert Rsvp.select().where(Rsvp.meeting == meeting.id).count() == 0


def test_nobody_waits_for_the_answer_of_a_paused_ally_to_a_meeting(cast, member):
    meeting = coming_for(cast.carla).first()
    Rsvp.delete().where(Rsvp.meeting == meeting).execute()
    asked = count_answers([meeting])[meeting.id].asked
    pause(member("anna"))
    waiting = count_answers([meeting])[meeting.id]
    Meeting.get_by_id(meeting.id).answers_by_alias()
    answering.answer(meeting, by=member("anna"), answer="yes")
    answered = count_answers([meeting])[meeting.id]

    assert (waiting.asked, waiting.open) == (asked - 1, asked - 1)
    assert (answered.asked, answered.open, answered["yes"]) == (asked, asked - 1, 1)


def test_the_two_ways_of_counting_answers_agree(cast, member):
    pause(member("anna"))
    pause(member("bram"))
    coming = list(coming_for(cast.carla))
    for meeting in coming:
        meeting.answers_by_alias()

    assert coming
    assert {m.id: m.counts for m in coming} == count_answers(coming)


def test_a_coordinator_sees_paused_instead_of_not_answered(client_of, cast, member):
    meeting = coming_for(cast.carla).first()
    Rsvp.delete().where(Rsvp.meeting == meeting).execute()
    path, carla = f"/meetings/{meeting.id}/answers", client_of(cast.carla)
    before = row_of(carla.get(path).text, member("anna").alias)
    pause(member("anna"))
    after = row_of(carla.get(path).text, member("anna").alias)

    assert 'class="state warn"' in before
    assert 'class="state quiet"' in after


def row_of(page, alias):
    return next(row for row in page.split('class="row"') if f">{alias}<" in row)


def asked_of_all(veere, member):
    """A round that opens at once."""
    words = {"question": "Wat speelt er?", "known": "x", "unknown": "y", "shareable": "z"}
    facts = {"hours": 4, "is_acute": True, "reason": "Het kan niet wachten."}
    return advice.ask(veere, by=member("carla"), **facts, **words)


def test_a_round_waits_for_no_paused_ally_but_counts_the_answer(veere, member):
    Round.update(state=State.CLOSED).where(Round.state == State.OPEN).execute()
    pause(member("anna"))
    Delivery.delete().execute()
    round = asked_of_all(veere, member)
    allies = veere.allies.count()
    asked = [Round.get_by_id(round.id).asked]
    told = {d.membership_id for d in Delivery.waiting()}
    for persona in ("anna", "anna", "bram"):
        advice.answer(round, by=member(persona), mood=Mood.CALM)
        asked.append(Round.get_by_id(round.id).asked)

    assert asked == [allies - 1, allies, allies, allies]
    assert member("anna").id not in told
    assert member("bram").id in told


def test_a_pause_in_the_middle_of_a_round_never_makes_more_than_there_are(veere, member):
    Round.update(state=State.CLOSED).where(Round.state == State.OPEN).execute()
    round = asked_of_all(veere, member)
    pause(member("anna"))
    advice.answer(round, by=member("anna"), mood=Mood.CALM)

    assert Round.get_by_id(round.id).asked == veere.allies.count()
