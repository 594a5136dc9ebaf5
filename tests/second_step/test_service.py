"""A code counts once, whoever sends it twice (TRUST T24)."""

import threading
import time

import pyotp
import pytest
import time_machine

from allies.access import close_all
from allies.accounts.models import Passphrase
from allies.accounts.service import set_passphrase
from allies.audit import AuditLine
from allies.db import database, open_connection
from allies.demo.loader import APP_SECRET
from allies.errors import DomainError
from allies.passkeys.models import Passkey
from allies.second_step import service
from allies.second_step.models import CodeApp, RecoveryCode
from allies.second_step.offer import Offer

NOW = 1_790_000_000  # a moment at the start of a half minute plus twenty seconds
APP = pyotp.TOTP(APP_SECRET)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("steps", "holds"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_the_clock_of_a_phone_may_be_half_a_minute_off(cast, steps, holds):
    assert service.accepts(cast.anna, APP.at(NOW + 30 * steps)) is holds


def test_a_code_works_once_and_an_older_one_not_after_it(cast):
    assert service.accepts(cast.anna, APP.at(NOW))
    assert not service.accepts(cast.anna, APP.at(NOW))
    assert not service.accepts(cast.anna, APP.at(NOW - 30))
    assert service.accepts(cast.anna, APP.at(NOW + 30))


def test_a_code_is_understood_with_spaces_and_dashes(cast):
    code = APP.at(NOW)

    assert service.accepts(cast.anna, f" {code[:3]} {code[3:]}-")


@pytest.mark.parametrize(
    "typed", ["", "      ", "000000", "abcdef", "１２３４５６", "0" * 16, "\x00"]
)
def test_what_is_no_code_is_refused(cast, typed):
    assert not service.accepts(cast.anna, typed)


def test_a_code_is_the_users_own(cast):
    (code, *_rest) = service.new_printed_codes(cast.bram)

    assert not service.accepts(cast.anna, code)
    assert not service.accepts(cast.bram, APP.at(NOW))
    assert service.accepts(cast.bram, code)


def test_a_printed_code_works_once_however_it_is_typed(cast):
    (code, *rest) = service.new_printed_codes(cast.anna)
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert service.accepts(cast.anna, sloppy)
    assert not service.accepts(cast.anna, code)
    assert service.printed_left(cast.anna) == len(rest) == 9


def test_a_new_list_ends_the_old_one(cast):
    old = service.new_printed_codes(cast.anna)
    new = service.new_printed_codes(cast.anna)

    assert len(set(old) | set(new)) == 20
    assert not any(service.accepts(cast.anna, code) for code in old)
    assert all(service.accepts(cast.anna, code) for code in new)


def test_neither_codes_nor_secrets_are_stored_readably(cast):
    codes = service.new_printed_codes(cast.anna)

    stored = repr([*CodeApp.select().dicts(), *RecoveryCode.select().dicts()])
    assert APP_SECRET not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_the_log_tells_that_codes_were_made_and_used_but_never_which(cast):
    before = AuditLine.select().count()
    (code, *_rest) = service.new_printed_codes(cast.anna)
    service.accepts(cast.anna, code)

    lines = AuditLine.select().order_by(AuditLine.id).offset(before)
    acts = ["account.printed-codes-made", "account.printed-code-used"]
    assert [line.action for line in lines] == acts


def accepted_at_once(user, code, times=8):
    """How many of so many threads get this code accepted."""
    barrier, accepted = threading.Barrier(times), []

    def send():
        open_connection()
        barrier.wait()
        accepted.append(service.accepts(user, code))
        database.close()

    threads = [threading.Thread(target=send) for _n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == times
    return sum(accepted)


def test_of_the_same_code_sent_at_once_one_gets_through(cast):
    assert accepted_at_once(cast.anna, APP.at(NOW)) == 1
    (code, *_rest) = service.new_printed_codes(cast.anna)
    assert accepted_at_once(cast.anna, code) == 1


def test_an_app_that_was_on_a_lost_phone_opens_nothing_and_is_still_asked_for(cast):
    (code, *_rest) = service.new_printed_codes(cast.anna)
    close_all(cast.anna)

    assert not service.accepts(cast.anna, APP.at(NOW))
    assert not service.has_app(cast.anna)
    assert service.next_code(cast.anna) is None
    assert service.is_asked(cast.anna)
    assert service.accepts(cast.anna, code)


def test_the_ways_in_are_counted(cast):
    Passkey.create(user=cast.anna, credential_id=b"a", public_key=b"a")
    assert service.ways_left(cast.anna) == 2  # a passkey; a passphrase with the app

    service.close_code_app(cast.anna)
    assert service.ways_left(cast.anna) == 1  # the passphrase can't be used any more
    service.new_printed_codes(cast.anna)
    assert service.ways_left(cast.anna) == 2

    Passphrase.delete().where(Passphrase.user == cast.anna).execute()
    Passkey.delete().where(Passkey.user == cast.anna).execute()
    assert service.ways_left(cast.anna) == 0
    with pytest.raises(DomainError):
        service.keep_a_way_in(cast.anna)


def test_a_passphrase_without_a_second_step_is_a_way_in_to_make_one(cast):
    set_passphrase(cast.bram, "fiets regen koekje trompet")

    assert service.ways_left(cast.bram) == 1
    service.keep_a_way_in(cast.bram)


def test_an_offer_comes_back_only_for_whom_it_was_made_and_unchanged(app, cast):
    offer = Offer.new(cast.anna.id)

    assert Offer.read(offer.kept, cast.anna.id) == offer
    assert Offer.read(offer.kept, cast.bram.id) is None
    changed = offer.kept[:-8] + ("A" * 8 if offer.kept[-8:] != "A" * 8 else "B" * 8)
    for kept in (changed, "", "x", "é", "AAAA", "A" * 2000):
        assert Offer.read(kept, cast.anna.id) is None
    assert offer.secret not in offer.kept


def test_an_offer_draws_the_address_that_any_app_reads(cast):
    offer = Offer.new(cast.anna.id)

    read = pyotp.parse_uri(offer.address("De Tafel"))
    assert read.secret == offer.secret == "".join(offer.groups)
    assert read.now() == pyotp.TOTP(offer.secret).at(time.time())
    assert offer.step_of(read.now()) == NOW // 30
    assert "example.org" not in offer.address("De Tafel")


def test_every_secret_is_new(cast):
    assert len({Offer.new(cast.anna.id).secret for _n in range(50)}) == 50
