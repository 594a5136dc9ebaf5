"""The card that is handed over: whoever finds it learns nothing (TRUST T11, T26)."""

import re

import brotli
import pytest

from allies.invitations import service
from allies.invitations.models import Invitation
from tests.notifications.words import forbidden_in
from tests.test_pages import PAGE_BYTES, check_html
from tests.test_squares import dark_modules, modules_of

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


@pytest.fixture
def page(client_of, cast, veere):
    return client_of(cast.carla).post(f"/alliances/{veere.id}/invitations").text


def printed(page):
    """What is left of a page on paper: the header's name, and the card."""
    return page.split('<div class="card now">')[1].split("</div>")[0]


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_finder_learns_nothing_from_the_card(client_of, cast, veere, locale):
    carla = client_of(cast.carla)
    with carla.client.session_transaction() as session:
        session["locale"] = locale
    card = printed(carla.post(f"/alliances/{veere.id}/invitations").text)

    assert CODE.search(card)
    assert forbidden_in(card.replace(CODE.search(card).group(), "")) == []


def test_the_square_holds_the_address_of_the_settings_with_the_code_behind_the_hash(app, page):
    base_url = app.config["ALLIES"].base_url
    code = CODE.search(printed(page)).group()
    drawn = re.search(r'stroke="#000" d="([^"]+)"', printed(page)).group(1)

    assert modules_of(drawn) == dark_modules(f"{base_url}/join#{code}", "m")


def test_the_square_asks_nothing_of_the_content_policy(page):
    svg = page.split('<svg class="square"')[1].split("</svg>")[0]
    names = set(re.findall(r' ([a-zA-Z:-]+)="', svg))

    assert {"viewBox", "d"} <= names
    assert names.isdisjoint({"style", "href", "onload"})


def test_the_card_of_a_way_back_says_as_little(client_of, cast, member):
    answer = client_of(cast.carla).post(
        f"/members/{member('anna').id}/way-back", {"note": "Toestel kwijt, ik ken haar stem."}
    )

    assert forbidden_in(printed(answer.text)) == []
    assert member("anna").alias not in printed(answer.text)
    assert "Toestel" not in answer.text


def test_fewer_than_ten_allies_only_warns(client_of, cast, veere):
    carla, path = client_of(cast.carla), f"/alliances/{veere.id}/invitations"
    assert veere.allies.count() >= 10
    enough = carla.get(path).text
    for ally in list(veere.allies)[: veere.allies.count() - 9]:
        ally.delete_instance(recursive=True)
    few = carla.get(path).text

    assert '<p class="note warn">' not in enough
    assert '<p class="note warn">' in few
    assert carla.post(path).status_code == 200
    assert Invitation.select().where(~Invitation.is_used).count() == 1
    assert service.open_places(veere) == 1


def test_the_page_of_the_card_is_whole_and_light(page):
    check_html(page, "card")

    assert len(brotli.compress(page.encode())) <= PAGE_BYTES
