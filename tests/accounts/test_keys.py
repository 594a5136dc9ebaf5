"""How you sign in, and another passphrase (TRUST T13, T23)."""

import pytest
import time_machine

from allies.accounts import own_devices
from allies.accounts.models import Device, Passphrase, SignIn
from allies.accounts.service import authenticate, set_passphrase
from allies.audit import AuditLine
from allies.db import now
from allies.demo.loader import APP_SECRET, PASSPHRASE
from allies.second_step.service import new_printed_codes, set_code_app
from tests.accounts.doors import Door, signed_in
from tests.test_fresh import stale

NEW = "fiets regen koekje trompet"


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


def test_the_page_says_what_an_account_has(anna, client_of, cast):
    new_printed_codes(cast.anna)

    mine, of_bram = (device.get("/account/keys").text for device in (anna, client_of(cast.bram)))
    for part in ("/account/passphrase", "/account/code-app", "/account/recovery-codes"):
        assert part in mine
    assert "10" in mine.split('id="printed"')[1]
    assert "/account/recovery-codes" not in of_bram  # a list belongs to a code app


def test_a_new_passphrase_counts_and_the_old_one_does_not(anna):
    assert anna.post("/account/passphrase", {"passphrase": [NEW, NEW]}).location == "/account/keys"

    assert authenticate("anna@example.org", NEW)
    assert authenticate("anna@example.org", PASSPHRASE) is None


def test_it_ends_every_other_sign_in_and_every_copy_of_the_cookie(app, cast):
    _secret, here = own_devices.mark(cast.anna)
    _secret, there = own_devices.mark(cast.anna)
    mine, laptop, phone = (signed_in(app, cast.anna, device) for device in (here, None, there))
    copy = Door(app)
    mine.copy_to(copy, "table")

    mine.post("/account/passphrase", {"passphrase": [NEW, NEW]}, page="/meetings")

    assert mine.is_in
    assert [door.is_in for door in (laptop, phone, copy)] == [False] * 3
    assert [d.id for d in Device.select()] == [here.id]
    assert SignIn.select().where(SignIn.user == cast.anna).count() == 1


def test_a_change_on_a_borrowed_device_ends_every_own_one(app, cast):
    secret, _device = own_devices.mark(cast.anna)
    borrowed = signed_in(app, cast.anna)

    borrowed.post("/account/passphrase", {"passphrase": [NEW, NEW]}, page="/meetings")

    assert borrowed.is_in
    assert own_devices.known(secret) is None


@pytest.mark.parametrize(
    "typed",
    [
        [NEW, NEW + "t"],
        [NEW, ""],
        ["", ""],
        ["kort", "kort"],
        ["Vlissingen2026!", "Vlissingen2026!"],
        ["annakreekhove2026!", "annakreekhove2026!"],
        ["x" * 129, "x" * 129],
    ],
)
def test_one_that_will_not_do_changes_nothing(anna, typed):
    answer = anna.post("/account/passphrase", {"passphrase": typed})

    assert answer.status_code == 422
    assert authenticate("anna@example.org", PASSPHRASE)
    assert not [words for words in typed if len(words) > 8 and words in answer.text]


def test_new_passphrases_are_weighed_eight_times_a_minute_at_most(anna):
    with time_machine.travel(now(), tick=False):
        forms = [anna.post("/account/passphrase", {"passphrase": "kort"}) for _n in range(9)]

    assert [answer.status_code for answer in forms] == [422] * 8 + [429]


def test_who_has_no_second_step_makes_that_first(client_of, cast):
    bram = client_of(cast.bram)

    page = bram.get("/account/passphrase")
    assert 'href="/account/code-app"' in page.text
    assert 'name="passphrase"' not in page.text
    assert bram.post("/account/passphrase", {"passphrase": [NEW, NEW]}).status_code == 409
    assert not Passphrase.select().where(Passphrase.user == cast.bram).exists()

    set_code_app(cast.bram, APP_SECRET, step=0)
    bram.post("/account/passphrase", {"passphrase": [NEW, NEW]})
    assert authenticate("bram@example.org", NEW) == cast.bram


def test_a_passphrase_that_waits_for_a_proof_is_shown_on_no_page(anna):
    token = anna.token
    stale(anna)

    fields = {"csrf_token": token, "passphrase": [NEW, NEW]}
    asked = anna.client.post("/account/passphrase", data=fields)

    assert asked.status_code == 403
    assert NEW not in asked.text


def test_the_log_tells_of_the_change(anna):
    before = AuditLine.select().count()
    anna.post("/account/passphrase", {"passphrase": [NEW, NEW]})

    lines = AuditLine.select().order_by(AuditLine.id).offset(before)
    assert [line.action for line in lines] == ["account.passphrase-changed"]


def test_the_passphrase_of_another_stays_what_it_was(anna, cast):
    set_passphrase(cast.bram, "ligt er nog slagroom op de trampoline")
    anna.post("/account/passphrase", {"passphrase": [NEW, NEW], "user": cast.bram.id})

    assert authenticate("bram@example.org", "ligt er nog slagroom op de trampoline") == cast.bram
