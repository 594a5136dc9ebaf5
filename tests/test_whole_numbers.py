"""No number that is typed or asked for is larger than what keeps it."""

import importlib
import pkgutil
from datetime import timedelta

import pytest
from wtforms import IntegerField
from wtforms.validators import NumberRange

import allies
from allies.advice.models import Round
from allies.db import now
from allies.forms import Form, WholeNumber
from allies.meetings.forms import RsvpForm
from allies.meetings.models import Meeting
from tests.walk import content_hash

HUGE = ("9" * 19, "-" + "9" * 19, "0000000019999999999", "9" * 400, "9" * 5000, "٩" * 30)


@pytest.fixture
def coming(veere):
    return Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now()).get()


@pytest.mark.parametrize("huge", HUGE)
def test_a_huge_number_is_refused_and_changes_nothing(client_of, cast, veere, coming, huge):
    moment = (now() + timedelta(days=20)).strftime("%Y-%m-%dT19:30")
    to = f"/alliances/{veere.id}"
    here = f"/meetings/{coming.id}"
    carla, anna = client_of(cast.carla), client_of(cast.anna)
    before = content_hash()
    for address, fields in (
        (f"{to}/agreements", {"least_coming": huge, "place_days": 7}),
        (f"{to}/agreements", {"least_coming": 8, "place_days": huge}),
        (f"{to}/meetings/new", {"starts_at": moment, "duration": huge}),
        (f"{to}/dates/new", {"date_1": moment, "date_2": moment, "duration": huge}),
        (f"{here}/edit", {"starts_at": moment, "duration": huge}),
        (f"{here}/agenda/add", {"title": "Rondje", "minutes": huge}),
        (f"{here}/agenda/add", {"title": "Rondje", "minutes": 5, "agenda_version": huge}),
        (f"{here}/agenda/order", {"item": "x", "minutes": huge}),
        (f"{here}/reminders", {"days": huge}),
    ):
        assert carla.post(address, fields).status_code == 422, address
    answer = anna.post(f"{here}/rsvp", {"answer": "yes", "sequence": huge})

    assert answer.status_code in {409, 422}
    assert content_hash() == before


@pytest.mark.parametrize("huge", HUGE)
def test_a_page_or_year_or_version_that_is_huge_is_as_if_none_was_asked_for(
    client_of, cast, veere, huge
):
    carla = client_of(cast.carla)
    round = Round.get(alliance=veere, state="open")
    for address in (
        f"/meetings?page={huge}",
        f"/topics?page={huge}",
        f"/alliances/{veere.id}/planner?year={huge}",
        f"/alliances/{veere.id}/year?year={huge}",
        f"/advice/{round.id}/board?seen={huge}",
    ):
        assert carla.get(address).status_code == 200, address


def test_every_number_in_a_form_has_bounds():
    """But for the one that is only compared with the number of the meeting."""
    for module in pkgutil.walk_packages(allies.__path__, "allies."):
        importlib.import_module(module.name)
    fields = {
        (kind, field.name): field
        for kind in kinds_of(Form)
        for field in of_a_form(kind)
        if isinstance(field, IntegerField)
    }

    assert len(fields) >= 5
    del fields[RsvpForm, "sequence"]
    for where, field in fields.items():
        assert isinstance(field, WholeNumber), where
        assert any(isinstance(check, NumberRange) for check in field.validators), where


def kinds_of(kind):
    """All forms below this one."""
    for sub in kind.__subclasses__():
        yield sub
        yield from kinds_of(sub)


def of_a_form(kind):
    """The fields of a form, bound to nothing."""
    for name in dir(kind):
        unbound = getattr(kind, name)
        if hasattr(unbound, "field_class") and issubclass(unbound.field_class, IntegerField):
            yield unbound.bind(form=None, name=name, _meta=Form.Meta())
