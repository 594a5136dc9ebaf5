"""Owing an outcome and giving it."""

from datetime import timedelta

import pytest

from allies.alliances.models import Membership
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError
from allies.notifications.models import Delivery
from allies.outcomes import service
from allies.outcomes.models import Outcome, OutcomeState


@pytest.fixture
def owed(veere):
    return service.owe(veere, "police")


def give(outcome, by, text="We deden een deel."):
    return service.give(outcome, by=by, state=OutcomeState.PARTLY, text=text)


def test_an_outcome_is_due_in_three_days_unless_said_otherwise(veere, owed):
    moment = now() + timedelta(days=10)

    assert timedelta(hours=71) < owed.due_at - now() <= timedelta(hours=72)
    assert service.owe(veere, "police", due_at=moment).due_at == moment
    assert not owed.is_given
    assert not owed.is_overdue


def test_it_is_overdue_from_its_date_until_it_is_given(veere, member):
    late = service.owe(veere, "police", due_at=now() - timedelta(minutes=1))
    assert late.is_overdue

    give(late, member("carla"))

    assert not late.is_overdue
    assert not Outcome.get_by_id(late.id).is_overdue


def test_giving_tells_every_ally_of_the_alliance_once(owed, veere, member):
    Delivery.delete().execute()

    give(owed, member("carla"))

    told = [d.membership_id for d in Delivery.select()]
    assert sorted(told) == sorted(ally.id for ally in veere.allies)


def test_it_is_given_once(owed, member):
    give(owed, member("carla"))
    same_row = Outcome.get_by_id(owed.id)

    with pytest.raises(DomainError):
        give(same_row, member("daan"), text="Iets anders.")

    assert Outcome.get_by_id(owed.id).text == "We deden een deel."


def test_the_audit_log_has_the_act_and_a_hash_of_the_text_only(owed, member):
    give(owed, member("carla"))

    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert (line.action, line.subject, line.actor) == ("outcome.given", owed.id, member("carla").id)
    assert line.note_hash
    assert "deel" not in str(line.__data__)


def test_an_outcome_outlives_who_gave_it(owed, member):
    carla = member("carla")
    give(owed, carla)

    Membership.delete().where(Membership.id == carla.id).execute()

    outcome = Outcome.get_by_id(owed.id)
    assert (outcome.given_by, outcome.state) == (None, "partly")


def test_outcomes_are_seen_in_the_own_alliance_in_every_role(owed, cast):
    seen = {p for p, user in vars(cast).items() if owed in Outcome.visible_to(user)}

    assert seen == {"anna", "bram", "carla", "daan", "eva", "piet"}
