"""Guessing is stopped, and no stranger can lock somebody else out (TRUST T21, T22)."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher

from allies.accounts import own_devices, service
from allies.accounts.models import Attempt, Device
from allies.db import now
from allies.demo.loader import APP_SECRET, PASSPHRASE
from allies.people.models import Identity
from allies.second_step.models import CodeApp
from allies.second_step.service import set_code_app
from tests.accounts.doors import Door


class CountedHasher(PasswordHasher):
    """A real hasher that also counts how often a passphrase got as far as here."""

    asked = 0

    def verify(self, hashed, passphrase):
        self.asked += 1
        return super().verify(hashed, passphrase)


@pytest.fixture
def hasher(monkeypatch):
    counted = CountedHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    monkeypatch.setattr(service, "HASHER", counted)
    return counted


def elsewhere(number):
    return f"198.{51 + number // 250}.{number % 250}.1"


def test_of_a_thousand_wrong_tries_at_most_twenty_reach_the_slow_hash(app, cast, hasher):
    service.set_passphrase(cast.bram, "fiets regen koekje trompet")
    set_code_app(cast.bram, APP_SECRET, step=0)
    phone = Door(app)
    phone.enter(own_device="y")
    phone.post("/sign-out", {}, page="/meetings")
    hasher.asked = 0

    answers = [
        Door(app, elsewhere(n)).type_passphrase(passphrase=f"geraden {n}").status_code
        for n in range(1000)
    ]

    assert hasher.asked <= 20
    assert answers.count(422) == 10
    assert answers.count(429) == 990
    other = Door(app).type_passphrase("bram@example.org", "fiets regen koekje trompet")
    assert other.location == "/sign-in/code"
    assert phone.type_passphrase().location == "/"
    assert Door(app).type_passphrase().status_code == 429


def test_the_limits_are_the_same_for_an_address_that_nobody_has(app):
    for email in ("anna@example.org", "nobody@example.org"):
        codes = [Door(app).type_passphrase(email, "fout").status_code for _try in range(12)]
        assert codes == [422] * 10 + [429] * 2, email


def test_an_address_of_nobody_of_one_or_of_two_costs_the_same_work(app, cast, hasher):
    asked = []
    for email in ("nobody@example.org", "bram@example.org", "anna@example.org"):
        hasher.asked = 0
        Door(app).type_passphrase(email, "fout")
        asked.append(hasher.asked)

    assert asked == [service.A_MAILBOX] * 3


def test_a_known_device_has_ten_tries_of_its_own(app):
    phone = Door(app)
    phone.enter(own_device="y")
    phone.post("/sign-out", {}, page="/meetings")

    codes = [phone.type_passphrase(passphrase="fout").status_code for _try in range(11)]

    assert codes == [422] * 10 + [429]
    assert Door(app).type_passphrase().status_code == 303


def test_the_device_of_somebody_else_gives_no_tries_of_its_own(app, cast):
    phone = Door(app)
    phone.enter(own_device="y")
    Device.update(user=cast.bram.id).execute()
    phone.post("/sign-out", {}, page="/meetings")

    for door in (phone, Door(app)):
        for _try in range(5):
            door.type_passphrase(passphrase="fout")
    assert phone.type_passphrase().status_code == 429


def test_after_a_quarter_of_an_hour_there_are_tries_again(app):
    for _try in range(11):
        last = Door(app).type_passphrase(passphrase="fout")
    assert (last.status_code, int(last.headers["Retry-After"])) == (429, 900)

    with time_machine.travel(now() + timedelta(minutes=16)):
        assert Door(app).type_passphrase().status_code == 303


def test_right_passphrases_and_codes_use_up_no_limit(app):
    for _time in range(12):
        assert Door(app).enter().location == "/"
    assert Attempt.select().count() == 0


def test_strangers_elsewhere_can_not_use_up_the_tries_of_everybody(app):
    """Wrong tries on many accounts from many networks stop nobody else."""
    for n in range(70):
        assert Door(app, elsewhere(n)).type_passphrase(f"x{n}@example.org").status_code == 422

    assert Door(app).enter().location == "/"


def test_one_network_has_sixty_tries_for_all_accounts(app):
    codes = [Door(app).type_passphrase(f"x{n}@example.org").status_code for n in range(61)]

    assert codes == [422] * 60 + [429]


def test_six_wrong_codes_are_the_most_and_only_after_the_right_passphrase(app):
    stranger, thief = Door(app), Door(app)
    assert stranger.get("/sign-in/code").location == "/sign-in"
    thief.type_passphrase()

    codes = [thief.type_code("000000").status_code for _try in range(7)]

    assert codes == [422] * 6 + [429]
    assert thief.type_code().status_code == 429


def test_wrong_codes_do_not_stop_the_owner_on_an_own_device(app):
    phone, thief = Door(app), Door(app)
    phone.enter(own_device="y")
    phone.post("/sign-out", {}, page="/meetings")
    CodeApp.update(last_step=0).execute()
    thief.type_passphrase()
    for _try in range(7):
        thief.type_code("000000")

    assert phone.type_passphrase(passphrase=PASSPHRASE).location == "/"


def test_counted_tries_name_neither_account_nor_network(app):
    Door(app).type_passphrase(passphrase="wrong")

    stored = repr(list(Attempt.select().dicts()))
    assert Attempt.select().count() == 2
    assert "anna" not in stored
    assert "127.0.0" not in stored


def test_an_own_device_gives_tries_at_nobody_else_in_the_mailbox(app, cast):
    """Whoever takes somebody's address and marks phones of their own gets few tries more."""
    shared = Identity.columns(cast.bram, email="anna@example.org")
    Identity.update(shared).where(Identity.user == cast.bram.id).execute()
    codes = []
    for _phone in range(4):
        secret, _device = own_devices.mark(cast.bram)
        phone = Door(app)
        phone.client.set_cookie("phone", secret)
        codes += [phone.type_passphrase(passphrase="fout").status_code for _try in range(5)]

    assert codes == [422] * 10 + [429] * 10
