"""A meeting of Veere that was held yesterday, and its minutes at every stage."""

from datetime import datetime, time, timedelta

import pytest
import time_machine

from allies.agenda.models import AgendaItem, ItemKind
from allies.db import now
from allies.i18n import at_local_time
from allies.meetings.models import Meeting
from allies.minutes import contesting, service
from allies.minutes.models import Minutes, MinutesPart

HEARD = "Het is stil in de winter. Dat merken vooral ouderen. De bus rijdt niet meer."
ADVICE = "Begin klein. Vraag het eerst aan de bakker."


def end_of_contest(minutes):
    """The first moment at which no sentence can be contested any more: midnight on Walcheren."""
    return at_local_time(datetime.combine(minutes.contest_ends_on + timedelta(days=1), time.min))


@pytest.fixture
def held(veere):
    """With three items: what was done with advice, one of its own, what is brought."""
    meeting = Meeting.create(alliance=veere, starts_at=now() - timedelta(days=1), duration=120)
    items = ((ItemKind.ADVICE, ""), (ItemKind.OWN, "Stille winters"), (ItemKind.BRINGS, ""))
    for position, (kind, title) in enumerate(items):
        AgendaItem.create(
            alliance=veere, meeting=meeting, kind=kind, title=title, minutes=20, position=position
        )
    return meeting


@pytest.fixture
def concept(held, member):
    return service.begin(held, by=member("carla"))


@pytest.fixture
def part(concept):
    """The second of three parts, with text."""
    return MinutesPart.get(MinutesPart.minutes == concept, MinutesPart.title == "Stille winters")


@pytest.fixture
def written(part, member):
    service.write(part, by=member("carla"), seen="0", heard=HEARD, advice=ADVICE)
    return part


@pytest.fixture
def published(written, concept, member):
    """A part of minutes that everybody can read."""
    service.publish(Minutes.get_by_id(concept.id), by=member("carla"))
    return MinutesPart.get_by_id(written.id)


@pytest.fixture
def contested(published, member):
    """Anna says that the second sentence is not right."""
    return contesting.contest(
        published, by=member("anna"), seen="1", sentence="heard-1", remark="Ook jongeren."
    )


@pytest.fixture
def after_contest_time(published):
    """The first moment at which nobody can contest a sentence any more."""
    ends_at = end_of_contest(Minutes.get_by_id(published.minutes_id))
    with time_machine.travel(ends_at, tick=False):
        yield ends_at
