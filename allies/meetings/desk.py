"""The addresses of meetings for coordinators: planning and the place."""

from flask import flash

from allies.alliances.models import Alliance
from allies.errors import Refused
from allies.i18n import _
from allies.meetings import service
from allies.meetings.coming import bp
from allies.meetings.forms import MeetingForm, VenueChoice
from allies.meetings.models import Meeting
from allies.meetings.views import page, show
from allies.venues import service as venues
from allies.web import allow, current_member, done, render_form


@bp.route("/alliances/<id>/meetings/new", methods=["GET", "POST"])
@allow("meeting.plan", on=Alliance)
def new(alliance):
    form = MeetingForm().offer(alliance)
    if form.validate_on_submit():
        try:
            meeting = service.plan(
                alliance,
                by=current_member(alliance),
                starts_at=form.starts_at.data,
                duration=form.duration.data,
                venue=venue_of(form, alliance),
                is_extra=form.is_extra.data,
                brings=form.brings.data,
                reason=form.reason.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The meeting is planned. Everybody gets a message."))
            return done(show, meeting)
    return render_form("meetings/new.html", form, alliance=alliance)


@bp.post("/meetings/<id>/venue")
@allow("meeting.invite", on=Meeting)
def venue(meeting):
    form = VenueChoice().offer(meeting.alliance)
    if form.validate_on_submit():
        try:
            service.choose_venue(
                meeting,
                by=current_member(meeting.alliance),
                venue=venue_of(form, meeting.alliance),
                reason=form.reason.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The place is noted."))
            return done(show, meeting)
    return page(meeting, venue_form=form, status=422)


def venue_of(form, alliance):
    """The new place that was described, added to the register; else the one chosen, if any.

    When the meeting is then refused, the transaction of the request takes the place back too.
    """
    if form.new_place:
        return venues.add(alliance, by=current_member(alliance), **form.new_place)
    return form.chosen
