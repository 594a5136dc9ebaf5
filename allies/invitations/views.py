"""The addresses of an alliance's invitations; each code is shown once, as a card."""

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_login import current_user

from allies.alliances.models import Alliance, Membership
from allies.errors import Refused
from allies.i18n import _
from allies.invitations import service
from allies.invitations.card import Card
from allies.invitations.forms import DeputyForm, WayBackForm
from allies.invitations.models import FEWEST_ALLIES, MOST_ALLIES, Invitation
from allies.invitations.way_back import offer
from allies.web import ShownOnce, allow, current_member, done, render, render_form

bp = Blueprint("invitations", __name__)


@bp.route("/alliances/<id>/invitations", methods=["GET", "POST"])
@allow("invitation.make", on=Alliance)
def index(alliance):
    if request.method == "POST":
        return shown_once(*service.invite(alliance, by=current_member(alliance)))
    return render(
        "invitations/index.html",
        alliance=alliance,
        member=current_member(alliance),
        invitations=list(Invitation.listed(current_user, alliance)),
        taken=alliance.allies.count(),
        fewest=FEWEST_ALLIES,
        most=MOST_ALLIES,
    )


@bp.route("/alliances/<id>/invitations/deputy", methods=["GET", "POST"])
@allow("invitation.deputy", on=Alliance)
def deputy(alliance):
    form = DeputyForm()
    if form.validate_on_submit():
        facts = {"by": current_member(alliance), "last_day": form.last_day.data}
        try:
            return shown_once(*service.invite_deputy(alliance, **facts))
        except Refused as refusal:
            form.refuse(refusal)
    return render_form("invitations/deputy.html", form, alliance=alliance)


@bp.route("/alliances/<id>/invitations/successor", methods=["GET", "POST"])
@allow("invitation.successor", on=Alliance)
def successor(alliance):
    if request.method == "POST":
        return shown_once(*service.invite_successor(alliance, by=current_member(alliance)))
    return render("invitations/successor.html", alliance=alliance)


@bp.route("/members/<id>/way-back", methods=["GET", "POST"])
@allow("member.way-back", on=Membership)
def way_back(membership):
    form = WayBackForm()
    if form.validate_on_submit():
        by = current_member(membership.alliance)
        return shown_once(*offer(membership, by=by, note=form.note.data))
    return render_form("invitations/way_back.html", form, membership=membership)


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
    card = Card(invitation, code, join_address())
    page = render_template("invitations/code.html", card=card, invitation=invitation)
    return ShownOnce(index, invitation.alliance, page=page)


def join_address():
    """Where a code is typed, as it is printed; from the settings, never from the request."""
    return current_app.config["ALLIES"].base_url + url_for("invitations.join")
