"""Actions through the browser's eyes."""

from datetime import timedelta

import brotli
import pytest
import time_machine

from allies.actions import service
from allies.actions.models import Action, ActionState, Owner
from allies.db import now
from allies.i18n import today
from allies.topics.models import Topic
from tests.walk import counted_queries

DAY = timedelta(days=1)


@pytest.fixture
def add(veere, member):
    def make(owner=Owner.GROUP, text="Buren bij de molen uitnodigen", days=14):
        due_on = today() + days * DAY
        return service.add(veere, by=member("carla"), owner=owner, text=text, due_on=due_on)

    return make


@pytest.fixture
def device(client_of, cast):
    def of(persona):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device

    return of


def sent(**facts):
    due_on = (today() + 7 * DAY).isoformat()
    return {"text": "Folder maken", "owner": "group", "due_on": due_on} | facts


@pytest.mark.parametrize(
    ("persona", "status"),
    [("anna", 200), ("carla", 200), ("eva", 403), ("mina", 404), ("dirk", 404)],
)
def test_the_list_is_for_who_sits_at_the_table(device, veere, add, persona, status):
    assert device(persona).get(f"/alliances/{veere.id}/actions").status_code == status


@pytest.mark.parametrize(
    ("persona", "status"), [("anna", 403), ("carla", 303), ("eva", 403), ("dirk", 404)]
)
def test_coordinators_add(device, veere, persona, status):
    before = Action.select().count()
    answer = device(persona).post(f"/alliances/{veere.id}/actions", sent())

    assert answer.status_code == status
    assert Action.select().count() - before == (status == 303)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": "Bel mij op 06-12345678"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"owner": "carla"}, "owner"),
        ({"owner": ""}, "owner"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"due_on": "30-02-2027"}, "due_on"),
        ({"due_on": ""}, "due_on"),
    ],
)
def test_what_can_not_be_an_action_is_told_beside_its_field(device, veere, facts, field):
    before = Action.select().count()
    answer = device("carla").post(f"/alliances/{veere.id}/actions", sent(**facts))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert Action.select().count() == before


def test_fields_that_are_not_asked_for_change_nothing(device, veere, middelburg):
    extra = sent(text="Een hek", alliance=middelburg.id, state="done", reason="x")
    device("carla").post(f"/alliances/{veere.id}/actions", extra)

    action = Action.get(Action.text == "Een hek")
    assert (action.alliance, action.state, action.reason) == (veere, ActionState.OPEN, "")


@pytest.mark.parametrize(
    ("persona", "owner", "status"),
    [
        ("anna", Owner.GROUP, 303),
        ("anna", Owner.POLICE, 403),
        ("daan", Owner.POLICE, 303),
        ("eva", Owner.GROUP, 404),
        ("mina", Owner.GROUP, 404),
    ],
)
def test_the_group_ticks_off_its_own_and_coordinators_any(device, add, persona, owner, status):
    action = add(owner)
    assert device(persona).post(f"/actions/{action.id}/done").status_code == status
    assert Action.get_by_id(action.id).is_open == (status != 303)


def test_two_browsers_that_both_say_done_get_one_yes_and_one_explanation(device, add):
    action = add()
    first, second = device("carla"), device("anna")
    assert first.post(f"/actions/{action.id}/done").status_code == 303
    assert second.post(f"/actions/{action.id}/done").status_code == 409


def test_dropping_asks_why_and_everybody_reads_it(device, veere, add):
    action, carla = add(text="Een bankje plaatsen"), device("carla")
    assert carla.get(f"/actions/{action.id}/drop").status_code == 200
    assert carla.post(f"/actions/{action.id}/drop", {"reason": ""}).status_code == 422
    assert carla.post(f"/actions/{action.id}/drop", {"reason": "Het mag niet"}).status_code == 303
    assert carla.get(f"/actions/{action.id}/drop").status_code == 409

    assert "Het mag niet" in device("anna").get(f"/alliances/{veere.id}/actions").text


def test_an_ally_drops_nothing(device, add):
    action = add()
    assert device("anna").post(f"/actions/{action.id}/drop", {"reason": "Nee"}).status_code == 403


def test_what_is_done_folds_away_and_can_be_taken_back_today(device, veere, add):
    action, anna = add(), device("anna")
    anna.post(f"/actions/{action.id}/done")
    page = anna.get(f"/alliances/{veere.id}/actions").text
    assert f"/actions/{action.id}/reopen" in page.split("Not open any more")[1]

    with time_machine.travel(now() + DAY, tick=False):
        later = device("anna").get(f"/alliances/{veere.id}/actions").text
        assert action.text in later
        assert f"/actions/{action.id}/reopen" not in later


def test_the_button_answers_with_the_list_alone(device, add):
    action = add()
    htmx = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://localhost/alliances/{action.alliance_id}/actions",
    }
    part = device("carla").post(f"/actions/{action.id}/done", headers=htmx)

    assert part.status_code == 200
    assert "<html" not in part.text
    assert f'id="actions-{action.alliance_id}"' in part.text


def test_overdue_is_said_in_words(device, veere, add):
    add(days=0)
    with time_machine.travel(now() + DAY, tick=False):
        assert "Overdue" in device("anna").get(f"/alliances/{veere.id}/actions").text


def test_a_full_list_stays_light_and_asks_as_much_as_a_short_one(device, veere, add):
    Action.delete().execute()
    carla, costs = device("carla"), []
    texts = [topic.what[:300] for topic in Topic.select().where(Topic.what != "")]
    assert len(texts) >= service.MOST_OPEN
    for some in (texts[:1], texts[1 : service.MOST_OPEN]):
        for text in some:
            add(text=text)
        with counted_queries() as queries:
            page = carla.get(f"/alliances/{veere.id}/actions")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8
    assert len(brotli.compress(page.data)) <= 6_000
