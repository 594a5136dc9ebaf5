"""Signing in and out. Same answer and same work for known and unknown (TRUST T21, T22)."""

import threading
import unicodedata
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from allies.access import way_in
from allies.accounts.models import Device, Passphrase, SignIn, User
from allies.alliances.models import coordinates_anywhere
from allies.audit import record
from allies.crypto import digest, token
from allies.db import atomic, now, write_if_idle
from allies.i18n import today
from allies.people.models import Identity

MEMBER_HOURS, COORDINATOR_HOURS = 12, 8
SEEN_EVERY = timedelta(minutes=5)
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Somebody unknown costs the same work: a hash that no passphrase fits.
NOBODY = HASHER.hash(token())
A_MAILBOX = 2  # people may share one; an address of one of them, or of nobody, costs as much work
AT_ONCE = threading.Semaphore(4)  # 19 MiB each; more at once would starve the other pages


def authenticate(email, passphrase):
    """The user with this e-mail address and passphrase, or None for every other case."""
    users = {u.id: u for u in Identity.users_with_email(email) if u.disabled_at is None}
    theirs = Passphrase.select(Passphrase.user, Passphrase.hash).where(Passphrase.user << [*users])
    hashes = list(theirs.tuples())
    hashes += [(None, NOBODY)] * (A_MAILBOX - len(hashes))
    fitting = [user_id for user_id, hashed in hashes if _fits(hashed, passphrase)]
    return users.get(fitting[0]) if fitting else None


@atomic
def set_passphrase(user, passphrase):
    """Give a user this passphrase instead of any earlier one."""
    Passphrase.delete().where(Passphrase.user == user.id).execute()
    Passphrase.create(user=user.id, hash=HASHER.hash(_as_typed_anywhere(passphrase)))


@atomic
def change_passphrase(user, passphrase):
    """The same for somebody who is signed in: only this sign-in and this device go on."""
    here = user.sign_in
    set_passphrase(user, passphrase)
    SignIn.delete().where(SignIn.user == user.id, SignIn.id != here.id).execute()
    Device.delete().where(Device.user == user.id, Device.id != (here.device_id or "")).execute()
    record(user, "account.passphrase-changed")


def has_passphrase(user):
    return Passphrase.select().where(Passphrase.user == user.id).exists()


def fingerprint(user):
    """A few characters that differ as soon as this user's passphrase does; "" without one."""
    row = Passphrase.get_or_none(Passphrase.user == user.id)
    return digest(row.hash)[:16] if row else ""


@atomic
def start_sign_in(user, *, device=None, platform=""):
    """Begin a sign-in and return its secret, the only thing the cookie needs to hold.

    On a `device` of their own a member stays signed in; a coordinator never does.
    """
    secret = token() + token()
    coordinates = coordinates_anywhere(user)
    hours = COORDINATOR_HOURS if coordinates else MEMBER_HOURS
    SignIn.create(
        id=digest(secret),
        user=user.id,
        device=device and device.id,
        platform=platform,
        stays=bool(device) and not coordinates,
        ends_at=now() + timedelta(hours=hours),
    )
    if device:
        Device.update(used_on=today()).where(Device.id == device.id).execute()
    record(user, "account.signed-in")
    return secret


@atomic
def renew_sign_in(sign_in):
    """Note that its user showed who they are just now; returns the new secret, the old is dead."""
    secret = token() + token()
    this = SignIn.id == sign_in.id
    SignIn.update(id=digest(secret), proved_at=now(), seen_at=now()).where(this).execute()
    return secret


def knows_passphrase(user, passphrase):
    """Is this the passphrase of this user? The same work when there is none."""
    row = Passphrase.get_or_none(Passphrase.user == user.id)
    return _fits(row.hash if row else NOBODY, passphrase)


@atomic
def end_sign_in(secret):
    """End one sign-in: its cookie opens nothing any more, wherever it was copied to."""
    SignIn.delete().where(SignIn.id == digest(secret)).execute()


@way_in("sign-ins")
def close_sign_ins(user):
    """End every sign-in of a user; part of closing everything."""
    SignIn.delete().where(SignIn.user == user.id).execute()


@atomic
def end_all_sign_ins(user):
    """End every sign-in of a user, on every device."""
    close_sign_ins(user)
    record(user, "account.signed-out-everywhere")


def is_long_unseen(sign_in):
    """Is it time to note again that somebody is there? At most every five minutes."""
    return now() - sign_in.seen_at > SEEN_EVERY


def touch(sign_in):
    """Note that somebody is there, unless that means waiting for a writer."""
    write_if_idle(SignIn.update(seen_at=now()).where(SignIn.id == sign_in.id))


@atomic
def choose_locale(user, locale):
    """Remember a user's language on the account."""
    User.update(locale=locale).where(User.id == user.id).execute()


def _fits(hashed, passphrase):
    with AT_ONCE:
        try:
            return HASHER.verify(hashed, _as_typed_anywhere(passphrase))
        except VerifyMismatchError:
            return False


def _as_typed_anywhere(passphrase):
    """One form of a text: keyboards differ in how they write an é (RFC 8265)."""
    return unicodedata.normalize("NFC", passphrase)
