"""The second step beside a passphrase: a code of an app, or one of a printed list (TRUST T24)."""

import time
import unicodedata

import pyotp

from allies.access import way_in
from allies.accounts.service import has_passphrase
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError
from allies.i18n import _l
from allies.invitations.codes import hash_of, new_code
from allies.passkeys.models import Passkey
from allies.second_step.models import CodeApp, RecoveryCode

STEP = 30  # seconds that a code of the app is shown
WINDOW = 1  # steps that the clock of a phone may be off
PRINTED = 10
LAST_WAY = _l("This is your only way in. First add another one.")


def is_asked(user):
    """Is a passphrase not enough for this user? Not either when the app went with a lost phone."""
    return bool(code_app_of(user)) or printed_left(user) > 0


def code_app_of(user):
    """The row of a user's code app, or None; one without a secret was on a lost phone."""
    return CodeApp.get_or_none(CodeApp.user == user.id)


def has_app(user):
    """Does this user have a code app that works?"""
    app = code_app_of(user)
    return bool(app and app.secret)


def next_code(user):
    """The code that would be accepted now, as the demonstration shows it; None without an app."""
    app = code_app_of(user)
    if not (app and app.secret):
        return None
    step = max(int(time.time()) // STEP, app.last_step + 1)
    return pyotp.TOTP(app.unsealed("secret")).at(step * STEP)


def printed_left(user):
    """How many codes of the printed list this user can still use."""
    return RecoveryCode.select().where(RecoveryCode.user == user.id).count()


def accepts(user, typed):
    """Does this code hold for this user? Then it is spent, for everybody and for good."""
    code = plain(typed)
    return spend_step(user, code) if is_of_app(code) else spend_printed(user, code)


def is_of_app(typed):
    """Does this look like a code of the app, and not like a printed one?"""
    code = plain(typed)
    return len(code) == 6 and code.isascii() and code.isdigit()


def plain(typed):
    """A code without the spaces and dashes with which it was typed."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum())


def spend_step(user, code):
    """Use up the half minute of this code; of two at once the update itself lets one through."""
    app = code_app_of(user)
    step = step_of(app.unsealed("secret"), code) if app else None
    if step is None:
        return False
    unused = (CodeApp.id == app.id) & (CodeApp.last_step < step)
    return CodeApp.update(last_step=step).where(unused).execute() == 1


@atomic
def spend_printed(user, code):
    """Strike a printed code off the list; of two at once the delete itself lets one through."""
    this = (RecoveryCode.id == hash_of(code)) & (RecoveryCode.user == user.id)
    is_spent = RecoveryCode.delete().where(this).execute() == 1
    if is_spent:
        record(user, "account.printed-code-used")
    return is_spent


def step_of(secret, code):
    """The half minute for which an app with this secret shows this code; None when it fits none."""
    if not secret:
        return None
    try:
        app = pyotp.TOTP(secret)
        return app.verify_and_get_timecode(plain(code), for_time=time.time(), valid_window=WINDOW)
    except pyotp.OTPVerificationError:
        return None


@atomic
def set_code_app(user, secret, step):
    """From now on this app counts instead of an earlier one; `step` is that of the code shown."""
    CodeApp.delete().where(CodeApp.user == user.id).execute()
    sealed = CodeApp.seal("secret", user.id, secret)
    CodeApp.create(user=user.id, secret=sealed, last_step=step)
    record(user, "account.code-app-set")


@atomic
def new_printed_codes(user):
    """A new list of codes, as they are printed; those of an earlier list open nothing any more."""
    RecoveryCode.delete().where(RecoveryCode.user == user.id).execute()
    codes = [new_code() for _code in range(PRINTED)]
    RecoveryCode.insert_many([{"id": hash_of(c), "user": user.id} for c in codes]).execute()
    record(user, "account.printed-codes-made")
    return codes


def ways_left(user):
    """With how many things this user can sign in: each passkey, and a passphrase that can be used.

    One that asks for a second step while there is none left can not.
    """
    passkeys = Passkey.select().where(Passkey.user == user.id).count()
    is_usable = code_app_of(user) is None or has_app(user) or printed_left(user) > 0
    return passkeys + (has_passphrase(user) and is_usable)


def keep_a_way_in(user):
    """Call after taking one away, in the same transaction. DomainError when it was the last."""
    if not ways_left(user):
        raise DomainError(LAST_WAY)


@way_in("code app")
def close_code_app(user):
    """The app was on the phone that is lost: no code of it fits, but a second step is asked."""
    CodeApp.update(secret=b"").where(CodeApp.user == user.id).execute()
