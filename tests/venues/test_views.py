"""The register of places through the browser's eyes."""

import re
from datetime import timedelta

import pytest

from allies.db import now
from allies.meetings.models import Meeting
from allies.venues.models import Venue

BARN = {"name": "Schuur", "area": "Domburg", "address": "Duinpad 8"}


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


@pytest.fixture
def barn(veere):
    return Venue.create(alliance=veere, **BARN)


def coming_place(alliance):
    coming = Meeting.select().where(Meeting.alliance == alliance, Meeting.starts_at > now())
    return coming.where(Meeting.venue.is_null(False)).get().venue


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Bel 06-12345678"),
        ("name", "zaal@example.org"),
        ("name", "Zaal 4351AB12"),
        ("area", "Duinpad 8"),
        ("area", "4351 AB 12"),
        ("area", "Domburg, 06_12345678"),
    ],
)
def test_name_and_area_say_nothing_that_leads_to_a_door(carla, veere, field, typed):
    answer = carla.post(f"/alliances/{veere.id}/venues/new", {**BARN, field: typed})

    assert answer.status_code == 422
    assert "<mark>" in answer.text
    assert not Venue.select().where(Venue.address == BARN["address"]).exists()


def test_a_hall_may_be_called_after_somebody(carla, veere):
    named = {**BARN, "name": "Dorpshuis Jan de Vries"}

    assert carla.post(f"/alliances/{veere.id}/venues/new", named).status_code == 303


def test_only_coordinators_of_the_alliance_open_the_register(client_of, cast, veere, barn):
    paths = [f"/alliances/{veere.id}/venues", f"/alliances/{veere.id}/venues/new"]
    statuses = {
        who: [client_of(getattr(cast, who)).get(path).status_code for path in paths]
        for who in ("carla", "anna", "eva", "dirk")
    }
    of_barn = {
        who: client_of(getattr(cast, who)).get(f"/venues/{barn.id}").status_code for who in statuses
    }

    assert statuses == {"carla": [200] * 2, "anna": [403] * 2, "eva": [403] * 2, "dirk": [404] * 2}
    assert of_barn == {"carla": 200, "anna": 404, "eva": 404, "dirk": 404}


def test_a_place_is_added_changed_removed(carla, veere):
    new = f"/alliances/{veere.id}/venues/new"
    assert carla.post(new, {**BARN, "is_step_free": "y"}).status_code == 303
    barn = Venue.get(Venue.name == "Schuur")
    assert barn.is_step_free

    assert carla.post(f"/venues/{barn.id}", {**BARN, "area": "Veere"}).status_code == 303
    changed = Venue.get_by_id(barn.id)
    assert (changed.area, changed.is_step_free) == ("Veere", False)
    assert "Schuur" in carla.get(f"/alliances/{veere.id}/venues").text

    assert carla.post(f"/venues/{barn.id}/remove").status_code == 303
    assert "Schuur" not in carla.get(f"/alliances/{veere.id}/venues").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("area", " "), ("address", ""), ("name", "a" * 81), ("transport", "b" * 2000),
     ("transport", "Bel 06-12345678 voor de sleutel")],
)  # fmt: skip
def test_what_is_wrong_with_a_place_is_said_beside_its_field(carla, barn, field, typed):
    answer = carla.post(f"/venues/{barn.id}", {**BARN, "area": "Veere", field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Duinpad 8"' in answer.text or field == "address"
    assert Venue.get_by_id(barn.id).area == "Domburg"


def test_a_place_where_a_meeting_is_to_be_held_is_not_removed(carla, veere):
    place = coming_place(veere)

    answer = carla.post(f"/venues/{place.id}/remove")

    assert answer.status_code == 409
    assert not Venue.get_by_id(place.id).is_retired


def test_a_place_that_was_used_is_folded_away_and_brought_back(carla, veere, barn):
    Meeting.create(alliance=veere, venue=barn, starts_at=now() - timedelta(days=400), duration=120)
    index = f"/alliances/{veere.id}/venues"
    assert "<details" not in carla.get(index).text

    carla.post(f"/venues/{barn.id}/remove")
    shown, folded = carla.get(index).text.split("<details", 1)
    assert barn.id in folded
    assert barn.id not in shown
    assert barn.id not in carla.get(f"/alliances/{veere.id}/meetings/new").text

    carla.post(f"/venues/{barn.id}/return")
    assert barn.id in carla.get(f"/alliances/{veere.id}/meetings/new").text


def test_members_see_the_address_as_it_is_now(client_of, cast, carla, veere):
    place = coming_place(veere)
    meeting = Meeting.get(Meeting.venue == place)
    Meeting.update(starts_at=now() + timedelta(days=2)).where(Meeting.id == meeting.id).execute()
    facts = {"name": place.name, "area": place.area}

    carla.post(f"/venues/{place.id}", {**facts, "address": "Nieuwe Kade 3"})

    page = client_of(cast.anna).get(f"/meetings/{meeting.id}").text
    assert "Nieuwe Kade 3" in page
    assert place.address not in page


def test_fields_of_other_tables_are_ignored(carla, barn, middelburg):
    sent = {**BARN, "alliance": middelburg.id, "is_retired": "1", "id": "x" * 16}

    assert carla.post(f"/venues/{barn.id}", sent).status_code == 303
    kept = Venue.get_by_id(barn.id)
    assert kept.alliance_id == barn.alliance_id
    assert not kept.is_retired


def test_of_two_who_change_a_place_the_second_sees_how_it_is_now(client_of, cast, carla, barn):
    path, daan = f"/venues/{barn.id}", client_of(cast.daan)
    seen = seen_on(daan.get(path))
    carla.post(path, {**BARN, "address": "Nieuwe Kade 3", "seen": seen})

    stale = daan.post(path, {**BARN, "has_kitchen": "y", "seen": seen})

    assert stale.status_code == 422
    assert "Nieuwe Kade 3" in stale.text
    assert Venue.get_by_id(barn.id).address == "Nieuwe Kade 3"
    again = daan.post(path, {**BARN, "has_kitchen": "y", "seen": seen_on(stale)})
    assert again.status_code == 303


def seen_on(answer):
    return re.search(r'name="seen"[^>]*value="([^"]+)"', answer.text)[1]
