"""A code that gives somebody's place back lies on the desks of the others for a week (T08, T12)."""

from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import User
from allies.alliances.models import Membership
from allies.db import now
from allies.home.today import Today
from allies.invitations import service
from allies.invitations.codes import hash_of
from allies.invitations.models import Invitation
from allies.invitations.way_back import offer
from allies.rights.leaving import let_go
from allies.rights.models import Objection
from tests.walk import counted_queries

WHY = "Ze is haar telefoon kwijt, zegt ze."
POLICE, OPERATOR = "Made by a coordinator of the police.", "Made by the administrator."


@pytest.fixture
def desk(cast):
    return lambda persona: Today(User.get_by_id(getattr(cast, persona).id)).desk


@pytest.fixture
def page(client_of, cast):
    def read(persona):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device.get("/").text

    return read


def test_the_other_organisation_sees_it_on_its_desk(member, page):
    offer(member("anna"), by=member("carla"), note=WHY)

    text = page("daan")
    card = text.split("come back in after losing every way in")[1].split("</section>")[0]
    assert member("anna").alias in card
    assert POLICE in card
    assert WHY not in text


@pytest.mark.parametrize("persona", ["carla", "anna", "bram", "eva", "dirk", "sanne"])
def test_nobody_outside_those_desks_sees_it(member, page, persona):
    offer(member("anna"), by=member("carla"), note=WHY)

    assert "come back in after losing every way in" not in page(persona)


def test_it_stays_a_week(member, desk):
    offer(member("anna"), by=member("carla"), note=WHY)
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert len(desk("daan").ways_back) == 1
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert desk("daan").ways_back == []


def test_it_stays_when_whoever_took_the_place_has_gone(member, page):
    code = offer(member("anna"), by=member("carla"), note=WHY)[1]
    invitation = Invitation.open_with(hash_of(code))
    let_go(service.join(invitation, name="Niemand", email="x@example.org", locale="nl"))

    assert "somebody who has left since" in page("daan")


def test_it_stays_when_the_coordinator_who_made_it_has_gone(member, page):
    offer(member("anna"), by=member("carla"), note=WHY)
    let_go(Membership.get_by_id(member("carla", "Veere").id))

    assert "Made by a coordinator who has left since." in page("daan")


def test_one_by_the_operator_shows_to_the_others_and_not_to_whom_it_is_for(member, page):
    offer(member("carla", "Veere"), by="operator", note=WHY)

    assert OPERATOR in page("daan")
    assert OPERATOR not in page("carla")


def test_several_beside_objections_show_each_once_and_cost_no_question_more(
    member, client_of, cast
):
    device = client_of(cast.daan)
    with counted_queries() as before:
        device.get("/")
    veere = member("anna").alliance_id
    for persona in ("anna", "bram"):
        Objection.create(alliance=veere, membership=member(persona), text="Liever niet.")
        offer(member(persona), by=member("carla"), note=WHY)

    with counted_queries() as after:
        page = device.get("/").text

    assert (len(Today(cast.daan).desk.ways_back), page.count("/objections/")) == (2, 2)
    assert len(after) <= len(before) <= 8
