"""Checking what a passkey answered, and keeping its public half (TRUST T24, WebAuthn 3 §7).

An answer counts only for our own address, only when the device checked who held it
(a finger, a face, a code), and only once.
"""

from dataclasses import dataclass
from datetime import timedelta

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier

from allies.access import way_in
from allies.accounts.models import User
from allies.audit import record
from allies.crypto import digest
from allies.db import atomic, now
from allies.errors import Refused
from allies.i18n import _l, today
from allies.passkeys.models import Passkey, SpentChallenge
from allies.second_step.service import keep_a_way_in

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # what Windows makes
]
VALID = timedelta(minutes=5)  # a challenge waits so long for its answer
MOST = 10
LONGEST_ID = 1023  # bytes, the most that WebAuthn allows
FAILED = _l("That did not work with this passkey. Please try again, or choose the other way.")


@dataclass(frozen=True)
class Answer:
    """What a browser sent for a challenge, and what it must fit; empty without a challenge."""

    credential: str
    challenge: bytes
    rp_id: str
    origins: tuple[str, ...]


@atomic
def add(user, answer, *, platform=""):
    """Keep a new passkey for a user. Raises Refused beside the field `credential`."""
    new = read_new(answer)
    known = Passkey.select().where(Passkey.credential_id == new.credential_id).exists()
    if known or not spend(answer):
        raise Refused("credential", FAILED)
    if Passkey.select().where(Passkey.user == user.id).count() >= MOST:
        raise Refused("credential", _l("You have ten passkeys. Remove one first."))
    record(user, "account.passkey-added")
    return Passkey.create(
        user=user,
        credential_id=new.credential_id,
        public_key=new.credential_public_key,
        sign_count=new.sign_count,
        platform=platform,
    )


def read_new(answer):
    """The new passkey in an answer. Raises Refused beside the field `credential`."""
    new = _verified(verify_registration_response, answer, supported_pub_key_algs=ALGORITHMS)
    if new is None or len(new.credential_id) > LONGEST_ID:
        raise Refused("credential", FAILED)
    return new


@atomic
def user_of(answer):
    """The user whose passkey gave this answer, which is spent with it; None in every other case.

    A counter that did not go up tells of a copied key: refused, and noted in the audit log.
    """
    passkey = _passkey_in(answer)
    if passkey is None:
        return None
    held = {"credential_public_key": bytes(passkey.public_key), "credential_current_sign_count": 0}
    given = _verified(verify_authentication_response, answer, **held)
    if given is None or not spend(answer):
        return None
    if passkey.sign_count >= given.new_sign_count and (passkey.sign_count or given.new_sign_count):
        record(passkey.user, "passkey.stepped-back", passkey)
        return None
    fresh = {"sign_count": given.new_sign_count, "used_on": today()}
    Passkey.update(**fresh).where(Passkey.id == passkey.id).execute()
    return passkey.user


def spend(answer):
    """Note that this challenge was answered; False when it had been before."""
    _spent, is_first = SpentChallenge.get_or_create(id=digest(answer.challenge.hex()))
    return is_first


@atomic
def remove(passkey):
    """Take a passkey away. Raises DomainError when it was the last way in."""
    passkey.delete_instance()
    keep_a_way_in(passkey.user)
    record(passkey.user, "account.passkey-removed")


@way_in("passkeys")
def close(user):
    """Remove every passkey of a user."""
    Passkey.delete().where(Passkey.user == user.id).execute()


@atomic
def prune():
    """Drop spent challenges that are too old to be answered anyway."""
    SpentChallenge.delete().where(SpentChallenge.at < now() - 2 * VALID).execute()


def _passkey_in(answer):
    """The passkey an answer names, with its user; None when there is none that may sign in."""
    try:
        raw_id = parse_authentication_credential_json(answer.credential).raw_id
    except Exception:  # it may hold anything; whatever its reader stumbles over is no passkey
        return None
    known = Passkey.select(Passkey, User).join(User)
    return known.where(Passkey.credential_id == raw_id, User.disabled_at.is_null()).first()


def _verified(verify, answer, **facts):
    """What the library reads in an answer that holds, else None."""
    if not answer.challenge:
        return None
    try:
        return verify(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.rp_id,
            expected_origin=list(answer.origins),
            require_user_verification=True,
            **facts,
        )
    except Exception:  # bytes from anywhere: whatever goes wrong inside, it does not hold
        return None
