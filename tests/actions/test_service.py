"""Actions belong to a role, by a day, and stay open until somebody ends them."""

from datetime import timedelta

import pytest
import time_machine

from allies.actions import service
from allies.actions.models import Action, ActionState, Owner
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import today

DAY = timedelta(days=1)


@pytest.fixture
def add(veere, member):
    def make(owner=Owner.POLICE, due_on=None, text="Verlichting bij de haven nalopen"):
        due_on = due_on or today() + 14 * DAY
        return service.add(veere, by=member("carla"), owner=owner, text=text, due_on=due_on)

    return make


def recorded(action):
    rows = AuditLine.select().where(AuditLine.subject == action.id).order_by(AuditLine.id)
    return [line.action for line in rows]


@pytest.mark.parametrize("days", [-1, 731])
def test_an_action_is_due_between_today_and_two_years(add, days):
    with pytest.raises(Refused) as refusal:
        add(due_on=today() + days * DAY)
    assert refusal.value.field == "due_on"


@pytest.mark.parametrize("days", [0, 730])
def test_the_first_and_the_last_day_are_fine(add, days):
    assert add(due_on=today() + days * DAY).is_open


def test_an_action_is_overdue_the_day_after_it_was_due(add):
    action = add(due_on=today())
    assert not action.is_overdue
    with time_machine.travel(now() + DAY):
        assert action.is_overdue


def test_done_twice_counts_once_and_the_second_is_told(add, member):
    action = add()
    other_page = Action.get_by_id(action.id)
    service.finish(action, by=member("carla"))

    with pytest.raises(DomainError):
        service.finish(other_page, by=member("daan"))
    assert recorded(action) == ["action.added", "action.done"]


def test_what_was_dropped_meanwhile_is_not_done(add, member):
    action = add()
    other_page = Action.get_by_id(action.id)
    service.drop(action, by=member("carla"), reason="Het Rijk doet dit nu zelf.")

    with pytest.raises(DomainError):
        service.finish(other_page, by=member("daan"))
    assert Action.get_by_id(action.id).state == ActionState.DROPPED


def test_a_mistaken_done_can_be_taken_back_that_day_and_not_the_day_after(add, member):
    action = add()
    service.finish(action, by=member("carla"))
    service.reopen(action, by=member("carla"))
    assert Action.get_by_id(action.id).is_open

    service.finish(action, by=member("carla"))
    with time_machine.travel(now() + DAY), pytest.raises(DomainError):
        service.reopen(Action.get_by_id(action.id), by=member("carla"))


def test_what_was_dropped_with_a_reason_stays_dropped(add, member):
    action = add()
    service.drop(action, by=member("carla"), reason="Het Rijk doet dit nu zelf.")

    with pytest.raises(DomainError):
        service.reopen(action, by=member("carla"))


def test_what_an_ally_ticks_off_is_in_no_log(add, member):
    action = add(owner=Owner.GROUP)
    service.finish(action, by=member("anna"))
    service.reopen(action, by=member("anna"))

    assert recorded(action) == ["action.added"]


def test_a_list_that_nobody_would_read_any_more_takes_no_further_action(add, member):
    first = add()
    is_open = (Action.alliance == first.alliance) & (Action.state == ActionState.OPEN)
    for _ in range(service.MOST_OPEN - Action.select().where(is_open).count()):
        add()
    with pytest.raises(DomainError):
        add()
    service.finish(first, by=member("carla"))
    assert add().is_open
