"""Everybody at the same moment (TRUST R05): one row a member, one closing, no errors."""

import threading

import pytest

from allies.accounts.models import User
from allies.advice import service
from allies.advice.models import Advice, Round
from allies.advice.states import State
from allies.alliances.models import Alliance, Membership
from allies.db import new_id
from allies.outcomes.models import Outcome
from allies.people.models import Identity
from tests.advice.rounds import ADVICE, end, fresh, state_of
from tests.at_once import at_once, press


@pytest.fixture
def fifteen(veere):
    """Fifteen allies in Veere, the largest group there is."""
    for alias in ("Zeehond", "Zeepok", "Zeester"):
        user = User.create()
        Identity.enrol(user, name=f"Iemand {alias}", email=f"{alias}@example.org")
        Membership.create(alliance=veere, user=user, role="ally", alias=alias)
    return list(Alliance.get_by_id(veere.id).allies)


def test_fifteen_members_answer_at_once_and_each_has_one_row(client_of, fifteen, opened):
    path = f"/advice/{opened.id}/answer"
    jobs = [press(client_of(a.user), path, ADVICE) for a in fifteen]

    assert at_once(jobs) == [303] * 15

    authors = [a.membership_id for a in Advice.select().where(Advice.round == opened)]
    assert sorted(authors) == sorted(a.id for a in fifteen)
    assert fresh(opened).version == opened.version + 15


def test_one_member_pressing_ten_times_has_one_row(client_of, cast, opened):
    anna = client_of(cast.anna)
    jobs = [press(anna, f"/advice/{opened.id}/answer", ADVICE) for _ in range(10)]

    assert at_once(jobs) == [303] * 10
    assert Advice.select().where(Advice.round == opened).count() == 1


@pytest.mark.parametrize("repeat", range(5))
def test_two_coordinators_closing_at_once_close_it_once(client_of, cast, opened, repeat):
    before = Outcome.select().count()
    path = f"/advice/{opened.id}/close"
    jobs = [press(client_of(u), path, {}) for u in (cast.carla, cast.daan)]

    assert sorted(at_once(jobs)) == [303, 409]
    assert state_of(opened) == State.CLOSED
    assert Outcome.select().count() == before + 1


def test_two_keys_at_once_open_it_once(client_of, cast, draft):
    path = f"/advice/{draft.id}/confirm"
    jobs = [press(client_of(cast.daan), path, {}) for _ in range(2)]

    assert sorted(at_once(jobs)) == [303, 409]
    assert fresh(draft).version == draft.version + 1


@pytest.mark.parametrize("repeat", range(4))
def test_rounds_end_in_time_while_others_keep_writing(opened, repeat):
    facts = end(opened).__data__
    rounds = [Round.create(**facts | {"id": new_id()}) for _ in range(30)] + [opened]
    is_over = threading.Event()

    def write_all_along():
        while not is_over.wait(0.0001):
            User.create()

    def close_ended():
        try:
            return service.close_ended()
        finally:
            is_over.set()

    closed, _none = at_once([close_ended, write_all_along])

    assert closed == len(rounds)
