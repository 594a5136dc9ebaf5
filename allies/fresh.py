"""Showing again who you are, before what can do harm (TRUST T25, OWASP ASVS 7.5).

The form itself comes back with the question, everything in it kept; sent again
with a proof it is carried out at once. A proof renews the sign-in for five minutes.
"""

from flask import current_app, render_template, request
from flask_login import current_user

from allies.accounts import service as accounts
from allies.i18n import _
from allies.limits import count_try, forget_tries
from allies.passkeys import service as passkeys
from allies.passkeys.asking import KNOWN, given
from allies.passkeys.models import Passkey
from allies.receipts import PROOFS
from allies.second_step import service as second_step
from allies.signing_in import renew
from allies.trouble import sent_fields, trouble, wants_part

TRIES = 10  # in 15 minutes


def is_proven():
    """Is this sign-in fresh, or does the form at hand bring what makes it so? Raises TooMany."""
    if current_user.sign_in.is_fresh:
        return True
    if not brings_proof():
        return False
    tries = count_try("proof", {current_user.id: TRIES}, key=current_app.config["SECRET_KEY"])
    if not fits():
        return False
    forget_tries(tries)
    renew()
    return True


def ask():
    """The form at hand with the question who you are; status 403.

    A part of a page can't hold that question: there it says to open the page again.
    """
    if wants_part():
        text = _("Open this page again and try it once more. Then we ask who you are.")
        return trouble(403, _("Is it you?"), text)
    return (
        render_template(
            "accounts/confirm.html",
            fields=[(name, value) for name, value in sent_fields() if name not in PROOFS],
            is_wrong=brings_proof(),
            asks_passkey=has_passkeys(),
            asks_passphrase=asks_passphrase(),
            asks_code=asks_code(),
            demo=is_demo(),
        ),
        403,
    )


def brings_proof():
    return any(request.form.get(name) for name in PROOFS)


def fits():
    """Does one of the proofs in this form hold for whoever is signed in?"""
    return any(check() for check in CHECKS)


def by_press():
    """One press, in the demonstration only."""
    return is_demo() and bool(request.form.get("proof_demo"))


def by_passphrase():
    """The passphrase, and a code beside it where a sign-in here would ask for one too."""
    typed = request.form.get("proof_passphrase", "")
    if not typed or not accounts.knows_passphrase(current_user, typed):
        return False
    return not asks_code() or second_step.accepts(current_user, request.form.get("proof_code", ""))


def by_passkey():
    """One of this user's own passkeys; that of somebody else proves nothing."""
    if not request.form.get("proof_passkey"):
        return False
    user = passkeys.user_of(given(KNOWN, "proof_passkey"))
    return user is not None and user.id == current_user.id


CHECKS = (by_press, by_passkey, by_passphrase)


def asks_passphrase():
    """Not of somebody who only has passkeys."""
    return accounts.has_passphrase(current_user) or not has_passkeys()


def has_passkeys():
    return Passkey.visible_to(current_user).exists()


def asks_code():
    """On an own device the device stands for the code."""
    return not current_user.sign_in.device_id and second_step.is_asked(current_user)


def is_demo():
    return current_app.config["ALLIES"].demo
