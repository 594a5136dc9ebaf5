"""Who is at the table: by alias, in an order that tells nothing (PRODUCT 3, TRUST T01)."""

import re
from itertools import count
from statistics import correlation

import pytest

from allies.accounts.models import User
from allies.alliances.aliases import draw
from allies.alliances.models import Alliance, Membership, Region, Role
from allies.db import atomic
from allies.i18n import today

SEEDS, JOINING = 200, 12
PERSON = re.compile(r'class="person" hx-disable>([^<]+)<')


def aliases_on(page):
    return PERSON.findall(page.text)


@pytest.mark.parametrize("persona", ["anna", "bram", "carla", "daan", "piet"])
def test_everybody_at_the_table_sees_everybody_at_it_by_alias(client_of, cast, veere, persona):
    page = client_of(getattr(cast, persona)).get(f"/alliances/{veere.id}/members")

    table = [*veere.allies, *veere.coordinators]
    assert page.status_code == 200
    assert aliases_on(page) == sorted(m.alias for m in table)
    assert len(table) == 15


def test_a_partner_sees_no_members_and_another_alliance_none_at_all(client_of, cast, veere):
    path = f"/alliances/{veere.id}/members"

    assert client_of(cast.eva).get(path).status_code == 403
    assert client_of(cast.mina).get(path).status_code == 404
    assert client_of(cast.dirk).get(path).status_code == 404


def test_partners_are_not_at_the_table(client_of, cast, veere, member):
    assert (
        member("eva").alias not in client_of(cast.anna).get(f"/alliances/{veere.id}/members").text
    )


def test_only_coordinators_get_a_page_for_each_ally(client_of, cast, veere, member):
    anna = member("anna")
    path = f"/alliances/{veere.id}/members"

    assert f"/members/{anna.id}" in client_of(cast.carla).get(path).text
    assert "/members/" not in client_of(cast.bram).get(path).text.replace(path, "")
    assert client_of(cast.carla).get(f"/members/{anna.id}").status_code == 200
    for persona, status in (("bram", 403), ("anna", 403), ("eva", 404), ("dirk", 404)):
        seen = client_of(getattr(cast, persona)).get(f"/members/{anna.id}")
        assert seen.status_code == status, persona


def test_the_page_of_an_ally_leads_to_all_that_a_coordinator_can_do(client_of, cast, member):
    anna, carla = member("anna"), client_of(cast.carla)
    text = carla.get(f"/members/{anna.id}").text

    assert f'action="/members/{anna.id}/reveal"' in text
    for what in ("lost-phone", "way-back", "end"):
        address = f"/members/{anna.id}/{what}"
        assert f'href="{address}"' in text
        assert carla.get(address).status_code == 200


def test_a_pause_is_seen_by_coordinators_and_not_by_others(client_of, cast, veere, member):
    anna, path = member("anna"), f"/alliances/{veere.id}/members"
    Membership.update(paused_until=today()).where(Membership.id == anna.id).execute()
    devices = [client_of(user) for user in (cast.carla, cast.bram)]
    for device in devices:
        device.post("/language", {"locale": "en"})

    assert ["Has a pause" in device.get(path).text for device in devices] == [True, False]
    assert "Has a pause until" in devices[0].get(f"/members/{anna.id}").text


def test_coordinators_and_partners_have_no_such_page(client_of, cast, member):
    for persona in ("daan", "carla", "eva"):
        page = client_of(cast.carla).get(f"/members/{member(persona).id}")
        assert page.status_code == 403, persona


def test_the_list_says_nothing_of_the_order_of_joining(app):
    """Rank correlation of the order shown with the order of joining, over many alliances."""
    names, found = count(), []
    with atomic() as transaction:
        region = Region.create(name="Ergens")
        users = [User.create() for _ in range(JOINING)]
        for _seed in range(SEEDS):
            alliance = Alliance.create(region=region, name=f"Ergens {next(names)}")
            joined = []
            for user in users:
                alias = draw(alliance)
                joined.append(alias)
                Membership.create(alliance=alliance, user=user, role=Role.ALLY, alias=alias)
            shown = [m.alias for m in alliance.allies]
            found.append(correlation(range(JOINING), [shown.index(alias) for alias in joined]))
        transaction.rollback()

    assert len(found) == SEEDS
    assert abs(sum(found) / SEEDS) < 0.2
    assert max(abs(rank) for rank in found) < 1
