"""The account, the devices somebody is signed in on, and what to do when one is lost."""

from flask import flash
from flask_login import current_user

from allies.accounts import losing
from allies.accounts.models import Device, SignIn
from allies.accounts.signing_out import SignedOut, bp
from allies.alliances.models import Membership, memberships_of
from allies.i18n import _, comes_out
from allies.web import allow, current_member, done, public, render


@bp.get("/account")
@allow("account.show")
def account():
    return render("accounts/account.html", memberships=memberships_of(current_user))


@bp.get("/account/devices")
@allow("account.show")
def devices():
    return render(
        "accounts/devices.html",
        sign_ins=SignIn.visible_to(current_user),
        own=Device.visible_to(current_user),
        afterwards=losing.afterwards(current_user),
    )


@bp.post("/sign-ins/<id>/end")
@allow("account.sign-out", on=SignIn)
def end(sign_in):
    losing.end(sign_in)
    flash(_("Signed out there."))
    return done(devices)


@bp.post("/devices/<id>/forget")
@allow("account.sign-out", on=Device)
def forget(device):
    losing.forget(device)
    flash(_("Forgotten. There you sign in anew."))
    return done(devices)


@bp.post("/account/lost-phone")
@allow("account.lost-phone")
def lost_phone():
    after = losing.afterwards(current_user)
    losing.close_everything(current_user)
    return SignedOut(closed if after.by_passphrase else closed_in_person)


@bp.get("/closed")
@public
def closed():
    comes_out()
    return render("accounts/closed.html", by_passphrase=True)


@bp.get("/closed/in-person")
@public
def closed_in_person():
    """For whoever has nothing left to sign in with; only the address is left to tell it."""
    comes_out()
    return render("accounts/closed.html", by_passphrase=False)


@bp.get("/members/<id>/lost-phone")
@allow("member.lost-phone", on=Membership)
def phone_of(membership):
    return render("accounts/phone_of.html", membership=membership)


@bp.post("/members/<id>/lost-phone")
@allow("member.lost-phone", on=Membership)
def lost_phone_of(membership):
    by = current_member(membership.alliance)
    losing.close_everything(membership.user, by=by, membership=membership)
    flash(_("Closed. That phone opens nothing any more."))
    return done(phone_of, membership)
