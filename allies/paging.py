"""Long lists, twenty rows a page (CONTRACT, `?page=`), and pages of a year (`year`)."""

from flask import request, url_for

from allies.i18n import today

FIRST_YEAR, YEARS_AHEAD = 2007, 2  # the first groups began in 2007; nothing is planned further on
A_PAGE = 20
LAST_PAGE = 9999  # further on there is nothing, and a database counts rows in 64 bits


def page_number():
    """The page that was asked for, from 1 on; 1 for anything that is no number."""
    return min(max(request.args.get("page", 1, int), 1), LAST_PAGE)


def year_asked():
    """The year that was asked for, this one for anything that is no year of meetings."""
    this = today().year
    asked = request.values.get("year", this, int)
    return asked if FIRST_YEAR <= asked <= this + YEARS_AHEAD else this


def paged(rows, endpoint, **values):
    """(the rows of the page that was asked for, what ui.pages needs)."""
    number = page_number()
    found = list(rows.limit(A_PAGE + 1).offset((number - 1) * A_PAGE))
    return found[:A_PAGE], {
        "number": number,
        "has_prev": number > 1,
        "has_next": len(found) > A_PAGE,
        "prev_url": url_for(endpoint, page=number - 1, **values),
        "next_url": url_for(endpoint, page=number + 1, **values),
    }
