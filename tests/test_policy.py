"""Who may do what, as one table. A new action must be added here (PRODUCT 3)."""

import pytest

from allies import policy
from allies.alliances.models import Alliance
from allies.meetings.models import Meeting

EVERYBODY = "anna bram carla daan eva mina dirk vera piet sanne"
VEERE_TABLE = "anna bram carla daan piet"
VEERE_COORDINATORS = "carla daan piet"
VEERE_ALLIES = "anna bram"

WHO_MAY = {
    "home.show": EVERYBODY,
    "account.show": EVERYBODY,
    "meeting.list": EVERYBODY,
    "topic.list": EVERYBODY,
    "advice.list": EVERYBODY,
    # a rule of these asks no more than visible_to did
    "meeting.show": EVERYBODY,
    "topic.show": EVERYBODY,
    "advice.show": EVERYBODY,
    "advice.poll": EVERYBODY,
    "meeting.rsvp": VEERE_ALLIES,
    "meeting.agenda": VEERE_TABLE,
    "meeting.calendar": VEERE_TABLE,
    "meeting.plan": VEERE_COORDINATORS,
    "meeting.invite": VEERE_COORDINATORS,
}


@pytest.mark.parametrize("action", sorted(policy.RULES))
def test_who_may(action, cast, veere):
    row = row_for(action, veere)

    allowed = {p for p, user in vars(cast).items() if policy.can(user, action, row)}

    assert allowed == set(WHO_MAY[action].split())


def test_a_role_belongs_to_a_membership_not_to_a_person(cast, middelburg):
    """Sanne coordinates Vlissingen; in Middelburg she is an ally and no more."""
    vlissingen = Alliance.get(Alliance.name == "Vlissingen")

    assert policy.can(cast.sanne, "meeting.plan", vlissingen)
    assert not policy.can(cast.sanne, "meeting.plan", middelburg)


def row_for(action, veere):
    """A row of Veere for this kind of action; the alliance itself will do for most."""
    return Meeting.get(Meeting.alliance == veere) if action.startswith("meeting.") else veere
