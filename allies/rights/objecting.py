"""The addresses of objections: a member writes one, a coordinator answers it (GDPR art. 21)."""

from flask import flash
from flask_login import current_user

from allies.alliances.models import Membership
from allies.i18n import _
from allies.rights import service
from allies.rights.forms import AnswerForm, ObjectionForm
from allies.rights.models import Objection
from allies.rights.views import bp
from allies.web import allow, current_member, done, render_form


@bp.route("/memberships/<id>/objections", methods=["GET", "POST"])
@allow("membership.object", on=Membership)
def objections(membership):
    form = ObjectionForm()
    if form.validate_on_submit():
        service.object_to(membership, text=form.text.data)
        flash(_("Your objection is noted. The coordinators get a message."))
        return done(objections, membership)
    mine = Objection.visible_to(current_user).where(Objection.membership == membership.id)
    facts = {"membership": membership, "objections": list(mine)}
    return render_form("rights/objections.html", form, **facts)


@bp.route("/objections/<id>/answer", methods=["GET", "POST"])
@allow("objection.answer", on=Objection)
def answer(objection):
    form = AnswerForm()
    if form.validate_on_submit():
        by = current_member(objection.alliance)
        service.answer(objection, by=by, text=form.answer.data)
        flash(_("Your answer is sent."))
        return done(answer, objection)
    return render_form("rights/answer.html", form, objection=objection)
