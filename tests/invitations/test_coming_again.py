"""Joining as somebody who is known here: back to an old place, or from one group to the next."""

from datetime import timedelta

import pytest

from allies.accounts.models import SignIn, User
from allies.accounts.service import authenticate
from allies.alliances.models import Membership
from allies.db import now
from allies.invitations import service, way_back
from allies.invitations.models import Invitation
from allies.people.models import Identity
from tests.invitations.test_joining import PASSPHRASE, Newcomer, fill
from tests.passkeys.authenticator import Phone


def nora():
    return Identity.users_with_email("nora@example.org").get()


@pytest.fixture
def place(app, veere):
    """Nora's place in Veere; she joined with a passphrase and lost her phone."""
    newcomer = Newcomer(app)
    newcomer.type_code(service.invite(veere, by="operator")[1])
    newcomer.fill_in()
    return Membership.get(Membership.user == nora())


@pytest.fixture
def code(place, member):
    """The code with which she comes back."""
    return way_back.offer(place, by=member("carla"), note="Telefoon kwijt.")[1]


def test_a_way_back_gives_the_old_place_and_alias_to_a_new_account(app, place, code):
    back = Newcomer(app)
    back.type_code(code)
    assert back.join_with(Phone()).status_code == 303

    now_hers = Membership.get_by_id(place.id)
    assert now_hers.alias == place.alias
    assert now_hers.user_id == nora().id != place.user_id
    assert not User.select().where(User.id == place.user_id).exists()
    assert place.alias in back.client.get("/").text


def test_whoever_comes_back_chooses_a_new_passphrase(app, place, code):
    back = Newcomer(app)
    back.type_code(code)

    assert back.fill_in().status_code == 422
    assert Membership.get_by_id(place.id).user_id == place.user_id
    assert back.fill_in(passphrase="kraanvogel pindakaas sleutel mist").status_code == 200
    assert authenticate("nora@example.org", PASSPHRASE) is None


def test_a_way_back_works_once(app, place, code):
    first, second = Newcomer(app), Newcomer(app)
    for device in (first, second):
        device.type_code(code)
    assert first.join_with(Phone()).status_code == 303
    hers = Membership.get_by_id(place.id).user_id

    assert second.join_with(Phone(), email="evil@example.org").status_code == 422
    assert Membership.get_by_id(place.id).user_id == hers


def test_the_page_of_a_way_back_does_not_say_whose_place_it_is(app, place, code):
    back = Newcomer(app)
    back.type_code(code)
    page = back.page().text

    assert place.alias not in page
    assert "Nora" not in page
    assert "nora@example.org" not in page


@pytest.fixture
def anna(client_of, cast, middelburg):
    """Anna, an ally in Veere, with a code for Middelburg typed."""
    device = client_of(cast.anna)
    device.post("/join", {"code": service.invite(middelburg, by="operator")[1]})
    return device


def places_of(user):
    return {m.alliance.name for m in Membership.select().where(Membership.user == user)}


def test_an_ally_who_moves_house_leaves_one_place_with_the_same_press(anna, cast, member):
    assert anna.post("/join", {"rules": "y", "leave": member("anna").id}).location == "/"

    assert places_of(cast.anna) == {"Middelburg"}
    assert anna.get("/account").status_code == 200


def test_who_does_not_ask_for_it_stays_everywhere(anna, cast):
    anna.post("/join", {"rules": "y", "leave": ""})

    assert places_of(cast.anna) == {"Veere", "Middelburg"}


def test_leaving_with_it_asks_for_a_fresh_sign_in(anna, cast, member):
    long_ago = now() - timedelta(minutes=6)
    SignIn.update(proved_at=long_ago).where(SignIn.user == cast.anna.id).execute()
    asked = anna.post("/join", {"rules": "y", "leave": member("anna").id})

    assert asked.status_code == 403
    assert 'name="leave"' in asked.text
    assert places_of(cast.anna) == {"Veere"}


def test_nobody_leaves_a_place_that_is_not_theirs_or_not_that_of_an_ally(
    anna, client_of, cast, member, middelburg
):
    assert anna.post("/join", {"rules": "y", "leave": member("bram").id}).status_code == 422
    assert places_of(cast.bram) == {"Veere"}

    piet = client_of(cast.piet)
    piet.post("/join", {"code": service.invite(middelburg, by="operator")[1]})
    assert 'name="leave"' not in piet.get("/join").text


def test_when_the_other_group_is_full_nobody_leaves(anna, cast, member, middelburg):
    fill(middelburg)

    assert anna.post("/join", {"rules": "y", "leave": member("anna").id}).status_code == 409
    assert places_of(cast.anna) == {"Veere"}
    assert Invitation.select().where(Invitation.is_used).count() == 0
