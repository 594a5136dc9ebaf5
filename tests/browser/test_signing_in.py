"""Signing in on a phone, with and without JavaScript: the passphrase, the code, the own phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from allies.accounts.models import Device, SignIn
from allies.demo.loader import PASSPHRASE
from allies.second_step.models import CodeApp
from tests.browser.test_accessible import RULES, small_targets

SEND = "form:has(#{}) button[type=submit]"


def type_passphrase(page):
    page.goto("/sign-in")
    page.fill("#email", "anna@example.org")
    page.fill("#passphrase", PASSPHRASE)
    page.click(SEND.format("passphrase"))


def type_code(page):
    CodeApp.update(last_step=0).execute()  # the test may be quicker than half a minute
    page.reload()
    page.fill("#code", re.search(r"\b\d{6}\b", page.inner_text("main"))[0])
    page.click(SEND.format("code"))


@pytest.mark.parametrize("script", [True, False])
def test_two_steps_and_on_an_own_phone_one(phone, cast, script):
    page = phone(None, script=script)
    type_passphrase(page)
    page.wait_for_url("**/sign-in/code")
    CodeApp.update(last_step=0).execute()
    page.fill("#code", re.search(r"\b\d{6}\b", page.inner_text("main"))[0])
    page.check("#own_device")
    page.click(SEND.format("code"))
    page.wait_for_url(re.compile(r"/$"))
    page.click("form[action='/sign-out'] button")
    page.wait_for_url(re.compile("/sign-in"))

    type_passphrase(page)
    page.wait_for_url(re.compile(r"/$"))

    assert Device.select().count() == 1
    assert SignIn.get(SignIn.user == cast.anna).stays
    assert page.complaints == []
    assert page.off_origin == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_page_is_accessible_and_fits_a_narrow_phone(phone, scheme):
    page = phone(None, width=320, scheme=scheme)
    type_passphrase(page)
    page.wait_for_url("**/sign-in/code")
    page.fill("#code", "000000")
    page.click(SEND.format("code"))
    page.wait_for_selector(".summary")

    assert Axe().run(page, options=RULES).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert small_targets(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_square_to_scan_is_drawn_in_black_on_white(phone, script):
    """In the dark too, where a square in the colours of the page could not be scanned."""
    page = phone("anna", script=script, scheme="dark")
    page.goto("/account/code-app")
    drawn = "([light, dark]) => [getComputedStyle(light).fill, getComputedStyle(dark).stroke]"

    assert page.locator("svg[role=img]").bounding_box()["width"] == 240
    assert page.eval_on_selector_all("svg[role=img] path", drawn) == [
        "rgb(255, 255, 255)",
        "rgb(0, 0, 0)",
    ]
    assert "issuer=De%20Tafel" in page.get_attribute("a[href^='otpauth:']", "href")
    assert page.complaints == []


def test_a_page_with_printed_codes_prints_only_what_belongs_on_paper(phone):
    page = phone("anna")
    page.goto("/account/keys")
    page.click("form[action='/account/recovery-codes'] button")
    page.wait_for_selector("ol b")
    page.emulate_media(media="print")

    assert page.locator("ol b").count() == 10
    assert page.locator("ol b").first.is_visible()
    assert not page.locator("nav").first.is_visible()
    assert not page.locator("main .btn").is_visible()
