"""Where somebody is signed in: the account, its devices, and letting go of them."""

from flask import flash, redirect, url_for
from flask_login import current_user

from allies.accounts import service
from allies.accounts.models import SignIn
from allies.accounts.views import bp, sign_in
from allies.alliances.models import memberships_of
from allies.i18n import _
from allies.people.models import Identity
from allies.signing_in import forget_session
from allies.web import allow, done, public, render


@bp.get("/account")
@allow("account.show")
def account():
    return render(
        "accounts/account.html",
        identity=Identity.get(Identity.user == current_user.id),
        memberships=memberships_of(current_user),
        sign_ins=SignIn.of(current_user),
    )


@bp.post("/sign-out")
@public
def sign_out():
    if current_user.is_authenticated:
        service.end_sign_in(current_user.session_token)
    forget_session()
    response = redirect(url_for("accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cookies"'
    return response


@bp.post("/account/sign-out-everywhere")
@allow("account.sign-out")
def sign_out_everywhere():
    service.end_all_sign_ins(current_user)
    flash(_("You are signed out on every device."))
    return done(sign_in)
