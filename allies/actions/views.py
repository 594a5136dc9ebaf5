"""The addresses of actions: the list of an alliance, adding, done, not to be done."""

from flask import Blueprint, flash
from flask_login import current_user

from allies.actions import service
from allies.actions.forms import ActionForm, DropForm
from allies.actions.models import Action
from allies.actions.words import OWNERS
from allies.alliances.models import Alliance
from allies.errors import DomainError, Refused
from allies.i18n import _, _l
from allies.paging import paged
from allies.web import allow, current_member, done, render, render_form

bp = Blueprint("actions", __name__)
bp.add_app_template_filter(OWNERS.get, "owner")


@bp.get("/alliances/<id>/actions")
@allow("action.list", on=Alliance)
def index(alliance):
    return page(alliance)


@bp.post("/alliances/<id>/actions")
@allow("action.change", on=Alliance)
def add(alliance):
    form = ActionForm().at(alliance)
    if form.validate_on_submit():
        try:
            service.add(alliance, by=current_member(alliance), **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The action is noted. Everybody sees it until it is done."))
            return done(index, alliance)
    return page(alliance, form=form, status=422)


@bp.post("/actions/<id>/done")
@allow("action.done", on=Action)
def finish(action):
    service.finish(action, by=current_member(action.alliance))
    flash(_("Noted as done. Was that a mistake? You can take it back today."))
    return done(index, action.alliance)


@bp.post("/actions/<id>/reopen")
@allow("action.done", on=Action)
def reopen(action):
    service.reopen(action, by=current_member(action.alliance))
    flash(_("The action is open again."))
    return done(index, action.alliance)


@bp.route("/actions/<id>/drop", methods=["GET", "POST"])
@allow("action.change", on=Action)
def drop(action):
    if not action.is_open:
        raise DomainError(_l("This action is not open any more."))
    form = DropForm().at(action.alliance)
    if form.validate_on_submit():
        by = current_member(action.alliance)
        service.drop(action, by=by, reason=form.reason.data)
        flash(_("The action is dropped. Everybody can read why."))
        return done(index, action.alliance)
    return render_form("actions/drop.html", form, action=action)


def page(alliance, *, form=None, status=200):
    """The list of an alliance, also when an action could not be added."""
    open_ones, ended = Action.listed(current_user, alliance)
    ended_rows, pages = paged(ended, "actions.index", id=alliance.id)
    return render(
        "actions/index.html",
        part="actions/_actions.html",
        status=status,
        alliance=alliance,
        open_actions=list(open_ones),
        ended=ended_rows,
        page=pages,
        form=form or ActionForm(formdata=None),
    )
