"""Signing in, how you do that, and the language."""

from flask import Blueprint, abort, current_app, flash, redirect, request, session
from flask_login import current_user

from allies import fresh
from allies.accounts import service
from allies.accounts.forms import PassphraseForm, SignInForm
from allies.demo import cast
from allies.entrance import safe_next
from allies.i18n import LOCALES, _, comes_out
from allies.passkeys.models import Passkey
from allies.people.models import Identity
from allies.second_step import service as second_step
from allies.signing_in import renew, sign_in_by_passphrase, take_first_step, welcome
from allies.web import allow, done, public, render, render_form

bp = Blueprint("accounts", __name__)
WEIGHING = 30  # requests' worth: a new passphrase is weighed while other writers wait


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    after = safe_next(request.values.get("next", "/"))
    if current_user.is_authenticated:
        return redirect(after, 303)
    if comes_out():
        flash(_("You are signed out."))
    form = SignInForm()
    if form.validate_on_submit():
        user = sign_in_by_passphrase(form.email.data, form.passphrase.data)
        if user:
            return take_first_step(user, after)
        form.form_errors.append(_("We can't sign you in with this e-mail address and passphrase."))
    personas = cast.personas() if current_app.config["ALLIES"].demo else []
    return render_form("accounts/sign_in.html", form, after=after, personas=personas)


@bp.post("/demo/sign-in")
@public
def demo_sign_in():
    if not current_app.config["ALLIES"].demo:
        abort(404)
    user = cast.user_of(request.form.get("persona", ""))
    return welcome(user, safe_next(request.form.get("next", "/"))) if user else abort(404)


@bp.get("/account/keys")
@allow("account.show")
def keys():
    return render(
        "accounts/keys.html",
        passkeys=list(Passkey.visible_to(current_user)),
        has_passphrase=service.has_passphrase(current_user),
        has_app=second_step.has_app(current_user),
        printed_left=second_step.printed_left(current_user),
    )


@bp.route("/account/passphrase", methods=["GET", "POST"])
@allow("account.change")
def passphrase():
    if not second_step.is_asked(current_user):  # alone it must never open anything
        return passphrase_page(None, status=200 if request.method == "GET" else 409)
    if request.method == "GET" and not current_user.sign_in.is_fresh:
        return fresh.ask()  # now: a passphrase that was typed already is shown on no page again
    if "passphrase" not in request.form:
        return passphrase_page(PassphraseForm(formdata=None))
    requests = current_app.extensions["request_limit"]
    requests.count(f"passphrase of {current_user.id}", weight=WEIGHING)
    form = PassphraseForm(about=own_words())
    if not form.validate():
        return passphrase_page(form, status=422)
    service.change_passphrase(current_user, form.passphrase.data)
    renew()
    flash(_("Your passphrase is changed. On every other device you are signed out."))
    return done(keys)


def passphrase_page(form, status=200):
    has_passphrase = service.has_passphrase(current_user)
    facts = {"form": form, "has_passphrase": has_passphrase}
    return render("accounts/passphrase.html", status=status, **facts)


def own_words():
    """What anybody who knows this person would try first."""
    identity = Identity.get(Identity.user == current_user.id)
    return identity.open("name"), identity.open("email")


@bp.post("/language")
@public
def language():
    """Choose Dutch or English, on this device and, when signed in, on the account."""
    chosen = request.form.get("locale")
    if chosen in LOCALES:
        session["locale"] = chosen
        if current_user.is_authenticated:
            service.choose_locale(current_user, chosen)
    return redirect(safe_next(request.form.get("next", "/"), allow_public=True), 303)
