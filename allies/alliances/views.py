"""The addresses of one's own place in an alliance, and of choosing which alliance to see."""

from flask import Blueprint, flash, redirect, request, session
from flask_login import current_user

from allies.accounts.models import SignIn
from allies.alliances import service
from allies.alliances.forms import AgreementsForm, PauseForm
from allies.alliances.models import Alliance, Membership, Role, memberships_of
from allies.entrance import safe_next
from allies.errors import Refused
from allies.i18n import _
from allies.people.models import Identity
from allies.web import allow, current_member, done, render, render_form

bp = Blueprint("alliances", __name__)
SHOWN = "shown"  # in the cookie: the id of the one alliance to see


@bp.get("/memberships/<id>")
@allow("membership.show", on=Membership)
def membership(member):
    return page(member)


@bp.post("/memberships/<id>/redraw")
@allow("membership.redraw", on=Membership)
def redraw(member):
    name = Identity.get(Identity.user == member.user_id).open("name")
    alias = service.redraw(member, name=name)
    flash(_("Everybody here knows you as %(alias)s now.", alias=alias))
    return done(membership, member)


@bp.post("/memberships/<id>/pause")
@allow("membership.pause", on=Membership)
def pause(member):
    if "end" in request.form:
        service.resume(member)
        flash(_("Your pause is over. You get messages again."))
        return done(membership, member)
    form = PauseForm()
    if form.validate_on_submit():
        try:
            service.pause(member, until=form.until.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Noted. You get no messages until your pause is over."))
            return done(membership, member)
    return page(member, form=form, status=422)


@bp.post("/memberships/<id>/end-deputy")
@allow("member.end-deputy", on=Membership)
def end_deputy(deputy):
    mine = current_member(deputy.alliance)
    service.end_deputy(deputy, by=mine)
    flash(_("The deputy can't come in here any more."))
    return done(membership, mine)


@bp.route("/alliances/<id>/agreements", methods=["GET", "POST"])
@allow("alliance.agree", on=Alliance)
def agree(alliance):
    form = AgreementsForm(obj=alliance)
    if form.validate_on_submit():
        service.agree(alliance, by=current_member(alliance), **form.facts)
        flash(_("Noted. It holds for all meetings to come."))
        return done("meetings.planner", alliance)
    return render_form("alliances/agreements.html", form, alliance=alliance)


@bp.post("/alliances/switch")
@allow("alliance.switch")
def switch():
    """See one alliance, or all again; only this browser remembers."""
    chosen = request.form.get("alliance")
    session.pop(SHOWN, None)
    if chosen in {m.alliance_id for m in memberships_of(current_user)}:
        session[SHOWN] = chosen
    return redirect(safe_next(request.form.get("next", "/")), 303)


@bp.app_template_global()
def own_memberships():
    """All memberships of whoever is signed in."""
    return memberships_of(current_user)


def user_of(token):
    """The user of a sign-in, with the alliance that this browser chose to see."""
    user = SignIn.user_of(token)
    if user:
        user.shown_alliance = session.get(SHOWN)
    return user


def page(member, *, form=None, status=200):
    """The page of one's own place, also when the pause on it could not be noted."""
    return render(
        "alliances/membership.html",
        status=status,
        member=member,
        deputies=deputies_of(member),
        form=form or PauseForm(formdata=None, data={"until": member.paused_until}),
    )


def deputies_of(member):
    """Who stands in for this coordinator's organisation; nobody's business but theirs."""
    if member.role != Role.COORDINATOR or member.is_deputy:
        return []
    mine = Membership.organisation == member.organisation
    return list(member.alliance.coordinators.where(mine, Membership.ends_on.is_null(False)))
