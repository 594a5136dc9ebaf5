"""Planning through the browser's eyes: a new place in the same form, and nobody named."""

from datetime import timedelta

import pytest

from allies.db import now
from allies.i18n import local
from allies.meetings.models import Meeting
from allies.venues.models import Venue

HALL = {"name": "Havenloods", "area": "Vrouwenpolder", "address": "Kade 9", "is_step_free": "y"}


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


@pytest.fixture
def planned(carla, veere):
    """planned(days=40) sends the form of planning and gives the answer."""

    def send(*, days=40, **facts):
        starts_at = local(now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
        sent = {"starts_at": starts_at, "duration": "120", "is_extra": "y", **facts}
        return carla.post(f"/alliances/{veere.id}/meetings/new", sent)

    return send


@pytest.fixture
def without_venue(veere):
    coming = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now())
    return coming.where(Meeting.venue.is_null()).get()


def places_called(name):
    return list(Venue.select().where(Venue.name == name))


def test_a_new_place_is_made_and_chosen_with_the_meeting(planned, veere):
    assert planned(**HALL).status_code == 303

    (hall,) = places_called("Havenloods")
    assert (hall.alliance, hall.area, hall.is_step_free) == (veere, "Vrouwenpolder", True)
    assert [m.alliance for m in hall.meetings] == [veere]


def test_a_new_place_goes_before_one_from_the_list(planned, veere):
    assert planned(venue=veere.venues.get().id, **HALL).status_code == 303

    assert len(places_called("Havenloods")[0].meetings) == 1


def test_a_meeting_that_is_refused_leaves_no_new_place_and_keeps_what_was_typed(planned, carla):
    answer = planned(days=-1, **HALL)

    assert answer.status_code == 422
    assert 'value="Havenloods"' in answer.text
    assert "<details open>" in answer.text
    assert places_called("Havenloods") == []


@pytest.mark.parametrize("missing", ["name", "area", "address"])
def test_a_new_place_needs_its_name_area_and_address(planned, missing):
    answer = planned(**{**HALL, missing: ""})

    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert places_called("Havenloods") == []


def test_a_place_is_in_the_register_once(planned, veere):
    known = veere.venues.get()
    answer = planned(**{**HALL, "name": known.name.upper()})

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert len(places_called(known.name)) == 1


def test_a_meeting_without_a_place_can_be_given_a_new_one(carla, without_venue):
    answer = carla.post(f"/meetings/{without_venue.id}/venue", HALL)

    assert answer.status_code == 303
    assert Meeting.get_by_id(without_venue.id).venue.name == "Havenloods"


def test_the_part_in_the_same_answer_shows_the_place(carla, without_venue):
    htmx = {"HX-Request": "true"}
    answer = carla.post(f"/meetings/{without_venue.id}/venue", HALL, headers=htmx)

    assert answer.status_code == 200
    assert "Vrouwenpolder</span></dd>" in answer.text


def test_choosing_no_place_is_refused_beside_the_field(carla, without_venue):
    answer = carla.post(f"/meetings/{without_venue.id}/venue", {"venue": ""})

    assert answer.status_code == 422
    assert 'id="venue-error"' in answer.text


def test_what_is_brought_names_nobody(planned):
    before = Meeting.select().count()
    answer = planned(brings="Bel dhr. Pieterse op 06-12345678")

    assert answer.status_code == 422
    assert 'id="brings-error"' in answer.text
    assert Meeting.select().count() == before


def test_why_it_must_be_here_again_names_nobody(planned):
    answer = planned(reason="De zoon van mevr. Pieterse viert het hier")

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text


def test_a_place_taken_off_the_list_meanwhile_is_refused_and_the_rest_is_kept(planned, veere):
    gone = Venue.create(alliance=veere, name="Schuur", area="Domburg", address="Duinpad 8")
    Venue.delete().where(Venue.id == gone.id).execute()

    answer = planned(venue=gone.id, brings="De plannen voor de zomer")

    assert answer.status_code == 422
    assert 'id="venue-error"' in answer.text
    assert "De plannen voor de zomer" in answer.text


def test_a_place_of_another_alliance_is_none_to_choose(planned, middelburg):
    answer = planned(venue=middelburg.venues.get().id)

    assert answer.status_code == 422
    assert 'id="venue-error"' in answer.text
