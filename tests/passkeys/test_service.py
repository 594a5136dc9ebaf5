"""What a passkey's answer must be before it counts (TRUST T24)."""

import secrets
from datetime import timedelta

import pytest
import time_machine
from webauthn.helpers import bytes_to_base64url

from allies import access
from allies.accounts.models import User
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.passkeys import service
from allies.passkeys.models import Passkey, SpentChallenge
from tests.passkeys.authenticator import PRESENT, Phone


def challenge():
    return secrets.token_bytes(32)


def answer(credential, challenge, rp_id="localhost", origins=("http://localhost",)):
    return service.Answer(credential, challenge, rp_id, origins)


def made(phone):
    asked = challenge()
    return answer(phone.make(bytes_to_base64url(asked)), asked)


def shown(phone, asked=None):
    asked = asked or challenge()
    return answer(phone.show(bytes_to_base64url(asked)), asked)


@pytest.fixture
def phone(cast):
    """Anna's phone, with a passkey that is known here."""
    phone = Phone()
    service.add(cast.anna, made(phone), platform="iPhone")
    return phone


def test_a_passkey_opens_the_account_it_was_made_for(phone, cast):
    assert service.user_of(shown(phone)) == cast.anna


def test_a_passkey_needs_no_counter(cast):
    phone = Phone()
    service.add(cast.anna, made(phone))
    for _ in range(2):
        phone.count = -1  # phones that share their passkeys always say 0
        assert service.user_of(shown(phone)) == cast.anna


def test_an_unknown_passkey_opens_nothing(phone):
    assert service.user_of(shown(Phone())) is None


def test_the_key_of_another_under_a_known_name_opens_nothing(phone):
    assert service.user_of(shown(Phone(raw_id=phone.raw_id, count=9))) is None


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost.evil.example", "https://localhost", "http://localhost:80",
        "http://evil.example", "null", "", None, 7,
    ],
)  # fmt: skip
def test_an_answer_for_another_address_is_refused(phone, cast, origin):
    phone.origin = origin

    assert service.user_of(shown(phone)) is None
    with pytest.raises(Refused):
        service.add(cast.bram, made(Phone(origin=origin)))


def test_an_answer_for_another_host_is_refused(phone, cast):
    phone.rp_id = "evil.example"

    assert service.user_of(shown(phone)) is None
    with pytest.raises(Refused):
        service.add(cast.bram, made(Phone(rp_id="evil.example")))


def test_an_answer_without_a_finger_face_or_code_is_refused(phone, cast):
    phone.flags = PRESENT

    assert service.user_of(shown(phone)) is None
    with pytest.raises(Refused):
        service.add(cast.bram, made(Phone(flags=PRESENT)))


def test_an_answer_for_another_challenge_is_refused(phone, cast):
    asked = challenge()
    old = phone.show(bytes_to_base64url(challenge()))
    new = Phone().make(bytes_to_base64url(challenge()))

    assert service.user_of(answer(old, asked)) is None
    with pytest.raises(Refused):
        service.add(cast.bram, answer(new, asked))


def test_an_answer_without_a_challenge_is_refused(phone, cast):
    assert service.user_of(answer(phone.show(""), b"")) is None
    with pytest.raises(Refused):
        service.add(cast.bram, answer(Phone().make(""), b""))


def test_an_answer_counts_once(phone):
    once = shown(phone)

    assert service.user_of(once) is not None
    assert service.user_of(once) is None


def test_a_challenge_counts_once_also_for_another_passkey(phone, cast):
    other, asked = Phone(), challenge()
    service.add(cast.bram, made(other))

    assert service.user_of(shown(phone, asked)) is not None
    assert service.user_of(shown(other, asked)) is None


def test_a_new_passkey_is_added_once(cast):
    once = made(Phone())
    service.add(cast.anna, once)

    for user in (cast.anna, cast.bram):
        with pytest.raises(Refused):
            service.add(user, once)
    assert Passkey.select().count() == 1


def test_a_passkey_of_somebody_can_not_become_that_of_another(phone, cast):
    with pytest.raises(Refused):
        service.add(cast.bram, made(phone))
    assert service.user_of(shown(phone)) == cast.anna


def test_a_counter_that_steps_back_is_refused_and_noted(phone):
    for _ in range(3):
        service.user_of(shown(phone))
    copy = Phone(key=phone.key, raw_id=phone.raw_id, count=1)

    assert service.user_of(shown(copy)) is None
    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.action, line.subject) == ("passkey.stepped-back", Passkey.get().id)
    assert service.user_of(shown(phone)) is not None


def test_only_who_has_the_key_can_fill_the_audit_log(phone):
    service.user_of(shown(phone))
    before = AuditLine.select().count()

    service.user_of(shown(Phone(raw_id=phone.raw_id)))
    assert AuditLine.select().count() == before


def test_a_passkey_of_somebody_shut_out_opens_nothing(phone, cast):
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()

    assert service.user_of(shown(phone)) is None


@pytest.mark.parametrize(
    "sent", ["", "{", "[]", "7", "null", "{}", '{"id":1}', '"x"', "\x00", "[" * 5000, '{"id":"é"}']
)
def test_what_is_no_answer_at_all_is_refused(cast, sent):
    assert service.user_of(answer(sent, challenge())) is None
    with pytest.raises(Refused):
        service.add(cast.anna, answer(sent, challenge()))


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_one_character_changed_is_refused(phone, name):
    given = shown(phone)
    place = given.credential.index(f'"{name}": "') + len(name) + 14
    other = "A" if given.credential[place] != "A" else "B"
    bent = given.credential[:place] + other + given.credential[place + 1 :]

    assert service.user_of(answer(bent, given.challenge)) is None
    assert service.user_of(given) is not None


def test_an_eleventh_passkey_is_refused(cast):
    for _ in range(10):
        service.add(cast.anna, made(Phone()))

    with pytest.raises(Refused):
        service.add(cast.anna, made(Phone()))


def test_the_only_way_in_can_not_be_removed(cast):
    user = User.create()
    first = service.add(user, made(Phone()))
    with pytest.raises(DomainError):
        service.remove(first)

    service.add(user, made(Phone()))
    service.remove(first)
    assert Passkey.select().where(Passkey.user == user).count() == 1


def test_a_removed_passkey_opens_nothing(phone, cast):
    service.add(cast.anna, made(Phone()))
    service.remove(Passkey.get(Passkey.credential_id == phone.raw_id))

    assert service.user_of(shown(phone)) is None


def test_a_lost_phone_ends_every_passkey_of_its_owner_and_of_nobody_else(phone, cast):
    other = Phone()
    service.add(cast.bram, made(other))
    access.close_all(cast.anna)

    assert service.user_of(shown(phone)) is None
    assert service.user_of(shown(other)) == cast.bram


def test_spent_challenges_are_kept_no_longer_than_they_could_be_answered(phone):
    service.user_of(shown(phone))
    service.prune()
    assert SpentChallenge.select().count() == 2

    with time_machine.travel(now() + timedelta(minutes=11)):
        service.prune()
    assert SpentChallenge.select().count() == 0


def test_what_is_kept_of_a_passkey_tells_a_rough_device_and_a_day(phone):
    row = Passkey.select().dicts().get()

    assert row["platform"] == "iPhone"
    assert not hasattr(row["made_on"], "hour")
