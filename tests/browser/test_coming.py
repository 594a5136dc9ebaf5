"""Needs, and an answer by phone, in a real browser at 360 px (PRODUCT 4.2)."""

import pytest
from playwright.sync_api import expect

from allies.meetings.models import Need, Rsvp
from tests.browser.test_main_flows import BOTH, fits
from tests.meetings.coming import coming_for


@pytest.fixture
def meeting(cast, member):
    """The next meeting of Veere, which Anna has not answered."""
    meeting = coming_for(cast.carla).first()
    Rsvp.delete().where(Rsvp.meeting == meeting, Rsvp.membership == member("anna")).execute()
    return meeting


def needs_of(member):
    return {need.kind for need in Need.select().where(Need.membership == member("anna"))}


@BOTH
def test_a_member_says_what_she_needs_and_a_later_tap_keeps_it(phone, script, meeting, member):
    anna = phone("anna", script=script)
    anna.goto(f"/meetings/{meeting.id}")
    expect(anna.locator("input[name=needs]")).to_have_count(0)
    anna.locator("button[name=answer][value=yes]").click()

    anna.locator("details summary").first.click()
    anna.locator("input[name=needs][value=step-free]").check()
    anna.fill("input[name=note]", "Bel mij op 06-12345678")
    anna.locator("form[action$='/needs'] button[type=submit]").click()
    expect(anna.locator(".summary")).to_be_visible()
    expect(anna.locator("input[name=needs][value=step-free]")).to_be_checked()
    assert needs_of(member) == set()

    anna.fill("input[name=note]", "Ik kom met de bus")
    anna.locator("form[action$='/needs'] button[type=submit]").click()
    expect(anna.locator(".summary")).to_have_count(0)
    expect(anna.locator(".panel").first).to_contain_text("Ik kom met de bus")
    assert needs_of(member) == {"step-free"}

    anna.locator("button[name=answer][value=maybe]").click()
    expect(anna.locator("button[name=answer][value=maybe]")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert needs_of(member) == {"step-free"}
    assert meeting.answer_of(member("anna")).note == "Ik kom met de bus"
    fits(anna)


@BOTH
def test_a_coordinator_enters_what_was_said_on_the_phone_and_the_member_mends_it(
    phone, script, meeting, member
):
    anna, carla = phone("anna", script=script), phone("carla", script=script)
    alias = member("anna").alias
    carla.goto(f"/meetings/{meeting.id}")
    carla.locator(f"a[href='/meetings/{meeting.id}/answers']").click()
    carla.locator("a.row", has_text=alias).click()
    carla.locator("button[name=answer][value=no]").click()
    expect(carla.locator("button[name=answer]")).to_have_count(0)
    assert meeting.answer_of(member("anna")).is_by_coordinator
    fits(carla)

    anna.goto(f"/meetings/{meeting.id}")
    expect(anna.locator("button[name=answer][value=no]")).to_have_attribute("aria-pressed", "true")
    anna.locator("button[name=answer][value=yes]").click()
    expect(anna.locator("button[name=answer][value=yes]")).to_have_attribute("aria-pressed", "true")
    assert not meeting.answer_of(member("anna")).is_by_coordinator
    fits(anna)


def test_an_answer_the_coordinator_did_not_see_stays_and_the_page_says_so(phone, meeting, member):
    carla = phone("carla")
    carla.goto(f"/meetings/{meeting.id}/answers?member={member('anna').id}")
    anna = phone("anna")
    anna.goto(f"/meetings/{meeting.id}")
    anna.locator("button[name=answer][value=yes]").click()
    expect(anna.locator("button[name=answer][value=yes]")).to_have_attribute("aria-pressed", "true")

    carla.locator("button[name=answer][value=no]").click()

    expect(carla.locator("#messages .note")).to_be_visible()
    assert meeting.answer_of(member("anna")).answer == "yes"
