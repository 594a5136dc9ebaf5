"""The address of a year, for who sits at the table."""

from flask import Blueprint
from flask_login import current_user

from allies.alliances.models import Alliance
from allies.i18n import today
from allies.meetings.models import MEETINGS_A_YEAR
from allies.paging import year_asked
from allies.web import allow, render
from allies.year.review import Review

bp = Blueprint("year", __name__)


@bp.get("/alliances/<id>/year")
@allow("meeting.year", on=Alliance)
def show(alliance):
    number = year_asked()
    review = Review(current_user, alliance, number)
    return render(
        "year/show.html",
        alliance=alliance,
        review=review,
        slots=MEETINGS_A_YEAR,
        has_later=review.numbers.has_later or number < today().year,
    )
