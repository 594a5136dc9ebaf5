"""Meetings through the browser's eyes."""

import html
import re
from datetime import timedelta

import pytest

from allies.db import now
from allies.i18n import moment
from allies.meetings.forms import NOTED
from allies.meetings.models import Meeting, Rsvp
from tests.meetings.coming import coming_for


def open_meeting(alliance):
    return (
        Meeting.select()
        .where(Meeting.alliance == alliance, Meeting.starts_at > now())
        .order_by(Meeting.starts_at)
        .first()
    )


def test_an_ally_answers_and_may_change_the_answer(client_of, cast, veere, member):
    meeting, anna = open_meeting(veere), client_of(cast.anna)

    first = anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes", "note": "Ik kom wat later"})
    second = anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "no"})

    assert (first.status_code, second.status_code) == (303, 303)
    assert meeting.answer_of(member("anna")).answer == "no"


def test_every_page_of_meetings_opens(client_of, cast, veere):
    meeting = open_meeting(veere)
    for who in (cast.anna, cast.carla, cast.eva):
        device = client_of(who)
        for path in ("/", "/meetings", f"/meetings/{meeting.id}", "/account"):
            assert device.get(path).status_code == 200, (who, path)
    assert client_of(cast.carla).get(f"/alliances/{veere.id}/meetings/new").status_code == 200
    assert client_of(cast.anna).get(f"/alliances/{veere.id}/meetings/new").status_code == 403
    assert client_of(cast.dirk).get(f"/meetings/{meeting.id}").status_code == 404


@pytest.fixture
def held(veere):
    """A meeting of Veere that is over, to which Anna's answer is not known."""
    meeting = (
        Meeting.select()
        .where(Meeting.alliance == veere, Meeting.starts_at < now() - timedelta(days=1))
        .get()
    )
    Rsvp.delete().where(Rsvp.meeting == meeting).execute()
    return meeting


def test_the_note_of_an_answer_names_nobody(client_of, cast, veere, member):
    meeting, anna = open_meeting(veere), client_of(cast.anna)
    Rsvp.delete().where(Rsvp.membership == member("anna")).execute()

    sent = {"answer": "yes", "note": "Bel mij op 06-12345678"}
    answer = anna.post(f"/meetings/{meeting.id}/rsvp", sent)

    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text
    assert meeting.answer_of(member("anna")) is None


@pytest.mark.parametrize("answer", ["yes", "maybe", "no"])
def test_the_part_with_an_answer_says_what_is_noted_and_for_which_meeting(
    client_of, cast, veere, answer
):
    meeting, anna = open_meeting(veere), client_of(cast.anna)
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://localhost/"}
    part = anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": answer}, headers=htmx).text

    with anna.client.application.test_request_context():
        assert f"{NOTED[answer]}</p>" in html.unescape(part)
        assert moment(meeting.starts_at) in part
    assert meeting.venue.area in part
    assert f'href="/meetings/{meeting.id}"' in part


def test_on_the_page_of_the_meeting_the_part_does_not_say_it_again(client_of, cast, veere):
    meeting, anna = open_meeting(veere), client_of(cast.anna)
    path = f"/meetings/{meeting.id}"
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{path}"}

    part = anna.post(f"{path}/rsvp", {"answer": "yes"}, headers=htmx).text

    assert f'href="{path}"' not in part


def test_a_page_of_a_meeting_says_its_date_once(client_of, cast, veere):
    meeting = open_meeting(veere)
    page = client_of(cast.anna).get(f"/meetings/{meeting.id}").text

    assert f'href="/meetings/{meeting.id}"' not in page


def test_what_comes_next_stands_first_and_what_was_held_is_folded(client_of, cast, veere):
    page = client_of(cast.anna).get("/meetings").text
    coming = coming_for(cast.anna)
    held = [m for m in Meeting.listed_for(cast.anna) if m.state == "held" and m.id in page]

    shown, folded = page.split("<details", 1)
    places = [shown.index(m.id) for m in coming]
    assert len(places) == 2
    assert places == sorted(places)
    assert held
    assert all(m.id in folded and m.id not in shown for m in held)


def test_the_list_shows_my_answer_and_asks_for_the_ones_i_owe(client_of, cast, veere, member):
    Rsvp.delete().where(Rsvp.membership == member("anna")).execute()
    meeting, anna = open_meeting(veere), client_of(cast.anna)
    before = anna.get("/meetings").text
    anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes"})
    after = anna.get("/meetings").text

    assert before.count("state warn") == len(list(coming_for(cast.anna)))
    assert after.count("state warn") == before.count("state warn") - 1
    assert after.count("state good") == before.count("state good") + 1 == 1


def test_a_meeting_that_is_over_has_neither_answer_form_nor_calendar_file(client_of, cast, held):
    anna = client_of(cast.anna)
    page = anna.get(f"/meetings/{held.id}").text

    assert "/rsvp" not in page
    assert "event.ics" not in page
    assert "event.ics" in anna.get(f"/meetings/{open_meeting(held.alliance).id}").text


def test_a_page_under_the_alliance_marks_its_place(client_of, cast, veere):
    carla = client_of(cast.carla)
    for path, place in [
        (f"/alliances/{veere.id}/meetings/new", "/meetings"),
        (f"/meetings/{open_meeting(veere).id}/answers", "/meetings"),
        (f"/alliances/{veere.id}/moderation", "/topics"),
        (f"/alliances/{veere.id}/topics/new", "/topics"),
        (f"/alliances/{veere.id}/advice/new", "/advice"),
        ("/", "/"),
    ]:
        marked = re.findall(r'<a href="([^"]*)" aria-current', carla.get(path).text)
        assert marked == [place], path
    assert "aria-current" not in carla.get("/account").text


def test_a_page_of_one_thing_leads_back_to_its_list(client_of, cast, veere):
    carla = client_of(cast.carla)
    for path, above in [
        (f"/meetings/{open_meeting(veere).id}", "/meetings"),
        (f"/alliances/{veere.id}/meetings/new", f"/alliances/{veere.id}/planner"),
        (f"/meetings/{open_meeting(veere).id}/answers", f"/meetings/{open_meeting(veere).id}"),
        (f"/alliances/{veere.id}/moderation", "/topics"),
        (f"/alliances/{veere.id}/advice/new", "/advice"),
        (f"/alliances/{veere.id}/invitations", "/account"),
        ("/account", "/"),
    ]:
        assert f'<a class="back" href="{above}">' in carla.get(path).text, path
