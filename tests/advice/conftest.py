"""Rounds in every state, in Veere, and a way to make more."""

import pytest

from allies.advice import service
from allies.outcomes.models import OutcomeState
from tests.advice.rounds import WORDS, end


@pytest.fixture
def ask(member, veere):
    """ask() is a draft by Carla of the police; ask(is_acute=True, reason=…) is open at once."""

    def make(by="carla", hours=4, options=("Ja", "Nee"), **facts):
        words = WORDS | {"options": list(options)}
        return service.ask(veere, by=member(by), hours=hours, **(words | facts))

    return make


@pytest.fixture
def draft(ask):
    return ask()


@pytest.fixture
def opened(ask, member):
    round = ask()
    service.confirm(round, by=member("daan"))
    return round


@pytest.fixture
def closed(opened, member):
    service.answer(opened, by=member("anna"), mood="tense", option=0, text="Begin bij de school.")
    service.close(opened, by=member("carla"))
    return opened


@pytest.fixture
def told(closed, member):
    service.give_outcome(
        closed, by=member("carla"), state=OutcomeState.PARTLY, text="We deden een deel."
    )
    return closed


@pytest.fixture
def at_state(request):
    """at_state("closed") is a round that stands there; "ended" is open past its end time."""

    def make(name):
        names = {"draft": "draft", "open": "opened", "ended": "opened", "closed": "closed"}
        round = request.getfixturevalue(names.get(name, "told"))
        return end(round) if name == "ended" else round

    return make
