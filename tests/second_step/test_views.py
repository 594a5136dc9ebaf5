"""The second step at the sign-in, moving the code app, and printed codes, as a browser sees it."""

import re
from datetime import timedelta

import brotli
import pyotp
import pytest
import time_machine

from allies.accounts.models import Device, SignIn, User
from allies.accounts.service import set_passphrase
from allies.db import now
from allies.demo.loader import APP_SECRET
from allies.second_step import service
from allies.second_step.models import CodeApp, RecoveryCode
from tests.accounts.doors import Door, code_of_anna
from tests.notifications.words import forbidden_in
from tests.test_fresh import stale
from tests.test_pages import FIRST_PAGE_BYTES, check_headers, check_html

WORDS = "fiets regen koekje trompet"


@pytest.fixture
def door(app):
    return Door(app)


def test_the_code_page_is_there_only_after_the_right_passphrase(door):
    assert door.get("/sign-in/code").location == "/sign-in"

    door.type_passphrase(passphrase="fout")
    assert door.get("/sign-in/code").location == "/sign-in"
    door.type_passphrase()
    assert door.get("/sign-in/code").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "0000-0000-0000-0000", "x" * 81])
def test_a_wrong_code_lets_nobody_in(door, code):
    door.type_passphrase()

    answer = door.type_code(code)

    assert answer.status_code == 422
    assert not door.is_in


def test_a_code_that_was_used_to_sign_in_works_nowhere_else(app, door):
    code = code_of_anna()
    door.type_passphrase()
    assert door.type_code(code).status_code == 303

    thief = Door(app)
    thief.type_passphrase()
    assert thief.type_code(code).status_code == 422


def test_between_the_steps_there_are_five_minutes(door):
    door.type_passphrase()
    began = now()

    with time_machine.travel(began + timedelta(minutes=4, seconds=50)):
        assert door.get("/sign-in/code").status_code == 200
    for late in (timedelta(minutes=5, seconds=10), timedelta(days=-1)):
        with time_machine.travel(began + late):
            copy = Door(door.client.application)
            door.copy_to(copy, "table")
            assert copy.get("/sign-in/code").location == "/sign-in"
            assert "text" in copy.get("/sign-in").text


def test_another_passphrase_or_a_shut_account_ends_what_was_half_done(app, cast):
    changed, shut = Door(app), Door(app)
    changed.type_passphrase()
    shut.type_passphrase()

    set_passphrase(cast.anna, WORDS)
    assert changed.get("/sign-in/code").location == "/sign-in"
    shut.type_passphrase(passphrase=WORDS)
    assert shut.get("/sign-in/code").status_code == 200
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()
    assert shut.get("/sign-in/code").location == "/sign-in"


def test_half_a_sign_in_keeps_nothing_personal_in_the_cookie(door, cast):
    door.type_passphrase()
    with door.client.session_transaction() as session:
        kept = dict(session)

    assert set(kept) == {"csrf_token", "waiting"}
    assert not re.search("anna|example", repr(kept), re.IGNORECASE)


def test_a_printed_code_opens_too_and_it_says_how_many_are_left(door, cast):
    (code, *_rest) = service.new_printed_codes(cast.anna)
    door.type_passphrase()

    assert door.type_code(code).location == "/"
    assert "9" in door.get("/account/keys").text.split('id="messages"')[1].split("</div>")[0]


def test_after_a_lost_phone_a_printed_code_leads_to_a_new_app(door, cast):
    (code, *_rest) = service.new_printed_codes(cast.anna)
    service.close_code_app(cast.anna)
    door.type_passphrase()

    assert door.type_code(code).location == "/account/code-app"


def test_the_demonstration_shows_the_code_and_nothing_else_does(app, door, cast, monkeypatch):
    door.type_passphrase()
    assert code_of_anna() in door.get("/sign-in/code").text

    settings = app.config["ALLIES"]
    monkeypatch.setitem(app.config, "ALLIES", type(settings)(**{**vars(settings), "demo": False}))
    assert code_of_anna() not in door.get("/sign-in/code").text


def test_a_newcomer_in_the_demonstration_is_shown_no_code(door, cast, member):
    newcomer = member("anna")
    type(newcomer).update(alias="Nieuweling").where(type(newcomer).id == newcomer.id).execute()
    door.type_passphrase()

    assert code_of_anna() not in door.get("/sign-in/code").text


def test_the_pages_before_sign_in_speak_neutral_words(door):
    door.type_passphrase()

    for path in ("/sign-in/code", "/sign-in"):
        text = door.get(path).text
        form = text.split('id="own"')[-1]  # above it the demonstration names its personas
        assert forbidden_in(form) == [], path


def test_the_code_page_is_whole_in_one_round_trip_and_without_script(door):
    door.type_passphrase()
    page = door.get("/sign-in/code")

    assert len(brotli.compress(page.data)) <= FIRST_PAGE_BYTES
    assert "<script" not in page.text
    check_html(page.text, "/sign-in/code")
    check_headers(page, "/sign-in/code")


# An account without a second step


@pytest.fixture
def incomplete(app, cast):
    set_passphrase(cast.bram, WORDS)
    door = Door(app)
    assert door.type_passphrase("bram@example.org", WORDS).location == "/account/code-app"
    return door


def fill_in(door, code=None, page="/account/code-app"):
    text = door.get(page).text
    offer = text.split('name="offer" value="')[1].split('"')[0]
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", text))
    code = code or pyotp.TOTP(secret).now()
    return door.post("/account/code-app", {"offer": offer, "code": code}, page=page), secret


@pytest.mark.parametrize("path", ["/", "/meetings", "/account", "/account/keys", "/topics"])
def test_who_has_no_second_step_makes_one_before_anything_else(incomplete, path):
    assert incomplete.get(path).location == "/account/code-app"


def test_who_has_no_second_step_can_leave(incomplete):
    answer = incomplete.post("/sign-out", {}, page="/account/code-app")

    assert answer.location.startswith("/sign-in")
    assert incomplete.get("/account/code-app").location.startswith("/sign-in")


def test_with_the_app_come_printed_codes_and_then_every_page_is_open(incomplete, cast):
    answer, secret = fill_in(incomplete)

    codes = re.findall(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", answer.text)
    assert answer.status_code == 200
    assert len(codes) == 10
    assert incomplete.is_in
    assert service.accepts(cast.bram, codes[0])
    assert service.code_app_of(cast.bram).unsealed("secret") == secret


def test_a_fresh_sign_in_does_not_go_round_the_missing_second_step(app, incomplete, cast):
    again = Door(app)

    assert again.type_passphrase("bram@example.org", WORDS).location == "/account/code-app"
    assert not again.is_in
    assert not incomplete.is_in


def test_a_second_step_made_elsewhere_ends_a_sign_in_that_had_none(app, incomplete):
    """Else somebody who only knew the passphrase could stay, or put another app in its place."""
    other = Door(app)
    other.type_passphrase("bram@example.org", WORDS)
    token = other.get("/account/code-app").text.split('name="csrf_token" value="')[1].split('"')[0]
    fill_in(incomplete)

    answer = other.client.post("/account/code-app", data={"csrf_token": token})
    assert answer.location.startswith("/sign-in")
    assert other.get("/account/code-app").location.startswith("/sign-in")
    assert incomplete.is_in


def test_the_one_press_sign_in_of_the_demonstration_asks_for_nothing(door, cast):
    set_passphrase(cast.bram, WORDS)

    assert door.post("/demo/sign-in", {"persona": "bram"}).location == "/"
    assert door.is_in


# Moving the app, and printing


def test_the_old_app_works_until_the_new_one_has_shown_a_code(client_of, cast):
    anna = client_of(cast.anna)
    service.new_printed_codes(cast.anna)
    door = Via(anna)

    wrong, _secret = fill_in(door, code="000000")
    assert wrong.status_code == 422
    assert service.code_app_of(cast.anna).unsealed("secret") == APP_SECRET
    right, secret = fill_in(door)
    assert right.location == "/account/keys"
    assert service.code_app_of(cast.anna).unsealed("secret") == secret != APP_SECRET
    assert service.printed_left(cast.anna) == 10
    assert CodeApp.select().where(CodeApp.user == cast.anna).count() == 1


class Via:
    """A signed-in device with the ways of a door."""

    def __init__(self, device):
        self.device = device

    def get(self, path):
        return self.device.get(path)

    def post(self, path, data, page=None):
        return self.device.post(path, data)


def test_a_wrong_code_keeps_the_square_that_was_scanned(client_of, cast):
    door = Via(client_of(cast.anna))

    wrong, secret = fill_in(door, code="000000")

    assert "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", wrong.text)) == secret


def test_the_first_code_of_an_app_can_not_be_used_again_to_sign_in(app, client_of, cast):
    service.new_printed_codes(cast.anna)
    _answer, secret = fill_in(Via(client_of(cast.anna)))
    door = Door(app)
    door.type_passphrase()

    assert door.type_code(pyotp.TOTP(secret).now()).status_code == 422


def test_an_offer_of_somebody_else_is_not_taken(client_of, cast):
    bram, anna = Via(client_of(cast.bram)), Via(client_of(cast.anna))
    text = bram.get("/account/code-app").text
    offer = text.split('name="offer" value="')[1].split('"')[0]
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", text))

    answer = anna.post("/account/code-app", {"offer": offer, "code": pyotp.TOTP(secret).now()})

    assert answer.status_code == 422
    assert service.code_app_of(cast.anna).unsealed("secret") == APP_SECRET


def test_new_printed_codes_are_shown_once(client_of, cast):
    anna = client_of(cast.anna)
    form = {"once": "a" * 22}

    first = anna.post("/account/recovery-codes", form)
    again = anna.post("/account/recovery-codes", form)

    assert first.text.count("<b>") == 10
    assert (again.status_code, again.location) == (303, "/account/keys")
    assert RecoveryCode.select().where(RecoveryCode.user == cast.anna).count() == 10


@pytest.mark.parametrize("path", ["/account/code-app", "/account/passphrase"])
def test_who_signed_in_long_ago_is_asked_before_a_secret_is_shown_or_typed(client_of, cast, path):
    anna = client_of(cast.anna)
    token = anna.token
    stale(anna)

    asked = anna.get(path)
    assert asked.status_code == 403
    assert 'name="proof_passphrase"' in asked.text
    assert 'name="offer"' not in asked.text
    shown = anna.client.post(path, data={"csrf_token": token, "proof_demo": "1"})
    assert shown.status_code == 200
    assert 'name="proof_passphrase"' not in shown.text
    assert 'class="summary"' not in shown.text


# Own devices


def test_on_an_own_device_the_second_step_is_left_out(door, cast):
    assert door.enter(own_device="y").location == "/"
    door.post("/sign-out", {}, page="/meetings")

    assert door.type_passphrase().location == "/"
    assert SignIn.get(SignIn.user == cast.anna).device == Device.get()


def test_without_the_tick_no_device_is_kept(door):
    door.enter()

    assert door.cookie("phone") is None
    assert Device.select().count() == 0


def test_the_device_of_one_is_no_device_of_another(door, cast):
    door.enter(own_device="y")
    door.post("/sign-out", {}, page="/meetings")
    set_passphrase(cast.bram, WORDS)
    service.set_code_app(cast.bram, APP_SECRET, step=0)

    assert door.type_passphrase("bram@example.org", WORDS).location == "/sign-in/code"
