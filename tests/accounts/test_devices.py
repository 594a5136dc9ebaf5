"""Where somebody is signed in, losing a phone, leaving quickly (TRUST T11, T12, T13)."""

import time

import pytest
import time_machine

from allies import access
from allies.accounts import losing, own_devices
from allies.accounts.models import Device, SignIn, User
from allies.accounts.service import change_passphrase, renew_sign_in, start_sign_in
from allies.accounts.signing_out import NEUTRAL_SITE
from allies.audit import AuditLine
from allies.crypto import digest
from allies.db import new_id, now
from allies.notifications.models import Link
from allies.passkeys.models import Passkey
from allies.second_step import service as second_step
from allies.second_step.models import CodeApp
from tests.conftest import Device as Browser

COOKIE, OWN = "table", "phone"
EVERYWHERE = '"cookies"'


@pytest.fixture
def own_phone(app):
    """own_phone(user) is a browser with a sign-in on a phone of the user's own."""

    def open_phone(user):
        client = app.test_client()
        cookie, device = own_devices.mark(user, platform="iPhone")
        client.set_cookie(OWN, cookie)
        with client.session_transaction() as session:
            session["_user_id"] = start_sign_in(user, device=device, platform="iPhone")
        return Browser(client)

    return open_phone


@pytest.fixture
def copied(app):
    """copied(browser) is another browser with the session cookie of this one, stolen now."""

    def steal(browser):
        thief = app.test_client()
        thief.set_cookie(COOKIE, browser.client.get_cookie(COOKIE).value)
        return Browser(thief)

    return steal


def opens(browser):
    return browser.get("/").status_code == 200


def page_of(browser):
    return browser.get("/account/devices").text


def test_the_page_tells_device_and_day_and_no_time(client_of, own_phone, cast):
    own_phone(cast.anna)
    page = page_of(client_of(cast.anna))

    assert SignIn.visible_to(cast.anna).count() == 2
    assert page.count('<li class="card">') == 2 + Device.visible_to(cast.anna).count()
    assert "iPhone" in page
    assert " uur" not in page


def test_this_device_stands_first_and_can_not_end_itself_there(client_of, own_phone, cast):
    here = client_of(cast.anna)
    own_phone(cast.anna)
    first, *others = page_of(here).split('<li class="card">')[1:]

    assert "/end" not in first
    assert "/end" in others[0]


def test_one_sign_in_can_be_ended_from_another_device(client_of, cast):
    here, there = client_of(cast.anna), client_of(cast.anna)
    other = SignIn.visible_to(cast.anna).first()

    here.post(f"/sign-ins/{other.id}/end")

    assert opens(here)
    assert not opens(there)
    with time_machine.travel(now().replace(year=now().year - 1)):
        assert not opens(there)


def test_nobody_ends_a_sign_in_or_forgets_a_phone_of_somebody_else(client_of, own_phone, cast):
    phone, carla = own_phone(cast.anna), client_of(cast.carla)
    sign_in, device = SignIn.visible_to(cast.anna).first(), Device.visible_to(cast.anna).first()

    assert carla.post(f"/sign-ins/{sign_in.id}/end").status_code == 404
    assert carla.post(f"/devices/{device.id}/forget").status_code == 404
    assert opens(phone)


def test_forgetting_a_phone_from_elsewhere_ends_what_is_open_on_it(client_of, own_phone, cast):
    phone, here = own_phone(cast.anna), client_of(cast.anna)
    device = Device.visible_to(cast.anna).get()

    here.post(f"/devices/{device.id}/forget")

    assert not opens(phone)
    assert opens(here)
    assert own_devices.known(phone.client.get_cookie(OWN).value) is None


def test_signing_out_takes_the_cookies_but_not_that_of_an_own_phone(client_of, own_phone, cast):
    borrowed, phone = client_of(cast.anna), own_phone(cast.anna)

    assert borrowed.post("/sign-out").headers["Clear-Site-Data"] == EVERYWHERE
    answer = phone.post("/sign-out")
    assert "Clear-Site-Data" not in answer.headers
    assert phone.client.get_cookie(COOKIE) is None
    assert own_devices.known(phone.client.get_cookie(OWN).value)


def test_a_phone_that_forgets_us_keeps_nothing_and_stands_for_nobody(own_phone, cast):
    phone = own_phone(cast.anna)
    secret = phone.client.get_cookie(OWN).value

    answer = phone.post("/forget-phone")

    assert answer.headers["Clear-Site-Data"] == '"*"'
    assert phone.get(answer.location).status_code == 200
    assert own_devices.known(secret) is None
    assert phone.client.get_cookie(OWN) is None
    assert not opens(phone)


@pytest.mark.parametrize("token", ["", "stale"], ids=["no token", "stale token"])
def test_leaving_quickly_works_whatever_the_page_was(client_of, copied, cast, token):
    phone = client_of(cast.anna)
    assert opens(phone)
    copy = copied(phone)

    answer = phone.client.post("/quick-exit", data={"csrf_token": token} if token else {})

    assert answer.status_code == 200
    assert answer.headers["Refresh"] == f"0; url={NEUTRAL_SITE}"
    assert answer.headers["Clear-Site-Data"] == EVERYWHERE
    assert f'href="{NEUTRAL_SITE}"' in answer.text
    assert "Tafel" not in answer.text
    assert not opens(copy)


def test_leaving_quickly_works_without_a_sign_in_too(app):
    assert app.test_client().post("/quick-exit").headers["Refresh"].endswith(NEUTRAL_SITE)


def test_leaving_quickly_leaves_an_own_phone_known(own_phone, cast):
    phone = own_phone(cast.anna)

    assert "Clear-Site-Data" not in phone.client.post("/quick-exit").headers
    assert own_devices.known(phone.client.get_cookie(OWN).value)
    assert not opens(phone)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_no_other_site_makes_somebody_leave(client_of, cast, headers):
    phone = client_of(cast.anna)

    assert phone.client.post("/quick-exit", headers=headers).status_code == 403
    assert opens(phone)


def test_every_page_has_the_way_out_before_the_places(client_of, cast):
    anna = client_of(cast.anna)
    for path in ("/", "/meetings", "/account", "/promises"):
        page = anna.get(path).text
        assert page.index('action="/quick-exit"') < page.index('href="/meetings"'), path


# Losing a phone


@pytest.fixture
def five(app, own_phone, cast, member):
    """Anna with all five: what opens something for whoever holds her phone."""
    second_step.set_code_app(cast.anna, "JBSWY3DPEHPK3PXP", 0)
    key = {"credential_id": b"k", "public_key": b"k"}
    Passkey.create(user=cast.anna, **key)
    token = "A" * 22
    ends_at = now().replace(year=now().year + 1)
    Link.create(id=digest(token), membership=member("anna"), ends_at=ends_at)
    phone = own_phone(cast.anna)
    assert opens(phone)

    def working():
        """Which of the five still work, asked as the next request would ask it."""
        app_secret = CodeApp.get(CodeApp.user == cast.anna.id).unsealed("secret")
        secret = phone.client.get_cookie(OWN)
        return [
            name
            for name, works in (
                ("session cookie", opens(phone)),
                ("device cookie", bool(secret and own_devices.known(secret.value))),
                ("passkey", Passkey.select().where(Passkey.user == cast.anna.id).exists()),
                ("code app", bool(app_secret)),
                ("link", app.test_client().get(f"/n/{token}").status_code != 404),
            )
            if works
        ]

    assert len(working()) == 5
    phone.working = working
    return phone


def test_a_lost_phone_is_five_of_five_dead_at_the_next_request(client_of, five, cast):
    here, began = client_of(cast.anna), time.perf_counter()

    answer = here.post("/account/lost-phone")

    assert five.working() == []
    assert time.perf_counter() - began < 1
    assert not opens(here)
    assert here.get(answer.location).status_code == 200


def test_the_coordinator_closes_everything_of_an_own_ally(client_of, five, cast, member):
    lines = AuditLine.select().where(AuditLine.action == "member.lost-phone")
    path = f"/members/{member('anna').id}/lost-phone"
    carla = client_of(cast.carla)
    assert carla.get(path).status_code == 200

    carla.post(path)

    assert five.working() == []
    assert [(line.actor, line.subject) for line in lines] == [
        (member("carla").id, member("anna").id)
    ]


@pytest.mark.parametrize(("persona", "status"), [("bram", 403), ("eva", 404), ("dirk", 404)])
def test_nobody_else_closes_what_is_hers(client_of, five, cast, member, persona, status):
    path = f"/members/{member('anna').id}/lost-phone"

    assert client_of(getattr(cast, persona)).post(path).status_code == status
    assert len(five.working()) == 5


def test_a_coordinator_is_not_shut_out_by_another(client_of, cast, member):
    other = client_of(cast.carla)

    assert other.post(f"/members/{member('carla').id}/lost-phone").status_code == 403
    assert opens(other)


def test_the_passphrase_and_the_printed_codes_stay(five, cast):
    codes = second_step.new_printed_codes(cast.anna)
    losing.close_everything(cast.anna)

    assert losing.afterwards(cast.anna) == losing.Afterwards(True, len(codes))


@pytest.mark.parametrize("printed", [True, False])
def test_the_page_says_before_what_will_work_after(five, cast, printed):
    if printed:
        second_step.new_printed_codes(cast.anna)
    page = page_of(five)

    assert losing.afterwards(cast.anna).by_passphrase is printed
    assert ("note warn" in page) is not printed


def test_every_way_in_is_registered():
    assert {
        "sign-ins", "own devices", "passkeys", "code app", "links in messages", "calendars",
    } <= set(access.WAYS_IN)  # fmt: skip


# Old cookies


def sign_out(browser, cast):
    browser.post("/sign-out")


def revoke(browser, cast):
    losing.end(SignIn.visible_to(cast.anna).first())


def sign_out_everywhere(browser, cast):
    browser.post("/account/sign-out-everywhere")


def change_elsewhere(browser, cast):
    user = User.get_by_id(cast.anna.id)
    elsewhere = start_sign_in(user)
    user.sign_in = SignIn.get_by_id(digest(elsewhere))
    change_passphrase(user, f"een lange zin {new_id()}")


def disable(browser, cast):
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()


def lose(browser, cast):
    losing.close_everything(cast.anna)


def prove(browser, cast):
    renew_sign_in(SignIn.visible_to(cast.anna).first())


def leave_quickly(browser, cast):
    browser.client.post("/quick-exit")


@pytest.mark.parametrize(
    "end",
    [sign_out, revoke, sign_out_everywhere, change_elsewhere, disable, lose, prove, leave_quickly],
)
def test_an_old_cookie_opens_nothing(client_of, copied, cast, end):
    SignIn.delete().where(SignIn.user == cast.anna.id).execute()
    browser = client_of(cast.anna)
    assert opens(browser)
    copy = copied(browser)
    assert opens(copy)

    end(browser, cast)

    pages = ("/", "/account", "/meetings", "/unsent", "/account/devices")
    assert [copy.get(path).status_code for path in pages] == [303] * len(pages)
    assert copy.client.post("/language", data={}).status_code in {303, 400}
