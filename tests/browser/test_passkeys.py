"""A passkey in a real browser, from joining to a lost phone and the way back (TRUST T12, T24)."""

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from allies.accounts.models import SignIn
from allies.alliances.models import Membership
from allies.db import now
from allies.invitations import service, way_back
from allies.passkeys.models import Passkey
from allies.people.models import Identity
from tests.browser.test_main_flows import fits

PASSPHRASE = "fiets regen koekje trompet"
PATHS = ("/", "/join", r"/sign-in(\?out=nl)?")
HOME, JOIN, SIGN_IN = (re.compile(rf"localhost:\d+{path}$") for path in PATHS)


@pytest.fixture
def phone_with_passkeys(phone):
    """phone_with_passkeys() is a page on a phone that can keep passkeys, and its key store."""

    def open_phone(**options):
        page = phone(None, **options)
        store = page.context.new_cdp_session(page)
        store.send("WebAuthn.enable")
        facts = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = store.send("WebAuthn.addVirtualAuthenticator", {"options": facts})
        page.finger = lambda is_right: store.send(
            "WebAuthn.setUserVerified", {**added, "isUserVerified": is_right}
        )
        page.kept = lambda: store.send("WebAuthn.getCredentials", added)["credentials"]
        return page

    return open_phone


def type_code(page, code):
    """Scan the card: the address brings the code along, behind the #."""
    page.goto(f"/join#{code}")
    expect(page.locator("[name=code]")).to_have_value(code)
    expect(page.get_by_text("Uw code is al ingevuld.")).to_be_visible()
    expect(page).to_have_url(JOIN)
    page.locator("main form button[type=submit]").click()


def say_who(page):
    page.fill("[name=name]", "Nora Nieuw")
    page.fill("[name=email]", "nora@example.org")
    page.check("[name=rules]")


def join(page, code):
    type_code(page, code)
    say_who(page)
    fits(page)
    page.click("[data-passkey]")
    expect(page).to_have_url(HOME)
    expect(page.locator("nav").first).to_be_visible()


def sign_out(page):
    page.locator("form[action='/sign-out'] button").last.click()
    page.goto("/sign-in")


def nora():
    user = Identity.users_with_email("nora@example.org").get()
    return Membership.get(Membership.user == user)


def test_join_sign_in_lose_the_phone_and_come_back(phone_with_passkeys, veere, member):
    page = phone_with_passkeys()
    join(page, service.invite(veere, by="operator")[1])
    place = nora()
    (kept,) = page.kept()
    assert kept["isResidentCredential"]
    assert kept["userName"].startswith("De Tafel")

    sign_out(page)
    page.click("[data-passkey]")
    expect(page).to_have_url(HOME)

    page.goto("/account")
    page.evaluate(
        """async () => {
          const token = document.querySelector("[name=csrf_token]").value;
          const body = new URLSearchParams({ csrf_token: token });
          await fetch("/account/lost-phone", { method: "POST", body });
        }"""
    )
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.click("[data-passkey]")
    expect(page).to_have_url(re.compile("/sign-in/passkey$"))
    expect(page.locator("[data-passkey]")).to_be_visible()
    assert Passkey.select().where(Passkey.user == place.user).count() == 0
    fits(page)

    facts = {"by": member("carla"), "note": "Telefoon kwijt, sprak haar thuis."}
    new_phone = phone_with_passkeys()
    join(new_phone, way_back.offer(place, **facts)[1])
    assert (nora().id, nora().alias) == (place.id, place.alias)
    assert nora().user_id != place.user_id

    page.goto("/sign-in")
    page.click("[data-passkey]")
    expect(page).to_have_url(re.compile("/sign-in/passkey$"))


def test_a_wrong_finger_gets_a_kind_word_and_the_button_keeps_the_focus(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    join(page, service.invite(veere, by="operator")[1])
    sign_out(page)
    page.finger(False)

    page.click("[data-passkey]")
    expect(page.locator("[data-note]")).not_to_be_empty()
    expect(page.locator("[data-passkey]")).to_be_focused()
    expect(page).to_have_url(SIGN_IN)

    page.finger(True)
    page.click("[data-passkey]")
    expect(page).to_have_url(HOME)


def test_what_is_missing_is_asked_before_a_passkey_is_made(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    type_code(page, service.invite(veere, by="operator")[1])

    page.click("[data-passkey]")
    expect(page.locator("[name=name]")).to_be_focused()
    assert page.kept() == []


def test_an_address_that_will_not_do_costs_no_second_passkey(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    type_code(page, service.invite(veere, by="operator")[1])
    say_who(page)
    page.fill("[name=email]", "nora@example")
    page.click("[data-passkey]")
    expect(page.locator("#email-error")).to_be_visible()

    page.fill("[name=email]", "nora@example.org")
    page.click("[data-passkey]")
    expect(page).to_have_url(HOME)
    assert len(page.kept()) == 1


def test_a_second_passkey_is_added_once_and_one_is_removed(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    join(page, service.invite(veere, by="operator")[1])
    page.goto("/account/keys")
    page.click("[data-passkey]")
    expect(page.locator("[data-note]")).not_to_be_empty()  # this phone has one already
    fits(page)

    page.locator("form[action$='/remove'] button").click()
    assert Passkey.select().where(Passkey.user == nora().user).count() == 1  # the only way in


def test_a_passkey_answers_the_question_who_you_are(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    join(page, service.invite(veere, by="operator")[1])
    long_ago = now() - timedelta(minutes=6)
    SignIn.update(proved_at=long_ago).where(SignIn.user == nora().user).execute()
    page.goto("/account/code-app")
    page.click("[data-field=proof_passkey]")

    expect(page.locator("[data-field=proof_passkey]")).to_have_count(0)
    fits(page)


def test_without_javascript_the_passphrase_way_stands_open(phone, veere):
    page = phone(None, script=False)
    page.goto("/join")
    page.fill("[name=code]", service.invite(veere, by="operator")[1])
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[data-passkey]")).to_be_hidden()
    say_who(page)
    for box in page.locator("input[type=password]").all():
        box.fill(PASSPHRASE)
    secret = page.locator("a[href^='otpauth:']").get_attribute("href").split("secret=")[1]
    page.fill("[name=app_code]", pyotp.TOTP(secret.split("&")[0]).now())
    page.locator("main form button[type=submit]").last.click()

    expect(page.locator("main li")).to_have_count(10)
    assert nora().alias
    fits(page)


def test_with_a_passkey_at_hand_the_passphrase_way_is_folded(phone_with_passkeys, veere):
    page = phone_with_passkeys()
    type_code(page, service.invite(veere, by="operator")[1])

    expect(page.locator("[data-passkey]")).to_be_visible()
    expect(page.locator("[name=app_code]")).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("[name=app_code]")).to_be_visible()
