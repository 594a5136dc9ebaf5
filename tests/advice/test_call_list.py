"""The call list: the one look at many, for an hour, a line for each (TRUST)."""

from datetime import timedelta

import pytest

from allies.accounts.models import FRESH, SignIn
from allies.advice import calling, service
from allies.advice.models import CallList
from allies.alliances.models import Membership
from allies.audit import AuditLine
from allies.db import now
from allies.i18n import today
from allies.people.models import Identity, Reason, Reveal
from tests.advice.rounds import end
from tests.people.eyes import openings


def path(round):
    return f"/advice/{round.id}/call-list"


def looks():
    return Reveal.select().where(Reveal.reason == Reason.ROUND, Reveal.on == today())


def lines():
    return AuditLine.select().where(AuditLine.action == "member.revealed")


def numbers_on(page):
    return page.text.count('href="tel:+')


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


def test_before_it_is_opened_it_holds_aliases_and_no_numbers(carla, opened, member):
    service.answer(opened, by=member("anna"), mood="calm")

    with openings() as fields:
        page = carla.get(path(opened))

    assert page.status_code == 200
    assert page.text.count('class="person"') == 11
    assert member("bram").alias in page.text
    assert member("anna").alias not in page.text
    assert numbers_on(page) == 0
    assert fields == []


def test_whoever_has_a_pause_is_not_on_it(carla, opened, member):
    bram = member("bram")
    Membership.update(paused_until=today()).where(Membership.id == bram.id).execute()

    assert bram.alias not in carla.get(path(opened)).text


def test_pressing_shows_the_numbers_without_names_and_writes_a_line_for_each(
    carla, opened, member, veere
):
    service.answer(opened, by=member("anna"), mood="calm")
    before = lines().count()

    answer = carla.post(path(opened))
    page = carla.get(path(opened))

    assert (answer.status_code, answer.location) == (303, path(opened))
    assert numbers_on(page) == looks().count() == lines().count() - before == 11
    silent = {m.id for m in veere.allies} - {member("anna").id}
    assert {row.membership_id for row in looks()} == silent
    assert {row.field for row in looks()} == {"phone"}
    for ally in veere.allies:
        assert Identity.get(Identity.user == ally.user).open("name") not in page.text


def test_nothing_is_opened_before_its_line(carla, opened):
    with openings() as while_writing:
        carla.post(path(opened))
    with openings() as while_showing:
        carla.get(path(opened))

    assert while_writing == []
    assert len(while_showing) == looks().count() == 12
    assert {o[:2] for o in while_showing} == {("identity", "phone")}


def test_opened_again_within_the_hour_it_is_the_same_look(carla, opened):
    carla.post(path(opened))
    for _ in range(3):
        carla.post(path(opened))
        assert numbers_on(carla.get(path(opened))) == 12

    assert looks().count() == 12
    assert CallList.select().count() == 1


def test_after_an_hour_the_numbers_are_hidden_and_opening_is_a_new_look(carla, opened):
    carla.post(path(opened))
    CallList.update(opened_at=now() - calling.OPEN_FOR).execute()
    assert numbers_on(carla.get(path(opened))) == 0

    carla.post(path(opened))

    assert numbers_on(carla.get(path(opened))) == 12
    assert looks().count() == 24


def test_a_member_who_comes_back_within_the_hour_is_shown_only_with_a_line(carla, opened, member):
    bram = Membership.id == member("bram").id
    Membership.update(paused_until=today()).where(bram).execute()
    carla.post(path(opened))
    Membership.update(paused_until=None).where(bram).execute()
    assert numbers_on(carla.get(path(opened))) == 11

    carla.post(path(opened))

    assert numbers_on(carla.get(path(opened))) == looks().count() == 12


def test_a_member_without_a_number_has_no_line(carla, opened, member):
    bram = Identity.user == member("bram").user_id
    Identity.update(phone=None, phone_index=None).where(bram).execute()

    carla.post(path(opened))

    page = carla.get(path(opened))
    assert member("bram").alias in page.text
    assert numbers_on(page) == looks().count() == 11


def test_whoever_answers_meanwhile_is_off_the_list(carla, opened, member):
    carla.post(path(opened))
    service.answer(opened, by=member("anna"), mood="calm")

    page = carla.get(path(opened))
    assert member("anna").alias not in page.text
    assert numbers_on(page) == 11


def test_it_opens_for_whoever_pressed_and_nobody_else(carla, opened, client_of, cast):
    carla.post(path(opened))

    assert numbers_on(client_of(cast.daan).get(path(opened))) == 0


def test_it_is_not_counted_as_many_looks(carla, opened):
    carla.post(path(opened))

    often = AuditLine.select().where(AuditLine.action == "member.revealed-often")
    assert not often.exists()


@pytest.mark.parametrize("state", ["draft", "ended", "closed", "outcome-given"])
def test_there_is_no_list_of_a_round_that_is_not_open(carla, at_state, state):
    round = at_state(state)

    assert carla.get(path(round)).status_code == 409
    assert carla.post(path(round)).status_code == 409
    assert looks().count() == 0


def test_when_the_round_ends_the_numbers_are_gone(carla, opened):
    carla.post(path(opened))

    assert carla.get(path(end(opened))).status_code == 409


@pytest.mark.parametrize(
    ("persona", "status"),
    [("anna", 403), ("bram", 403), ("eva", 404), ("mina", 404), ("dirk", 404), ("sanne", 404)],
)
def test_it_is_for_the_coordinators_of_the_alliance(opened, client_of, cast, persona, status):
    device = client_of(getattr(cast, persona))

    assert device.get(path(opened)).status_code == status
    assert device.post(path(opened)).status_code == status
    assert looks().count() == 0


def test_it_asks_for_a_fresh_sign_in(carla, opened):
    token = carla.token
    SignIn.update(proved_at=now() - FRESH - timedelta(seconds=1)).execute()

    answer = carla.client.post(path(opened), data={"csrf_token": token})

    assert answer.status_code == 403
    assert looks().count() == CallList.select().count() == 0


def test_the_board_of_an_open_round_leads_to_it_for_coordinators(carla, opened, client_of, cast):
    page = f"/advice/{opened.id}"

    assert path(opened) in carla.get(page).text
    assert path(opened) not in client_of(cast.anna).get(page).text
    assert path(opened) not in carla.get(f"/advice/{end(opened).id}").text
