"""Signing in and out. Same answer and same work for known and unknown (TRUST T21, T22)."""

import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from allies.accounts.models import IDLE, Passphrase, SignIn, User
from allies.alliances.models import Role, memberships_of
from allies.audit import record
from allies.crypto import digest, token
from allies.db import atomic, now, write_if_idle
from allies.people.models import Identity

MEMBER_HOURS, COORDINATOR_HOURS = 12, 8
SEEN_EVERY = timedelta(minutes=5)
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Somebody unknown costs the same work: a hash that no passphrase fits.
NOBODY = HASHER.hash(token())
AT_ONCE = threading.Semaphore(4)  # 19 MiB each; more at once would starve the other pages


def authenticate(email, passphrase):
    """The user with this e-mail address and passphrase, or None for every other case."""
    candidates = [u for u in Identity.users_with_email(email) if u.disabled_at is None]
    hashes = {u: Passphrase.get_or_none(Passphrase.user == u) for u in candidates}
    found = None
    for user, row in (hashes or {None: None}).items():
        if _fits(row.hash if row else NOBODY, passphrase):
            found = user
    return found


@atomic
def set_passphrase(user, passphrase):
    """Give a user this passphrase instead of any earlier one."""
    Passphrase.delete().where(Passphrase.user == user).execute()
    Passphrase.create(user=user, hash=HASHER.hash(passphrase))


@atomic
def start_sign_in(user):
    """Begin a sign-in and return its secret, the only thing the cookie needs to hold."""
    secret = token() + token()
    coordinates = any(m.role == Role.COORDINATOR for m in memberships_of(user))
    hours = COORDINATOR_HOURS if coordinates else MEMBER_HOURS
    SignIn.create(id=digest(secret), user=user, ends_at=now() + timedelta(hours=hours))
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


@atomic
def end_all_sign_ins(user):
    """End every sign-in of a user, on every device."""
    SignIn.delete().where(SignIn.user == user).execute()
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


@atomic
def prune():
    """Drop sign-ins that have ended or idled out more than a day ago."""
    day_ago = now() - timedelta(days=1)
    SignIn.delete().where((SignIn.ends_at < day_ago) | (SignIn.seen_at < day_ago - IDLE)).execute()


def _fits(hashed, passphrase):
    with AT_ONCE:
        try:
            return HASHER.verify(hashed, passphrase)
        except VerifyMismatchError:
            return False
