"""After a loss the page says what holds for this person, and what is needed before it (T12)."""

import pytest

from allies.accounts.models import Passphrase
from allies.db import now
from allies.passkeys.models import Passkey
from allies.second_step import service as second_step
from allies.second_step.models import CodeApp, RecoveryCode
from tests.conftest import Device
from tests.test_fresh import stale


@pytest.fixture
def anna(client_of, cast):
    """anna(*things) is a browser of hers, with only these things to sign in with."""

    def sign_in(*things):
        for model in (Passphrase, CodeApp, RecoveryCode, Passkey):
            if model.__name__ not in things:
                model.delete().where(model.user == cast.anna.id).execute()
        if "CodeApp" in things:
            second_step.set_code_app(cast.anna, "JBSWY3DPEHPK3PXP", 0)
        if "RecoveryCode" in things:
            second_step.new_printed_codes(cast.anna)
        if "Passkey" in things:
            key = {"credential_id": b"k", "public_key": b"k"}
            Passkey.create(user=cast.anna, made_on=now().date(), **key)
        device = client_of(cast.anna)
        device.post("/language", {"locale": "en"})
        return device

    return sign_in


def page_after_closing(app, device):
    answer = device.post("/account/lost-phone")
    other = Device(app.test_client())  # no cookie tells who reads
    return answer.location, other.get(answer.location).text


@pytest.mark.parametrize(
    ("things", "by_passphrase"),
    [
        (["Passkey"], False),
        (["Passphrase", "CodeApp"], False),  # the app went with the phone
        (["Passphrase", "CodeApp", "RecoveryCode", "Passkey"], True),
        (["Passphrase"], True),
        (["Passkey", "CodeApp", "RecoveryCode"], False),
    ],
)
def test_the_page_after_closing_names_only_what_still_opens(app, anna, things, by_passphrase):
    device = anna(*things)
    before = device.get("/account/devices").text
    location, page = page_after_closing(app, device)

    assert ("by yourself" in before) is not by_passphrase
    assert ('href="/sign-in"' in page.split("<main")[1]) is by_passphrase
    assert ('href="/join"' in page.split("<main")[1]) is not by_passphrase
    assert "Everything is closed" in page, "in the language that was read before"
    assert location.split("?")[0] == ("/closed" if by_passphrase else "/closed/in-person")


def test_a_passkey_user_reads_how_to_get_printed_codes(anna):
    page = anna("Passkey").get("/account/keys").text.split('id="printed"')[1]

    assert "First set up the code app" in page
    assert "/account/recovery-codes" not in page


def test_what_the_page_of_keys_says_is_the_way_that_works(anna, cast):
    device = anna("Passkey")
    assert device.get("/account/passphrase").status_code == 200
    assert 'name="passphrase"' not in device.get("/account/passphrase").text

    second_step.set_code_app(cast.anna, "JBSWY3DPEHPK3PXP", 0)
    second_step.new_printed_codes(cast.anna)

    assert "never alone" in device.get("/account/keys").text.split('id="printed"')[1]
    assert 'name="passphrase"' in device.get("/account/passphrase").text


def test_who_has_a_passphrase_is_not_told_to_choose_one(anna):
    page = anna("Passphrase", "CodeApp", "RecoveryCode").get("/account/keys").text

    assert "never alone" not in page
    assert "/account/recovery-codes" in page


def test_an_unattended_screen_shuts_nobody_out(client_of, cast, member):
    carla = client_of(cast.carla)
    there = client_of(cast.anna)
    path = f"/members/{member('anna').id}/lost-phone"
    form = carla.get(path).text.split(f'action="{path}"')[1].split(">")[0]
    token = carla.token

    answer = stale(carla).client.post(path, data={"csrf_token": token})

    assert answer.status_code == 403
    assert there.get("/").status_code == 200
    assert "hx-" not in form
