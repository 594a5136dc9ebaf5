"""The addresses of calendars: one file, one's own feed, and the feed itself (TRUST T17)."""

import re

from flask import Blueprint, Response, abort, current_app, flash, render_template, url_for

from allies.alliances.models import Membership
from allies.calendars import service
from allies.calendars.ical import calendar_file
from allies.calendars.models import CalendarFeed
from allies.errors import DomainError
from allies.i18n import _, _l
from allies.limits import count_try
from allies.meetings.models import Meeting
from allies.signing_in import sender_network
from allies.web import ShownOnce, allow, current_member, done, public, render

bp = Blueprint("calendars", __name__)
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
UNKNOWN_TRIES = 30  # of one network in 15 minutes


@bp.get("/meetings/<id>/event.ics")
@allow("meeting.calendar", on=Meeting)
def event(meeting):
    if meeting.is_draft:
        raise DomainError(_l("This is a draft. Nobody was told of it yet."))
    file = as_calendar([meeting], current_member(meeting.alliance))
    file.headers["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    return file


@bp.get("/memberships/<id>/calendar")
@allow("calendar.show", on=Membership)
def show(member):
    return render("calendars/show.html", member=member, feed=service.feed_of(member))


@bp.post("/memberships/<id>/calendar")
@allow("calendar.make", on=Membership)
def make(member):
    secret = service.make(member)
    # from the settings, never from the request
    address = current_app.config["ALLIES"].base_url + url_for("calendars.feed", token=secret)
    page = render_template("calendars/address.html", member=member, address=address)
    return ShownOnce(show, member, page=page)


@bp.post("/memberships/<id>/calendar/stop")
@allow("calendar.stop", on=Membership)
def stop(member):
    service.stop(member)
    flash(_("Stopped. Your calendar gets nothing from us any more."))
    return done(show, member)


@bp.get("/c/<token>")
@public
def feed(token):
    """What a calendar reads. It is no browser: it has no cookie, and looking changes nothing."""
    found = find(token)
    return as_calendar(service.meetings_in(found), found.membership)


def find(token):
    """The feed of this token, else the page for everything that is not there.

    Only tries with a well-formed unknown token count, as with the links in messages.
    """
    if not TOKEN.fullmatch(token):
        abort(404)
    found = CalendarFeed.behind(token)
    if found is None:
        limits = {sender_network(): UNKNOWN_TRIES}
        count_try("calendar", limits, key=current_app.config["SECRET_KEY"])
        abort(404)
    return found


def as_calendar(meetings, membership):
    return Response(
        calendar_file(meetings, membership), content_type="text/calendar; charset=utf-8"
    )
