"""A coordinator's words for a look, and eyes on what is opened."""

import pytest

from tests.people.eyes import openings

WORDS = "Ik krijg geen antwoord op drie berichten."


@pytest.fixture
def opened():
    """Every sealed field that is opened, as (table, column, row)."""
    with openings() as seen:
        yield seen


@pytest.fixture
def look(client_of, cast, member):
    """look() posts Carla's reveal of Anna's phone number; every field can be another."""

    def post(by="carla", of="anna", device=None, **fields):
        said = {"field": "phone", "reason": "unreachable", "note": WORDS} | fields
        device = device or client_of(getattr(cast, by))
        return device.post(f"/members/{member(of).id}/reveal", said)

    return post
