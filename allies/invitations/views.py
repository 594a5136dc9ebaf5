"""The addresses of the invitations an alliance has open."""

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_login import current_user

from allies.alliances.models import Alliance
from allies.i18n import _
from allies.invitations import service
from allies.invitations.models import MOST_ALLIES, Invitation
from allies.web import ShownOnce, allow, current_member, done, render

bp = Blueprint("invitations", __name__)


@bp.route("/alliances/<id>/invitations", methods=["GET", "POST"])
@allow("invitation.make", on=Alliance)
def index(alliance):
    if request.method == "POST":
        return shown_once(*service.invite(alliance, by=current_member(alliance)))
    return render(
        "invitations/index.html",
        alliance=alliance,
        invitations=list(Invitation.listed(current_user, alliance)),
        taken=alliance.allies.count(),
        most=MOST_ALLIES,
    )


@bp.post("/invitations/<id>/reissue")
@allow("invitation.make", on=Invitation)
def reissue(invitation):
    return shown_once(*service.reissue(invitation, by=current_member(invitation.alliance)))


@bp.post("/invitations/<id>/withdraw")
@allow("invitation.make", on=Invitation)
def withdraw(invitation):
    service.withdraw(invitation, by=current_member(invitation.alliance))
    flash(_("The invitation is withdrawn. Its code does not work any more."))
    return done(index, invitation.alliance)


def shown_once(invitation, code):
    facts = {"invitation": invitation, "code": code, "address": join_address()}
    return ShownOnce(
        index, invitation.alliance, page=render_template("invitations/code.html", **facts)
    )


def join_address():
    """Where a code is typed, as it is printed; from the settings, never from the request."""
    return current_app.config["ALLIES"].base_url + url_for("invitations.join")
