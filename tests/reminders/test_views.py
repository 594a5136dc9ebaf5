"""Reminders on the page of who is coming."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.db import now
from allies.i18n import local
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Delivery
from allies.reminders.models import Reminder
from tests.at_once import at_once, press


@pytest.fixture
def noon():
    """The middle of the day, whenever the test runs."""
    moment = local(now()).replace(hour=12, minute=0)
    with time_machine.travel(moment) as traveller:
        yield traveller


@pytest.fixture
def meeting(noon, veere):
    return Meeting.create(alliance=veere, starts_at=now() + timedelta(days=8), duration=60)


@pytest.fixture
def carla(noon, client_of, cast):
    return client_of(cast.carla)


def set_days(meeting):
    return sorted(r.days_before for r in Reminder.select().where(Reminder.meeting == meeting.id))


def test_coordinators_set_the_days(carla, meeting):
    answer = carla.post(f"/meetings/{meeting.id}/reminders", {"days": ["7", "2"]})

    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}/answers")
    assert set_days(meeting) == [2, 7]
    page = carla.get(answer.location).text
    assert page.count("checked") == 2
    assert page.count(" disabled>") == 3  # 21, 14 and 10 days before


def test_none_at_all_is_fine_too(carla, meeting):
    Reminder.create(meeting=meeting, days_before=3)

    assert carla.post(f"/meetings/{meeting.id}/reminders").status_code == 303
    assert set_days(meeting) == []


@pytest.mark.parametrize("days", ["21", "4", "0", "-1", "x"])
def test_a_day_that_can_not_be_is_refused_with_words(carla, meeting, days):
    answer = carla.post(f"/meetings/{meeting.id}/reminders", {"days": [days]})

    assert answer.status_code == 422
    assert 'class="summary"' in answer.text
    assert set_days(meeting) == []


def test_the_button_says_how_many_and_not_who(carla, meeting, veere, member):
    Rsvp.create(meeting=meeting, membership=member("anna"), answer="yes")
    answer = carla.post(f"/meetings/{meeting.id}/remind")
    page = carla.get(answer.location).text

    number = veere.allies.count() - 1
    assert answer.status_code == 303
    assert Delivery.select().count() == number
    message = page.split('role="status"')[1].split("</p>")[0]
    assert str(number) in message
    assert carla.post(f"/meetings/{meeting.id}/remind").status_code == 409


def test_under_htmx_the_part_comes_back(carla, meeting):
    answer = carla.client.post(
        f"/meetings/{meeting.id}/reminders",
        data={"csrf_token": carla.token, "days": ["5"]},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert f'id="reminders-{meeting.id}"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(("persona", "code"), [("anna", 403), ("eva", 403), ("dirk", 404)])
@pytest.mark.parametrize("what", ["reminders", "remind"])
def test_reminding_is_for_the_coordinators(client_of, cast, meeting, persona, code, what):
    answer = client_of(getattr(cast, persona)).post(f"/meetings/{meeting.id}/{what}")

    assert answer.status_code == code
    assert Delivery.select().count() == 0
    assert set_days(meeting) == []


def test_two_coordinators_at_once_send_one_reminder(client_of, cast, meeting, veere):
    path = f"/meetings/{meeting.id}/remind"
    jobs = [press(client_of(user), path) for user in (cast.carla, cast.daan)]

    assert sorted(at_once(jobs)) == [303, 409]
    assert Delivery.select().count() == veere.allies.count()


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_nobody_is_reminded_of_what_is_not_on(carla, meeting, facts):
    Meeting.update(**facts).where(Meeting.id == meeting.id).execute()

    assert carla.post(f"/meetings/{meeting.id}/remind").status_code == 409
    assert carla.post(f"/meetings/{meeting.id}/reminders", {"days": ["3"]}).status_code == 409
    assert Delivery.select().count() == 0


def test_a_stale_page_keeps_what_somebody_else_chose(carla, client_of, cast, meeting):
    path, page = f"/meetings/{meeting.id}/reminders", f"/meetings/{meeting.id}/answers"
    carla.post(path, {"days": ["7", "5"]})
    saw = re.search(r'name="saw" value="([\d,]+)"', carla.get(page).text)[1]
    assert saw == "7,5"
    client_of(cast.daan).post(path, {"days": ["7", "5", "2"], "saw": saw})
    carla.post(path, {"days": ["7", "1"], "saw": saw})

    assert set_days(meeting) == [1, 2, 7]


def test_what_the_page_said_of_an_empty_choice_counts_too(carla, meeting):
    Reminder.create(meeting=meeting, days_before=3)
    carla.post(f"/meetings/{meeting.id}/reminders", {"days": ["1"], "saw": ""})

    assert set_days(meeting) == [1, 3]
