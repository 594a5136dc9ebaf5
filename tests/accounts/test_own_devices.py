"""A phone that somebody called their own: what its cookie opens, and when no more (TRUST T13)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from allies.access import close_all
from allies.accounts import own_devices
from allies.accounts.models import Device, SignIn
from allies.db import now
from allies.i18n import today
from allies.second_step.models import CodeApp
from tests.accounts.doors import Door, signed_in


@pytest.fixture
def phone(app):
    """Anna's own phone, signed out again."""
    door = Door(app)
    door.enter(own_device="y")
    door.post("/sign-out", {}, page="/meetings")
    CodeApp.update(last_step=0).execute()
    return door


def test_its_cookie_can_not_be_read_by_scripts_or_sent_along_from_elsewhere(app):
    door = Door(app)
    door.type_passphrase()
    answer = door.type_code(own_device="y")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("phone=")]

    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={180 * 24 * 3600}"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie  # http://localhost: some browsers would not keep it


def test_over_https_no_other_host_can_set_its_cookie(app, monkeypatch):
    door = Door(app)
    door.type_passphrase()
    https = replace(app.config["ALLIES"], base_url="https://tafel.example.org", demo=False)
    monkeypatch.setitem(app.config, "ALLIES", https)
    answer = door.type_code(own_device="y")

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "phone=" in c]
    assert cookie.startswith("__Host-phone=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_only_the_hash_of_its_secret_is_stored(phone):
    secret = phone.cookie("phone")

    assert len(secret) >= 43
    assert secret not in repr(list(Device.select().dicts()))


@pytest.mark.parametrize(
    ("age", "after"),
    [(timedelta(days=179, hours=23), "/"), (timedelta(days=180, hours=1), "/sign-in/code")],
)
def test_it_counts_for_180_days(app, phone, age, after):
    later = Door(app)
    with time_machine.travel(now() + age):
        phone.copy_to(later, "phone")
        assert later.type_passphrase().location == after


@pytest.mark.parametrize("cookie", ["", "x", "a" * 44, "0", "é", "x" * 3000])
def test_a_cookie_of_ones_own_making_opens_nothing(app, phone, cookie):
    door = Door(app)
    door.client.set_cookie("phone", cookie)

    assert door.type_passphrase().location == "/sign-in/code"


def test_without_the_passphrase_it_opens_nothing(phone):
    assert phone.get("/").location.startswith("/sign-in")
    assert phone.type_passphrase(passphrase="fout").status_code == 422


def test_a_member_stays_signed_in_on_it_for_twelve_hours(app, cast):
    _secret, device = own_devices.mark(cast.anna)
    door, began = signed_in(app, cast.anna, device), now()

    with time_machine.travel(began + timedelta(hours=11, minutes=59)):
        assert door.is_in
    with time_machine.travel(began + timedelta(hours=12, seconds=1)):
        assert not door.is_in


@pytest.mark.parametrize("persona", ["carla", "piet", "sanne"])
def test_a_coordinator_does_not_stay_signed_in_on_it(app, cast, persona):
    """Not either who coordinates in one group and is a member of another."""
    user = getattr(cast, persona)
    _secret, device = own_devices.mark(user)
    door, began = signed_in(app, user, device), now()

    with time_machine.travel(began + timedelta(minutes=29)):
        assert door.is_in
    with time_machine.travel(began + timedelta(hours=1)):
        assert not door.is_in
    assert SignIn.get(SignIn.user == user).device == device


def test_once_forgotten_its_sign_ins_end_and_its_cookie_opens_nothing(app, phone):
    phone.type_passphrase()
    assert phone.is_in

    Device.delete().execute()

    assert not phone.is_in
    assert phone.type_passphrase().location == "/sign-in/code"


def test_closing_every_way_in_forgets_it(phone, cast):
    phone.type_passphrase()
    close_all(cast.anna)

    assert Device.select().count() == SignIn.select().where(SignIn.user == cast.anna).count() == 0
    assert not phone.is_in


def test_of_two_who_use_one_phone_the_last_to_say_so_owns_it(app, cast, phone):
    before = phone.cookie("phone")
    with app.test_request_context():
        _secret, device = own_devices.mark(cast.bram, instead_of=before)

    assert list(Device.select()) == [device]
    assert phone.type_passphrase().location == "/sign-in/code"


def test_to_tick_it_again_makes_no_second_device(phone):
    phone.type_passphrase()
    Device.update(used_on=today() - timedelta(days=9)).execute()
    phone.post("/sign-out", {}, page="/meetings")
    phone.type_passphrase()

    assert [d.used_on for d in Device.select()] == [today()]


def test_of_more_than_ten_the_one_used_longest_ago_is_let_go(cast):
    secrets = []
    for days in range(12):
        with time_machine.travel(now() + timedelta(days=days)):
            secrets.append(own_devices.mark(cast.anna)[0])

    assert [bool(own_devices.known(s)) for s in secrets] == [False] * 2 + [True] * 10
