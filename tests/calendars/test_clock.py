"""Half past seven stays half past seven on both sides of the change of the clock (TRUST R10)."""

import re
import shutil
from datetime import UTC, datetime

import pytest
import time_machine

from allies.db import now
from allies.i18n import at_local_time, local
from allies.meetings.marks import mark_of
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from allies.notifications.post import carrier
from allies.notifications.sending import send_due
from tests.calendars.readers import READERS

# The clock goes forward on 28 March 2027 and back on 31 October 2027.
DAYS = [
    "2027-03-21", "2027-03-27", "2027-03-28", "2027-03-29", "2027-04-04",
    "2027-10-24", "2027-10-30", "2027-10-31", "2027-11-01", "2027-11-07",
]  # fmt: skip
OFFSETS = dict(zip(DAYS, [1, 1, 2, 2, 2, 2, 2, 1, 1, 1], strict=True))


@pytest.fixture(autouse=True)
def winter(app):
    with time_machine.travel(datetime(2026, 12, 1, 12, 0, tzinfo=UTC)):
        Meeting.delete().execute()
        yield


@pytest.fixture
def carla(client_of, cast, winter):
    return client_of(cast.carla)


@pytest.fixture
def plan(carla, veere):
    """plan("2027-03-28") plans a meeting through the page, as people do."""

    def at_half_past_seven(day, clock="19:30"):
        sent = {"starts_at": f"{day}T{clock}", "duration": "120", "is_extra": "y"}
        answer = carla.post(f"/alliances/{veere.id}/meetings/new", sent)
        assert answer.status_code == 303, answer.text
        return Meeting.get(Meeting.starts_at == moment(day, clock))

    return at_half_past_seven


def moment(day, clock="19:30"):
    return at_local_time(datetime.fromisoformat(f"{day}T{clock}"))


@pytest.mark.parametrize("day", DAYS)
def test_the_moment_that_is_kept_is_that_of_the_wall_clock(plan, day):
    kept = plan(day).starts_at

    assert f"{kept:%Y-%m-%d %H:%M}" == f"{day} {19 - OFFSETS[day]}:30"


@pytest.mark.parametrize("day", DAYS)
def test_pages_show_half_past_seven(plan, client_of, cast, carla, day):
    meeting = plan(day)
    anna = client_of(cast.anna)
    for path in (f"/meetings/{meeting.id}", "/meetings"):
        page = anna.get(path).text
        assert "19.30" in page, path
        assert not re.search(r"(18|20)\.30", page), path
    form = carla.get(f"/meetings/{meeting.id}/edit").text
    assert f'value="{day}T19:30"' in form


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)
def test_every_calendar_shows_half_past_seven(plan, client_of, cast, member, reader):
    anna, meetings = client_of(cast.anna), [plan(day) for day in DAYS]
    shown = anna.post(f"/memberships/{member('anna').id}/calendar").text
    address = re.search(r"/c/[A-Za-z0-9_-]{22}", shown)[0]

    read = reader(anna.get(address).text)
    files = [reader(anna.get(f"/meetings/{m.id}/event.ics").text) for m in meetings]

    assert [entry.wall for entry in read] == [f"{day} 19:30" for day in DAYS]
    assert [entry.start for entry in read] == [m.starts_at for m in meetings]
    assert [[e.wall for e in entries] for entries in files] == [[f"{d} 19:30"] for d in DAYS]


@pytest.mark.parametrize(
    ("before", "after"), [("2027-03-27", "2027-03-28"), ("2027-10-31", "2027-10-30")]
)
def test_moved_over_the_change_of_the_clock_it_is_half_past_seven_again(
    plan, carla, client_of, cast, before, after
):
    meeting = plan(before)
    sent = {"starts_at": f"{after}T19:30", "duration": "120", "is_extra": "y"}
    assert carla.post(f"/meetings/{meeting.id}/edit", sent).status_code == 303

    assert Meeting.get_by_id(meeting.id).starts_at == moment(after)
    (event,) = READERS[0](carla.get(f"/meetings/{meeting.id}/event.ics").text)
    assert (event.wall, event.sequence) == (f"{after} 19:30", 1)
    assert "19.30" in client_of(cast.anna).get(f"/meetings/{meeting.id}").text


@pytest.mark.parametrize("day", DAYS)
def test_a_form_that_changes_nothing_moves_nothing(plan, carla, day):
    """What the form shows is what it sends back."""
    meeting = plan(day)
    page = carla.get(f"/meetings/{meeting.id}/edit").text
    shown = re.search(r'name="starts_at" type="datetime-local" value="([^"]*)"', page)[1]
    before = Delivery.select().count()
    sent = {"starts_at": shown, "duration": "120", "is_extra": "y"}

    assert carla.post(f"/meetings/{meeting.id}/edit", sent).status_code == 303
    assert mark_of(Meeting.get_by_id(meeting.id)) == mark_of(meeting)
    assert Delivery.select().count() == before


def test_the_hour_that_does_not_exist_is_refused_and_the_double_one_is_the_first(plan, carla):
    meeting = plan("2027-03-27")
    sent = {"starts_at": "2027-03-28T02:30", "duration": "120", "is_extra": "y"}

    assert carla.post(f"/meetings/{meeting.id}/edit", sent).status_code == 422
    sent["starts_at"] = "2027-10-31T02:30"
    assert carla.post(f"/meetings/{meeting.id}/edit", sent).status_code == 303
    kept = Meeting.get_by_id(meeting.id)
    assert f"{kept.starts_at:%H:%M}" == "00:30"
    assert f"{local(kept.starts_at):%H:%M}" == "02:30"


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_no_message_holds_a_moment_that_could_shift(app, plan, day):
    settings = app.config["ALLIES"]
    folder = settings.instance / "mail"
    shutil.rmtree(folder, ignore_errors=True)
    plan(day)
    Delivery.update(due_at=now()).execute()

    send_due(settings, carrier(settings))

    letters = [path.read_text() for path in folder.glob("*.eml")]
    shutil.rmtree(folder, ignore_errors=True)
    assert len(letters) == 12
    for text in letters:
        said = re.sub(r"(?m)^(Date|Message-ID|X-Filler): .*\n|/n/\S+", "", text)
        assert not re.search(r"\d{1,2}[.:]30|maart|oktober|2027", said)
