"""A question about dates in Veere, beside the one that stands open in Middelburg."""

import pytest

from allies.dates import service
from allies.dates.models import ProposedDate
from allies.notifications.models import Delivery
from tests.dates.moments import on


@pytest.fixture
def ask(veere, member):
    """ask(on(30), on(33)) asks Veere about these moments, for an extra meeting."""

    def put(*dates, **facts):
        facts = {"by": member("carla"), "duration": 120, "is_extra": True, **facts}
        return service.ask(veere, dates=list(dates), **facts)

    return put


@pytest.fixture
def poll(ask):
    found = ask(on(30), on(33), on(36))
    Delivery.delete().execute()  # what is told from here on
    return found


@pytest.fixture
def dates(poll):
    """The proposed dates, the earliest first."""
    of_it = ProposedDate.select().where(ProposedDate.poll == poll)
    return list(of_it.order_by(ProposedDate.starts_at))


@pytest.fixture
def say(poll, dates):
    """say(anna, "yes", None, "no") gives a member's answers to the dates in order."""

    def give(membership, *fits):
        given = {d.id: fit for d, fit in zip(dates, fits, strict=False) if fit}
        service.answer(poll, by=membership, fits=given)

    return give
