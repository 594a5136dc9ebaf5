"""The addresses of passkeys: a challenge, signing in with one, adding and removing one."""

from flask import Blueprint, abort, current_app, flash, jsonify, render_template, request
from flask_login import current_user

from allies.entrance import safe_next
from allies.errors import Refused
from allies.i18n import _
from allies.limits import count_try
from allies.passkeys import service
from allies.passkeys.asking import KNOWN, NEW, given, options
from allies.passkeys.models import Passkey
from allies.platforms import platform_of
from allies.signing_in import sender_network, welcome
from allies.web import allow, done, public, render

bp = Blueprint("passkeys", __name__)
TRIES = 60  # that fail, from one network in 15 minutes


@bp.get("/passkeys/challenge")
@public
def challenge():
    """What the script hands to the browser; asked for at the press, so a page may stay open."""
    kind = request.args.get("for")
    return jsonify(options(kind, current_user)) if kind in {NEW, KNOWN} else abort(404)


@bp.post("/sign-in/passkey")
@public
def sign_in():
    """A whole sign-in: the device that has the passkey asked for a finger, a face or a code."""
    after = safe_next(request.form.get("next", "/"))
    user = service.user_of(given(KNOWN))
    if user is None:
        # Only what fails is counted and refused: a passkey can't be guessed, so a neighbour on
        # the same network who uses up the tries keeps nobody out.
        limits = {sender_network(): TRIES}
        count_try("passkey", limits, key=current_app.config["SECRET_KEY"])
        return render_template("passkeys/failed.html", after=after), 422
    return welcome(user, after, own_device="own_device" in request.form)


@bp.post("/account/passkeys")
@allow("account.change")
def add():
    platform = platform_of(request.headers.get("User-Agent"))
    try:
        service.add(current_user, given(NEW), platform=platform)
    except Refused as refused:
        return render("passkeys/not_added.html", text=refused.text, status=422)
    flash(_("The passkey is added. From now on you can sign in with it."))
    return done("accounts.keys")


@bp.post("/passkeys/<id>/remove")
@allow("account.change", on=Passkey)
def remove(passkey):
    service.remove(passkey)
    flash(_("The passkey is removed. It opens nothing here any more."))
    return done("accounts.keys")
