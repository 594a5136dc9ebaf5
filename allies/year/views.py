"""The address of a year, for who sits at the table."""

from flask import Blueprint, request
from flask_login import current_user

from allies.alliances.models import Alliance
from allies.i18n import today
from allies.meetings.models import MEETINGS_A_YEAR
from allies.web import allow, render
from allies.year.review import Review

bp = Blueprint("year", __name__)
EARLIEST, AHEAD = 2007, 2  # the first alliances began in 2007; nothing is planned further ahead


@bp.get("/alliances/<id>/year")
@allow("meeting.year", on=Alliance)
def show(alliance):
    this = today().year
    asked = request.args.get("year", this, int)
    number = asked if EARLIEST <= asked <= this + AHEAD else this
    review = Review(current_user, alliance, number)
    return render(
        "year/show.html",
        alliance=alliance,
        review=review,
        slots=MEETINGS_A_YEAR,
        has_later=review.numbers.has_later or number < this,
    )
