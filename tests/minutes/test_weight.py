"""Long minutes cost as few questions to the database as short ones (BUDGETS)."""

import brotli
import pytest

from allies.actions.models import Action
from allies.i18n import today
from allies.minutes.models import Contest, MinutesPart
from allies.outcomes.service import owe
from tests.walk import counted_queries

QUERIES, PAGE_BYTES = 8, 6_000


@pytest.fixture
def long(published, veere):
    """The minutes of `published` with forty parts, each with all there can be."""
    for number in range(40):
        part = MinutesPart.create(
            alliance=veere,
            minutes=published.minutes_id,
            title=f"Punt {number}",
            heard="Het is stil in de winter. Dat merken vooral ouderen.",
            advice="Begin klein.",
            position=10 + number,
            outcome=owe(veere, "police"),
        )
        Contest.create(
            alliance=veere, part=part, sentence="Begin klein.", remark="Nee.", made_on=today()
        )
        Action.create(alliance=veere, part=part, owner="group", text="Bellen", due_on=today())
    return published


@pytest.mark.parametrize("persona", ["anna", "carla"])
def test_forty_parts_ask_no_more_than_three(client_of, cast, held, published, request, persona):
    device, path = client_of(getattr(cast, persona)), f"/meetings/{held.id}/minutes"
    with counted_queries() as few:
        device.get(path)
    request.getfixturevalue("long")
    with counted_queries() as many:
        page = device.get(path)

    assert page.status_code == 200
    assert page.text.count("Begin klein.") >= 80
    assert len(many) == len(few) <= QUERIES


def test_forty_parts_to_write_stay_a_light_page(client_of, cast, held, concept, veere):
    for number in range(40):
        MinutesPart.create(
            alliance=veere, minutes=concept, title=f"Punt {number}", position=10 + number
        )
    last = MinutesPart.select().where(MinutesPart.minutes == concept).first()
    carla = client_of(cast.carla)
    for path in (f"/meetings/{held.id}/minutes/write", f"/minutes-parts/{last.id}"):
        with counted_queries() as queries:
            page = carla.get(path)
        assert page.status_code == 200
        assert len(queries) <= QUERIES, path
        assert len(brotli.compress(page.data)) <= PAGE_BYTES, path
