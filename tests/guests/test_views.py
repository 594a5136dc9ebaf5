"""The guests of a meeting, on the pages of coordinators and members."""

from datetime import timedelta

import pytest

from allies.db import now
from allies.guests.models import Guest
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from tests.walk import content_hash

ADDRESS = "burgemeester@example.org"


@pytest.fixture
def meeting(veere):
    return Meeting.create(alliance=veere, starts_at=now() + timedelta(days=20), duration=120)


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


@pytest.fixture
def path(meeting):
    return f"/meetings/{meeting.id}/guests"


def guest_of(meeting, **facts):
    return Guest.create(alliance=meeting.alliance, meeting=meeting, **facts)


def test_a_guest_is_invited_by_what_they_do(carla, path, meeting):
    answer = carla.post(path, {"function": " burgemeester ", "email": ADDRESS})
    page = carla.get(path).text

    assert (answer.status_code, answer.location) == (303, path)
    assert "burgemeester" in page
    assert ADDRESS not in page
    assert Guest.get(Guest.meeting == meeting).function == "burgemeester"
    assert Delivery.select().count() == 1


@pytest.mark.parametrize("function", ["", "mevrouw Jansen", "wijkagent Jan", "x" * 81,
                                      "bel 06 12345678"])  # fmt: skip
def test_who_names_somebody_or_says_nothing_is_asked_again(carla, path, function):
    answer = carla.post(path, {"function": function, "email": ADDRESS})

    assert answer.status_code == 422
    assert not Delivery.select().exists()


@pytest.mark.parametrize("email", ["x", "a@b", "a@b.nl, c@d.nl", "a@b.nl\r\nBcc: c@d.nl",
                                   "x" * 250 + "@example.org"])  # fmt: skip
def test_an_address_no_message_can_go_to_is_refused(carla, path, meeting, email):
    assert carla.post(path, {"function": "spreker", "email": email}).status_code == 422
    assert not Guest.select().where(Guest.meeting == meeting).exists()


def test_a_refusal_stands_beside_its_field(carla, path):
    carla.post(path, {"function": "spreker"})
    answer = carla.post(path, {"function": "Spreker"})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_same_form_twice_is_one_guest(carla, path, meeting):
    for _twice in range(2):
        assert carla.post(path, {"function": "spreker", "once": "x" * 22}).status_code == 303

    assert Guest.select().where(Guest.meeting == meeting).count() == 1


def test_a_guest_is_taken_off_the_list(carla, path, meeting):
    guest = guest_of(meeting, function="spreker")
    answer = carla.post(f"/guests/{guest.id}/remove")

    assert (answer.status_code, answer.location) == (303, path)
    assert not Guest.select().where(Guest.meeting == meeting).exists()
    assert carla.post(f"/guests/{guest.id}/remove").status_code == 404


@pytest.mark.parametrize(("persona", "code"), [("anna", 403), ("eva", 403), ("dirk", 404),
                                               ("mina", 404)])  # fmt: skip
def test_inviting_is_for_the_coordinators(client_of, cast, meeting, path, persona, code):
    guest = guest_of(meeting, function="spreker")
    device = client_of(getattr(cast, persona))
    before = content_hash()

    assert device.get(path).status_code == code
    assert device.post(path, {"function": "nog een"}).status_code == code
    for what in ("send", "remove"):
        of_the_guest = 404 if persona == "eva" else code  # a partner knows of no guest
        assert device.post(f"/guests/{guest.id}/{what}").status_code == of_the_guest
    assert content_hash() == before


def test_members_see_who_visits_by_function_and_partners_do_not(client_of, cast, meeting):
    guest_of(meeting, function="spreker over wonen")
    guest_of(meeting, function="verhinderde gast", answer="no")
    path = f"/meetings/{meeting.id}"

    anna, eva = (client_of(user).get(path).text for user in (cast.anna, cast.eva))

    assert "spreker over wonen" in anna
    assert "verhinderde gast" not in anna
    assert "spreker over wonen" not in eva


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()},
                                   {"starts_at": now() - timedelta(days=1)}])  # fmt: skip
def test_without_a_meeting_to_come_there_is_no_form(carla, path, meeting, facts):
    Meeting.update(**facts).where(Meeting.id == meeting.id).execute()
    page = carla.get(path)

    assert page.status_code == 200
    assert 'name="function"' not in page.text
    assert carla.post(path, {"function": "spreker"}).status_code == 409
