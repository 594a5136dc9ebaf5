"""Answering a meeting, and what somebody needs there (PRODUCT 4.2, TRUST R05)."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError
from allies.meetings import answering
from allies.meetings.answers import Counts
from allies.meetings.keeping import forget_needs
from allies.meetings.models import Meeting, Need, Rsvp
from allies.meetings.needs import count_needs
from tests.at_once import at_once, press

HTMX = {"HX-Request": "true"}
ROUNDS = 5


@pytest.fixture
def meeting(veere):
    """A meeting of Veere in 30 days that nobody answered yet."""
    starts_at = now().replace(microsecond=0) + timedelta(days=30)
    return Meeting.create(alliance=veere, starts_at=starts_at, duration=120, is_extra=True)


@pytest.fixture
def fifteen(veere):
    """Fifteen allies in Veere, the largest group there is."""
    for alias in ("Zeehond", "Zeepok", "Zeester"):
        Membership.create(alliance=veere, user=User.create(), role="ally", alias=alias)
    return list(Alliance.get_by_id(veere.id).allies)


def fresh(meeting):
    return Meeting.get_by_id(meeting.id)


def needs_of(meeting, member):
    kept = Need.select().where(Need.meeting == meeting, Need.membership == member)
    return sorted(str(need.kind) for need in kept)


def test_fifteen_members_answer_at_once_and_each_has_one_row(client_of, meeting, fifteen):
    devices = [client_of(ally.user) for ally in fifteen]
    path = f"/meetings/{meeting.id}/rsvp"
    for number in range(ROUNDS):
        answer = ("yes", "maybe", "no")[number % 3]
        jobs = [press(device, path, {"answer": answer}) for device in devices]

        assert at_once(jobs) == [303] * 15

        rows = list(Rsvp.select().where(Rsvp.meeting == meeting))
        assert sorted(r.membership_id for r in rows) == sorted(a.id for a in fifteen)
        assert {r.answer for r in rows} == {answer}


def test_one_member_pressing_on_two_phones_at_once_has_one_row(client_of, meeting, cast, member):
    path = f"/meetings/{meeting.id}/rsvp"
    answers = ["yes", "no"] * 4
    jobs = [press(client_of(cast.anna), path, {"answer": a}) for a in answers]

    assert at_once(jobs) == [303] * 8
    assert Rsvp.select().where(Rsvp.meeting == meeting).count() == 1


def test_the_last_second_counts_and_the_second_of_the_start_does_not(
    client_of, cast, meeting, member
):
    path = f"/meetings/{meeting.id}/rsvp"
    with time_machine.travel(meeting.starts_at - timedelta(seconds=1), tick=False):
        anna = client_of(cast.anna)
        assert anna.post(path, {"answer": "yes"}).status_code == 303
    with time_machine.travel(meeting.starts_at, tick=False):
        late = anna.post(path, {"answer": "no"})

    assert late.status_code == 409
    assert meeting.answer_of(member("anna")).answer == "yes"


def test_one_tap_keeps_the_note_and_the_needs_of_before(client_of, cast, meeting, member):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    sent = {"needs": ["vegetarian", "travel"], "note": "Ik kom lopend"}
    assert anna.post(f"{path}/needs", sent).status_code == 303

    for answer in ("maybe", "no", "yes"):
        anna.post(f"{path}/rsvp", {"answer": answer})

    mine = meeting.answer_of(member("anna"))
    assert (mine.answer, mine.note) == ("yes", "Ik kom lopend")
    assert needs_of(meeting, member("anna")) == ["travel", "vegetarian"]


def test_a_note_that_is_sent_along_takes_the_place_of_the_one_before(
    client_of, cast, meeting, member
):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}/rsvp"
    for note in ("Ik kom wat later", ""):
        anna.post(path, {"answer": "yes", "note": note})

        assert meeting.answer_of(member("anna")).note == note


def test_a_need_that_is_sent_twice_is_kept_once(client_of, cast, meeting, member):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    anna.post(f"{path}/rsvp", {"answer": "yes"})

    sent = {"needs": ["travel", "travel"], "note": ""}
    assert anna.post(f"{path}/needs", sent).status_code == 303
    assert needs_of(meeting, member("anna")) == ["travel"]


def test_needs_are_taken_back_by_ticking_nothing(client_of, cast, meeting, member):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    anna.post(f"{path}/needs", {"needs": ["interpreter"], "note": ""})
    anna.post(f"{path}/needs", {"note": ""})

    assert needs_of(meeting, member("anna")) == []


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"needs": ["travel"], "note": "Bel mij op 06-12345678"}, 422),
        ({"needs": ["travel", "gold"], "note": ""}, 422),
        ({"needs": ["travel"], "note": "x" * 2000}, 422),
    ],
)
def test_needs_that_can_not_be_kept_are_shown_again_and_change_nothing(
    client_of, cast, meeting, member, headers, wrong, status
):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    anna.post(f"{path}/needs", {"needs": ["step-free"], "note": "Tot dan"})

    answer = anna.post(f"{path}/needs", wrong, headers=headers)

    assert answer.status_code == status
    ticked = re.findall(r"<input checked[^>]*value=\"([^\"]*)\"", answer.text)
    assert ticked == ["travel"]
    assert wrong["note"] in answer.text
    assert '<details class="more" open>' in answer.text
    assert needs_of(meeting, member("anna")) == ["step-free"]
    assert meeting.answer_of(member("anna")).note == "Tot dan"


def test_needs_come_after_an_answer_and_before_the_start(client_of, cast, meeting, member):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    assert anna.post(f"{path}/needs", {"needs": ["travel"]}).status_code == 409

    anna.post(f"{path}/rsvp", {"answer": "yes"})
    with time_machine.travel(meeting.starts_at), pytest.raises(DomainError, match="has started"):
        answering.ask_for(meeting, by=member("anna"), needs=["travel"], note="")
    assert needs_of(meeting, member("anna")) == []


def test_who_does_not_come_is_asked_for_no_needs_and_loses_none(client_of, cast, meeting, member):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    anna.post(f"{path}/needs", {"needs": ["travel"], "note": ""})
    anna.post(f"{path}/rsvp", {"answer": "no"})

    assert 'value="travel"' not in anna.get(path).text
    for ally in [a for a in meeting.alliance.allies if a != member("anna")][:3]:
        answering.answer(meeting, by=ally, answer="yes")
    assert count_needs(meeting) == []
    anna.post(f"{path}/needs", {"note": "Veel plezier"})
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    assert needs_of(meeting, member("anna")) == ["travel"]


def test_needs_are_numbers_for_coordinators_and_nothing_for_members(
    client_of, cast, meeting, member
):
    for persona in ("anna", "bram"):
        answering.answer(meeting, by=member(persona), answer="yes")
        answering.ask_for(meeting, by=member(persona), needs=["vegetarian"], note="")
    answering.ask_for(meeting, by=member("bram"), needs=["vegetarian", "interpreter"], note="")
    third = next(a for a in meeting.alliance.allies if a not in {member("anna"), member("bram")})
    answering.answer(meeting, by=third, answer="maybe")
    carla = client_of(cast.carla)
    carla.post("/language", {"locale": "en"})
    page = carla.get(f"/meetings/{meeting.id}/answers").text

    needed = page.split('id="needed-title"')[1]
    assert "<li>2 × Vegetarian food</li>" in needed
    assert "<li>1 × An interpreter</li>" in needed
    assert [m.alias for m in meeting.alliance.allies if m.alias in needed] == []
    assert "Vegetarian" not in page.split('id="needed-title"')[0]
    bram = client_of(cast.bram)
    bram.post("/language", {"locale": "en"})
    own = bram.get(f"/meetings/{meeting.id}").text
    assert "2 × Vegetarian food" not in own


def test_needs_are_gone_two_weeks_after_the_meeting(meeting, member):
    answering.answer(meeting, by=member("anna"), answer="yes")
    answering.ask_for(meeting, by=member("anna"), needs=["child-care"], note="")

    for days, kept in ((13, 1), (15, 0)):
        with time_machine.travel(meeting.starts_at + timedelta(days=days)):
            forget_needs()
        assert Need.select().where(Need.meeting == meeting).count() == kept


def test_what_was_needed_at_one_meeting_is_not_taken_over_at_the_next(
    client_of, cast, veere, meeting, member
):
    answering.answer(meeting, by=member("anna"), answer="yes")
    answering.ask_for(meeting, by=member("anna"), needs=["vegetarian"], note="")
    later = meeting.starts_at + timedelta(days=5)
    another = Meeting.create(alliance=veere, starts_at=later, duration=120, is_extra=True)

    client_of(cast.anna).post(f"/meetings/{another.id}/rsvp", {"answer": "yes"})

    page = client_of(cast.anna).get(f"/meetings/{another.id}").text
    assert "checked" not in page
    assert needs_of(another, member("anna")) == []


def test_an_answer_to_a_meeting_that_changed_meanwhile_is_asked_anew(
    client_of, cast, meeting, member
):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    [seen] = re.findall(r'name="sequence" value="(\d+)"', anna.get(path).text)
    Meeting.update(sequence=1, moved_from=meeting.starts_at).execute()

    stale = anna.post(f"{path}/rsvp", {"answer": "yes", "sequence": seen})
    assert stale.status_code == 409
    assert meeting.answer_of(member("anna")) is None

    [seen] = re.findall(r'name="sequence" value="(\d+)"', anna.get(path).text)
    again = anna.post(f"{path}/rsvp", {"answer": "yes", "sequence": seen})
    assert again.status_code == 303


def test_a_cancelled_meeting_takes_no_answer(client_of, cast, meeting, member):
    Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
    anna = client_of(cast.anna)

    assert anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes"}).status_code == 409
    with pytest.raises(DomainError, match="cancelled"):
        answering.answer(meeting, by=member("anna"), answer="yes")
    page = anna.get(f"/meetings/{meeting.id}").text
    assert "/rsvp" not in page
    assert 'class="state urgent"' in page


def test_no_answer_of_an_ally_is_in_the_log(client_of, cast, meeting):
    anna, path = client_of(cast.anna), f"/meetings/{meeting.id}"
    before = AuditLine.select().count()
    anna.post(f"{path}/rsvp", {"answer": "yes"})
    anna.post(f"{path}/needs", {"needs": ["travel"], "note": "Tot dan"})

    assert AuditLine.select().count() == before


@pytest.mark.parametrize("field", ["is_by_coordinator", "membership", "meeting", "member"])
def test_fields_that_a_form_does_not_list_are_ignored(client_of, cast, meeting, member, field):
    sent = {"answer": "yes", field: member("bram").id}
    client_of(cast.anna).post(f"/meetings/{meeting.id}/rsvp", sent)

    [row] = Rsvp.select().where(Rsvp.meeting == meeting)
    assert (row.membership_id, row.is_by_coordinator) == (member("anna").id, False)


@pytest.mark.parametrize(
    ("days", "yes", "maybe", "no", "is_short"),
    [
        (30, 0, 0, 0, False),  # all twelve may still come
        (30, 4, 2, 4, False),  # 4 and 2 and two who have not answered: just enough
        (30, 4, 2, 5, True),
        (7.1, 4, 2, 4, False),
        (6.9, 7, 3, 2, True),  # a maybe does not count any more
        (6.9, 8, 0, 0, False),
        (-1, 0, 0, 0, False),  # nobody can be asked any more
    ],
)
def test_too_few_come_when_the_agreed_number_is_out_of_reach_or_a_week_is_left(
    veere, days, yes, maybe, no, is_short
):
    meeting = Meeting(alliance=veere, starts_at=now() + timedelta(days=days), duration=120)
    counts = Counts(yes=yes, maybe=maybe, no=no)
    counts.asked = 12

    assert veere.least_coming == 8
    assert counts.is_short(meeting) == is_short


def test_a_meeting_that_is_off_is_never_short(veere):
    for facts in ({"is_draft": True}, {"cancelled_at": now()}):
        starts_at = now() + timedelta(days=3)
        meeting = Meeting(alliance=veere, starts_at=starts_at, duration=120, **facts)

        assert not Counts().is_short(meeting)
