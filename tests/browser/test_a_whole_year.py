"""A year of one alliance in a real browser, at 360 px: from the plan to what came of it."""

import re
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine
from playwright.sync_api import expect

from allies.actions.models import Action
from allies.agenda.models import AgendaItem
from allies.db import now
from allies.i18n import at_local_time, local
from allies.meetings.models import Answer, Meeting, Rsvp
from allies.minutes import contesting
from allies.minutes.models import Contest, Minutes, MinutesState
from allies.notifications.models import Delivery
from allies.notifications.post import carrier
from allies.notifications.sending import send_due
from allies.reminders import service as reminders
from allies.topics.models import Topic, TopicState
from tests.browser.test_main_flows import BOTH, fits

YEAR = local(now()).year + 2  # nothing is planned in it
ASKED, PICKED = f"{YEAR}-03-09T19:30", f"{YEAR}-03-16T19:30"
HEARD = "Jongeren zoeken lang naar een huis. Het dorp wordt ouder."
ADVICE = "Kijk samen naar lege gebouwen."
REMARK = "Het ging over jongeren en ouderen."


@contextmanager
def on(day, clock="12:00"):
    """The day and time on Walcheren, in YEAR."""
    moment = at_local_time(datetime.fromisoformat(f"{YEAR}-{day}T{clock}"))
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def visit(phone):
    """visit("carla", path) is a page as it is then, on a browser that just signed in."""

    def open_page(persona, path, *, script):
        page = phone(persona, script=script)
        page.goto(path)
        fits(page)
        return page

    return open_page


def send(page, form="", button="button.primary"):
    """Press a button of a form of the page, and see that what comes then is whole."""
    press(page, page.locator(f"main form{form} {button}").first)
    fits(page)


def press(page, button):
    """Press a button and wait for its answer: another page, or under htmx a part of this one."""
    by_htmx = button.locator("xpath=ancestor::form").get_attribute("hx-post") and has_script(page)
    with page.expect_response(is_answer) if by_htmx else page.expect_event("load"):
        button.click()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def is_answer(response):
    return response.request.method == "POST"


def has_script(page):
    return page.locator("script[src*=htmx]").count() and page.evaluate("typeof htmx") == "object"


def link_in_mail(app, member):
    """The personal link in the newest message to this member, as it was written to a file."""
    settings = app.config["ALLIES"]
    Delivery.update(due_at=now()).where(Delivery.sent_at.is_null()).execute()
    mine = Delivery.select().where(Delivery.membership == member)
    newest = mine.order_by(Delivery.created_at.desc()).get()
    send_due(settings, carrier(settings))
    (file,) = (settings.instance / "mail").glob(f"*{newest.id}*")
    return re.search(r"/n/[\w-]{22}", file.read_text()).group()


@BOTH
def test_a_year_goes_from_the_plan_to_what_came_of_it(app, visit, phone, member, veere, script):
    anna, bram = member("anna"), member("bram")
    plan_a_draft_and_tell(visit, veere, script)
    meeting = find_a_date(visit, veere, script)
    assert {r.membership_id: r.answer for r in Rsvp.select().where(Rsvp.meeting == meeting)} == {
        anna.id: Answer.YES,
        bram.id: Answer.YES,
    }
    answer_from_a_message(app, phone, meeting, anna, script)
    remind_the_others(meeting, {anna.id, bram.id})
    show_the_place_late(visit, meeting, script)
    talked_about, left = make_the_agenda(visit, meeting, script)
    note_who_was_there(visit, meeting, left, script)
    assert Topic.get_by_id(talked_about.id).state == TopicState.DISCUSSED
    write_minutes_and_contest(visit, meeting, script)
    see_an_action_through(visit, veere, script)
    carry_over(visit, veere, left, script)
    look_back(visit, veere, talked_about, script)


def plan_a_draft_and_tell(visit, veere, script):
    with on("01-12"):
        carla = visit("carla", f"/alliances/{veere.id}/planner?year={YEAR}", script=script)
        carla.locator("main a[href*='/meetings/new']").first.click()
        carla.fill("[name=starts_at]", f"{YEAR}-02-10T19:30")
        carla.select_option("[name=venue]", index=1)
        send(carla, button="[name=draft]")
        draft = Meeting.get(Meeting.alliance == veere, Meeting.is_draft)
        anna = visit("anna", "/meetings", script=script)
        assert draft.id not in anna.content()
        carla.goto(f"/alliances/{veere.id}/planner?year={YEAR}")
        carla.locator(f"main a[href='/meetings/{draft.id}/publish']").click()
        send(carla)
        anna.reload()
        expect(anna.locator(f"main a[href='/meetings/{draft.id}']")).to_be_visible()


def find_a_date(visit, veere, script):
    with on("01-13"):
        carla = visit("carla", f"/alliances/{veere.id}/dates/new", script=script)
        carla.fill("[name=date_1]", ASKED)
        carla.fill("[name=date_2]", PICKED)
        send(carla)
        if carla.locator("#hints").count():  # a holiday is near: once more
            send(carla)
        poll = re.search(r"/dates/[\w-]{16}", carla.url).group()
        for persona in ("anna", "bram"):
            page = visit(persona, "/", script=script)
            page.locator(f"main a[href='{poll}']").first.click()
            page.locator("main fieldset").nth(0).locator("input[value=no]").check()
            page.locator("main fieldset").nth(1).locator("input[value=yes]").check()
            send(page)
        carla.goto(poll)
        carla.locator("main input[name=date]").first.check()  # the best one stands first
        send(carla)
        id_of_meeting = re.search(r"/meetings/([\w-]{16})", carla.url).group(1)
        meeting = Meeting.get_by_id(id_of_meeting)
        assert local(meeting.starts_at).strftime("%Y-%m-%dT%H:%M") == PICKED
        return meeting


def answer_from_a_message(app, phone, meeting, anna, script):
    with on("01-14"):
        stranger = phone(None, script=script)
        stranger.goto(link_in_mail(app, anna))
        assert stranger.locator("[aria-pressed=true]").count() == 0
        assert meeting.alliance.name not in stranger.content()
        send(stranger, button="[value=maybe]")
        assert meeting.answer_of(anna).answer == Answer.MAYBE


def remind_the_others(meeting, answered):
    with on("03-13", "19:31"):  # three days before
        before = {d.id for d in Delivery.select()}
        reminders.send_due()
        reminders.send_due()
        told = [d.membership_id for d in Delivery.select() if d.id not in before]
        expected = {ally.id for ally in meeting.alliance.allies} - answered
        assert len(told) == len(expected)
        assert set(told) == expected


def show_the_place_late(visit, meeting, script):
    with on("02-20"):
        carla = visit("carla", f"/meetings/{meeting.id}/edit", script=script)
        carla.select_option("[name=venue]", index=2)
        send(carla, "[action$='/venue']")
        venue = Meeting.get_by_id(meeting.id).venue
        anna = visit("anna", f"/meetings/{meeting.id}", script=script)
        assert venue.area in anna.content()
        assert venue.address not in anna.content()
    with on("03-10"):
        anna = visit("anna", f"/meetings/{meeting.id}", script=script)
        assert venue.address in anna.content()
        assert venue.name not in anna.title()
    with on("03-18"):
        anna = visit("anna", f"/meetings/{meeting.id}", script=script)
        assert venue.address not in anna.content()


def make_the_agenda(visit, meeting, script):
    with on("03-11"):
        carla = visit("carla", f"/meetings/{meeting.id}/agenda", script=script)
        for number in (1, 2):
            press(carla, carla.locator("button[name=topic]").first)
            expect(carla.locator("ol.agenda button[name=down]")).to_have_count(1 + number)
        fits(carla)
        lines = carla.locator("ol.agenda li")
        third = lines.nth(2).get_attribute("id")
        press(carla, lines.nth(2).locator("button[name=up]"))
        expect(lines.nth(1)).to_have_attribute("id", third)
        topics = list(Topic.select().where(Topic.meeting == meeting))
        assert len(topics) == 2
        carla.goto(f"/meetings/{meeting.id}/agenda/paper")
        for topic in topics:
            expect(carla.locator("main")).to_contain_text(topic.title)
        fits(carla)
    with on("03-16", "20:00"):
        anna = visit("anna", f"/meetings/{meeting.id}/room", script=script)
        assert meeting.alliance.name not in anna.title()
        assert anna.locator("text=Scholekster").count() == 0
    return topics


def note_who_was_there(visit, meeting, left, script):
    with on("03-16", "22:00"):
        carla = visit("carla", f"/meetings/{meeting.id}/attendance", script=script)
        chosen = carla.locator("main select").first
        chosen.select_option("present")
        send(carla)
        assert Meeting.get_by_id(meeting.id).came >= 1
        carla.goto(f"/meetings/{meeting.id}/agenda")
        line = carla.locator("li", has_text=left.title)
        for reason in line.locator("[name=reasons]").all():  # it was carried over twice already
            reason.fill("De tijd was weer te kort.")
        carry = line.locator("button[name=carry]")
        press(carla, carry)
        expect(carry).to_have_count(0)
        press(carla, carla.locator("button[name=discussed]"))
        expect(carla.locator("button[name=discussed]")).to_have_count(0)
        fits(carla)


def write_minutes_and_contest(visit, meeting, script):
    with on("03-17"):
        carla = visit("carla", f"/meetings/{meeting.id}/minutes/write", script=script)
        send(carla)
        carla.locator("main a.row").nth(1).click()
        carla.fill("[name=heard]", HEARD)
        carla.fill("[name=advice]", ADVICE)
        carla.locator("details", has=carla.locator("input[name=owner]")).locator("summary").click()
        carla.fill("[name=text]", "Een lijst maken van lege gebouwen.")
        carla.locator("input[name=owner][value=police]").check()
        carla.fill("[name=due_on]", f"{YEAR}-05-01")
        send(carla, button="[name=agree]")
        expect(carla.locator("main")).to_contain_text("Een lijst maken van lege gebouwen.")
        anna = visit("anna", f"/meetings/{meeting.id}/minutes", script=script)
        assert ADVICE not in anna.content()
        carla.goto(f"/meetings/{meeting.id}/minutes/write")
        send(carla, "[action$='/minutes/publish']")
    with on("03-19"):
        anna = visit("anna", "/", script=script)
        anna.locator(f"main a[href='/meetings/{meeting.id}/minutes']").first.click()
        expect(anna.locator("main")).to_contain_text(ADVICE)
        anna.locator("main a[href$='/contest']").first.click()
        anna.locator("input[name=sentence]").first.check()
        anna.fill("[name=remark]", REMARK)
        send(anna)
        contest = Contest.get(Contest.remark == REMARK)
    with on("03-20"):
        carla = visit("carla", f"/contests/{contest.id}/reply", script=script)
        carla.locator("input[name=state][value=changed]").check()
        carla.fill("[name=heard]", HEARD.replace("Jongeren zoeken", "Jongeren en ouderen zoeken"))
        send(carla)
    with on("03-25"):
        contesting.fix_due()
        assert Minutes.get(Minutes.meeting == meeting).state == MinutesState.FIXED
        anna = visit("anna", f"/meetings/{meeting.id}/minutes", script=script)
        expect(anna.locator("main")).to_contain_text("Jongeren en ouderen zoeken")
        expect(anna.locator("main a[href$='/contest']")).to_have_count(0)


def see_an_action_through(visit, veere, script):
    with on("04-01"):
        action = Action.get(Action.due_on == f"{YEAR}-05-01")
        anna = visit("anna", "/", script=script)
        expect(anna.locator("main")).to_contain_text(action.text)
        carla = visit("carla", f"/alliances/{veere.id}/actions", script=script)
        press(carla, carla.locator(f"form[action='/actions/{action.id}/done'] button"))
        expect(carla.locator(f"form[action='/actions/{action.id}/done']")).to_have_count(0)
        fits(carla)
        anna.reload()
        expect(anna.locator("main")).not_to_contain_text(action.text)


def carry_over(visit, veere, left, script):
    with on("04-02"):
        carla = visit("carla", f"/alliances/{veere.id}/meetings/new", script=script)
        carla.fill("[name=starts_at]", f"{YEAR}-05-11T19:30")
        send(carla)
        following = re.search(r"/meetings/([\w-]{16})", carla.url).group(1)
        carla.goto(f"/meetings/{following}/agenda")
        press(carla, carla.locator("li", has_text=left.title).locator("button[name=topic]"))
        expect(carla.locator("ol.agenda")).to_contain_text(left.title)
        anna = visit("anna", f"/meetings/{following}", script=script)
        expect(anna.locator("main")).to_contain_text(left.title)
        assert (
            AgendaItem.get(AgendaItem.meeting == following, AgendaItem.topic == left).carried >= 1
        )


def look_back(visit, veere, talked_about, script):
    with on("05-01"):
        anna = visit("anna", f"/alliances/{veere.id}/year?year={YEAR}", script=script)
        expect(anna.locator("main")).to_contain_text(talked_about.title)
