"""What stays in a browser when somebody leaves: nothing of us (TRUST T11)."""

import re
import zlib
from base64 import urlsafe_b64decode

import pytest
from playwright.sync_api import expect

from allies.accounts import own_devices
from allies.accounts.models import HeldForm, SignIn
from allies.accounts.signing_out import NEUTRAL_SITE
from allies.db import now
from allies.topics.models import Topic

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
STORES = """async () => ({
  session: Object.keys(sessionStorage).length,
  local: Object.keys(localStorage).length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
TEXT = "In de winter staan hele straten leeg. Dat voelt voor velen alleen."


@pytest.fixture
def weather(phone):
    """phone, but that the neutral site is a page of this test."""

    def open_phone(*args, **options):
        page = phone(*args, **options)
        page.route(f"{NEUTRAL_SITE}/**", lambda route: route.fulfill(body="<h1>Buien</h1>"))
        return page

    return open_phone


def nothing_stored(page):
    return set(page.evaluate(STORES).values()) == {0}


def opened(cookie):
    """The readable part of a session cookie: it is signed, not encrypted."""
    part = cookie.lstrip(".").split(".")[0]
    data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return (zlib.decompress(data) if cookie.startswith(".") else data).decode()


def use(page):
    """Open what a member opens in a minute."""
    for path in ("/", "/meetings", "/topics", "/advice", "/account", "/account/devices"):
        page.goto(path)


def test_nothing_is_left_in_the_browser(phone, cast):
    SignIn.delete().execute()
    anna = phone("anna")
    use(anna)
    anna.click("form[action='/forget-phone'] button")

    expect(anna).to_have_url(re.compile(r"/forgotten\?out=nl$"))
    assert nothing_stored(anna)
    for cookie in anna.context.cookies():
        assert "_user_id" not in opened(cookie["value"])
    assert SignIn.visible_to(cast.anna).count() == 0


@BOTH
def test_after_leaving_back_shows_the_sign_in_page(phone, script):
    anna = phone("anna", script=script)
    use(anna)

    anna.click("form[action='/sign-out'] button")
    expect(anna).to_have_url(re.compile("/sign-in"))
    for _step in range(3):
        anna.go_back()
        expect(anna.locator("nav.places")).to_have_count(0)

    expect(anna.locator("[name=passphrase]")).to_have_count(1)


@BOTH
def test_leaving_quickly_shows_another_site_and_back_shows_the_sign_in_page(weather, script):
    anna = weather("anna", script=script)
    use(anna)

    anna.locator("form.exit button").click()
    expect(anna).to_have_url(f"{NEUTRAL_SITE}/")
    anna.go_back()

    expect(anna.locator("nav.places")).to_have_count(0)
    expect(anna.locator("[name=passphrase]")).to_have_count(1)


@BOTH
def test_the_way_out_is_in_reach_of_a_thumb_and_covers_nothing(phone, script):
    anna = phone("anna", script=script, width=320)
    anna.goto("/account")
    button = anna.locator("form.exit button").bounding_box()

    assert button["y"] + button["height"] > 740 - 90
    assert button["x"] + button["width"] <= 320
    assert min(button["width"], button["height"]) >= 44
    anna.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = anna.locator(".foot form[action='/sign-out'] button").bounding_box()
    assert last["y"] + last["height"] <= button["y"]


def test_the_way_out_is_three_tabs_away(weather):
    anna = weather("anna")
    anna.goto("/meetings")
    for _tab in range(3):
        anna.keyboard.press("Tab")
    anna.keyboard.press("Enter")

    expect(anna).to_have_url(f"{NEUTRAL_SITE}/")


def test_an_own_phone_is_still_known_after_signing_out(phone, address, cast):
    anna = phone("anna")
    secret, _device = own_devices.mark(cast.anna)
    anna.context.add_cookies([{"name": "phone", "value": secret, "url": address}])
    anna.goto("/")
    anna.click("form[action='/sign-out'] button")

    expect(anna).to_have_url(re.compile("/sign-in"))
    assert "phone" in [c["name"] for c in anna.context.cookies()]

    anna.click("button[name=persona][value=anna]")
    anna.goto("/account/devices")
    anna.click("form[action='/forget-phone'] button")

    expect(anna).to_have_url(re.compile(r"/forgotten\?out=nl$"))
    assert "phone" not in [c["name"] for c in anna.context.cookies()]


@BOTH
def test_a_text_that_was_sent_too_late_is_still_there(phone, script, veere):
    anna = phone("anna", script=script)
    anna.goto(f"/alliances/{veere.id}/topics/new?scope=development")
    anna.fill("[name=title]", "Stille winters")
    anna.fill("[name=what]", TEXT)
    SignIn.update(ends_at=now()).execute()

    anna.locator("main form button[type=submit]").last.click()
    if script and anna.locator("#messages a").count():
        anna.click("#messages a")
    anna.click("button[name=persona][value=anna]")

    expect(anna).to_have_url(re.compile("/unsent$"))
    expect(anna.locator("main")).to_contain_text(TEXT)
    anna.locator("main article form button").first.click()
    expect(anna.locator("h1")).to_contain_text("Stille winters")
    assert Topic.select().where(Topic.what == TEXT).count() == 1
    assert HeldForm.select().count() == 0
