"""Showing again who you are, before what can do harm (TRUST T25, OWASP ASVS 7.5).

The form itself comes back with the question, everything in it kept; sent again
with a proof it is carried out at once. A proof renews the sign-in for five minutes.
"""

from flask import current_app, render_template, request
from flask_login import current_user, login_user

from allies.accounts import service as accounts
from allies.limits import count_try, forget_tries
from allies.receipts import PROOFS
from allies.trouble import sent_fields

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
    user = current_user._get_current_object()
    user.session_token = accounts.renew_sign_in(user.sign_in)
    login_user(user)
    return True


def ask():
    """The form at hand with the question who you are; status 403."""
    fields = [(name, value) for name, value in sent_fields() if name not in PROOFS]
    facts = {"fields": fields, "is_wrong": brings_proof(), "demo": is_demo()}
    return render_template("accounts/confirm.html", **facts), 403


def brings_proof():
    return any(request.form.get(name) for name in PROOFS)


def fits():
    """Does one of the proofs in this form hold for whoever is signed in?"""
    if is_demo() and request.form.get("proof_demo"):
        return True
    return accounts.knows_passphrase(current_user, request.form.get("proof_passphrase", ""))


def is_demo():
    return current_app.config["ALLIES"].demo
