"""Signing in, and the language."""

from flask import Blueprint, abort, current_app, redirect, request, session
from flask_login import current_user

from allies.accounts import service
from allies.accounts.forms import SignInForm
from allies.demo import cast
from allies.i18n import LOCALES, _
from allies.limits import forget_tries
from allies.signing_in import count_sign_in_try, welcome
from allies.web import public, render_form, safe_next

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    after = safe_next(request.values.get("next", "/"))
    if current_user.is_authenticated:
        return redirect(after, 303)
    form = SignInForm()
    if form.validate_on_submit():
        tries = count_sign_in_try(form.email.data)
        user = service.authenticate(form.email.data, form.passphrase.data)
        if user:
            forget_tries(tries)
            return welcome(user, after)
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
