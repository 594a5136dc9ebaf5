"""The addresses of leaving, of one's own data, and of what is kept."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from allies import keeping
from allies.alliances.models import Membership, memberships_of
from allies.audit import record
from allies.i18n import _, comes_out, out_to
from allies.rights import exporting, leaving
from allies.rights.forms import EndForm
from allies.rights.words import PARTS
from allies.signing_in import drop_device
from allies.web import Done, ShownOnce, allow, current_member, done, public, render, render_form

bp = Blueprint("rights", __name__)
FILE = "gegevens.json"  # a file on a phone says nothing of us
SHOWN = 50  # rows of one table on the page; the file has them all


@dataclass(frozen=True)
class Gone(Done):
    """Somebody left: this browser forgets everything of us, and is shown goodbye."""

    def respond(self):
        address = out_to(self.location)
        session.clear()
        response = redirect(address, 303)
        response.headers["Clear-Site-Data"] = '"*"'
        drop_device(response)
        return response


@dataclass(frozen=True)
class File(Done):
    """A file to keep, as the answer to a form."""

    content: str = ""

    def respond(self):
        headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
        return Response(self.content, content_type="application/json", headers=headers)


@bp.get("/kept")
@allow("promise.show")
def kept():
    return render("rights/kept.html", keepings=keeping.keepings(), parts=PARTS)


@bp.get("/account/data")
@allow("account.show")
def data():
    return render("rights/data.html", memberships=memberships_of(current_user))


@bp.post("/account/data")
@allow("account.export")
def show_data():
    record(current_user, "account.data-shown")
    tables = exporting.in_words(current_user)
    return ShownOnce(data, page=render_template("rights/own.html", tables=tables, shown=SHOWN))


@bp.post("/account/data/export")
@allow("account.export")
def export():
    record(current_user, "account.data-exported")
    return File(data, content=exporting.as_json(current_user))


@bp.route("/memberships/<id>/leave", methods=["GET", "POST"])
@allow("membership.leave", on=Membership)
def leave(membership):
    if request.method == "POST":
        leaving.leave(membership)
        return Gone(goodbye)
    address = url_for("rights.leave", id=membership.id)
    return leave_page([membership], address, is_whole=len(memberships_of(current_user)) == 1)


@bp.route("/account/leave", methods=["GET", "POST"])
@allow("account.leave")
def leave_all():
    if request.method == "POST":
        leaving.leave_all(current_user)
        return Gone(goodbye)
    return leave_page(memberships_of(current_user), url_for("rights.leave_all"), is_whole=True)


def leave_page(memberships, address, *, is_whole):
    stuck = [m for m in memberships if leaving.is_last_coordinator(m)]
    facts = {"memberships": memberships, "is_whole": is_whole, "stuck": stuck}
    return render("rights/leave.html", address=address, **facts)


@bp.get("/goodbye")
@public
def goodbye():
    comes_out()
    return render_template("rights/goodbye.html")


@bp.route("/members/<id>/end", methods=["GET", "POST"])
@allow("member.end", on=Membership)
def end(membership):
    form = EndForm()
    if form.validate_on_submit():
        by, alliance = current_member(membership.alliance), membership.alliance
        leaving.end(membership, by=by, reason=form.reason.data)
        flash(_("This membership has ended. The data are being erased."))
        return done("people.members", alliance)
    return render_form("rights/end.html", form, membership=membership)
