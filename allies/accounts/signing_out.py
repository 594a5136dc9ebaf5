"""Leaving this browser: signing out, going away quickly, a phone that forgets us (TRUST T11)."""

from contextlib import suppress
from dataclasses import dataclass

from flask import make_response, redirect, render_template, session, url_for
from flask_login import current_user
from peewee import OperationalError

from allies import held
from allies.accounts import losing, own_devices, service
from allies.accounts.views import bp, sign_in
from allies.i18n import comes_out, out_to
from allies.signing_in import device_secret, drop_device, forget_session
from allies.web import Done, allow, public, render

NEUTRAL_SITE = "https://www.buienradar.nl"  # where anybody could have been


@dataclass(frozen=True)
class SignedOut(Done):
    """A change after which nobody is signed in here any more; `view` is a page for everybody."""

    def respond(self):
        return without_cookies(redirect(out_to(self.location), 303))


@bp.post("/sign-out")
@public
def sign_out():
    end_here()
    return without_cookies(redirect(out_to(url_for("accounts.sign_in")), 303))


@bp.post("/account/sign-out-everywhere")
@allow("account.sign-out")
def sign_out_everywhere():
    service.end_all_sign_ins(current_user)
    return SignedOut(sign_in)


@bp.post("/quick-exit")
@public(has_token=False)  # it must work from a page that stood open for hours
def quick_exit():
    """Away from here at once. A 200: `form-action` lets no form be sent on to another site."""
    with suppress(OperationalError):  # somebody else is writing: leaving comes first
        end_here()
    response = make_response(render_template("accounts/away.html", site=NEUTRAL_SITE))
    response.headers["Refresh"] = f"0; url={NEUTRAL_SITE}"
    return without_cookies(response)


@bp.post("/forget-phone")
@public
def forget_phone():
    """Nothing of us stays on this phone, and the phone stands for nobody any more."""
    end_here()
    if device := own_devices.known(device_secret()):
        losing.forget(device)
    address = out_to(url_for("accounts.forgotten"))
    session.clear()
    response = redirect(address, 303)
    drop_device(response)
    response.headers["Clear-Site-Data"] = '"*"'
    return response


@bp.get("/forgotten")
@public
def forgotten():
    comes_out()
    return render("accounts/forgotten.html")


def end_here():
    """End the sign-in of this browser, for every copy of its cookie, and what waits in it."""
    held.let_go_all()
    if current_user.is_authenticated:
        service.end_sign_in(current_user.session_token)


def without_cookies(response):
    """The answer takes our cookies away; only that of an own device stays, or it would be none."""
    forget_session()
    if not own_devices.known(device_secret()):
        response.headers["Clear-Site-Data"] = '"cookies"'
    return response
