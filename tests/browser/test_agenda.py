"""The agenda on a small phone, and on the screen in the room."""

import pytest

from allies.agenda import service
from allies.agenda.models import AgendaItem
from allies.alliances.models import Membership
from allies.db import now
from allies.meetings.models import Meeting

BUTTONS = ("#next, #previous", "#close")
LONG = "De politie vertelt over de zomer en over de haven. " * 30


@pytest.fixture
def coming(cast):
    alliance = Membership.get(user=cast.carla).alliance
    is_next = (Meeting.alliance == alliance) & (Meeting.starts_at > now()) & Meeting.is_on()
    meeting = Meeting.select().where(is_next).order_by(Meeting.starts_at).first()
    Meeting.update(brings=LONG).where(Meeting.id == meeting.id).execute()
    return meeting


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_buttons_of_the_screen_stay_in_view_under_a_long_text(phone, coming, width, height):
    page = phone("anna", width=width)
    page.set_viewport_size({"width": width, "height": height})
    item = next(i for i in AgendaItem.of_meeting(coming) if i.kind == "brings")
    page.goto(f"/meetings/{coming.id}/room?item={item.id}")
    text, heading = page.locator("div.said"), page.locator("h1")

    assert page.evaluate("document.documentElement.scrollHeight") > height
    for button in BUTTONS:
        box = page.locator(button).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    assert size_of(text) >= max(18, 0.024 * width)
    assert size_of(heading) <= 2 * size_of(text)


def size_of(element):
    return float(element.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))


def test_up_and_down_stand_on_one_line_on_a_phone(phone, coming, cast):
    by = Membership.get(user=cast.carla, alliance=coming.alliance)
    service.add(coming, by=by, title="Rondje", minutes=120)
    page = phone("carla")
    page.goto(f"/meetings/{coming.id}/agenda")
    rows = page.locator(".keys").all()
    lefts = set()

    assert len(rows) >= 3
    for row in rows:
        boxes = [part.bounding_box() for part in row.locator("label, button").all()]
        middles = [box["y"] + box["height"] / 2 for box in boxes]
        assert max(middles) - min(middles) < 12
        lefts |= {round(b.bounding_box()["x"]) for b in row.locator("[name=down]").all()}
    assert len(lefts) == 1
