"""The addresses of the call list of an open round."""

from flask import flash, request

from allies.advice import calling
from allies.advice.models import Round
from allies.advice.service import must_be_open
from allies.advice.views import bp
from allies.i18n import _
from allies.web import allow, current_member, done, render


@bp.route("/advice/<id>/call-list", methods=["GET", "POST"])
@allow("advice.call-list", on=Round)
def call_list(round):
    must_be_open(round)
    by = current_member(round.alliance)
    if request.method == "POST":
        calling.open_numbers(round, by=by)
        flash(_("The numbers are open for an hour."))
        return done(call_list, round)
    members = calling.silent(round)
    numbers, until = calling.numbers(round, members, by=by)
    return render(
        "advice/call_list.html", round=round, members=members, numbers=numbers, until=until
    )
