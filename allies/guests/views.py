"""The addresses of guests, for coordinators."""

from flask import Blueprint, flash
from flask_login import current_user

from allies.errors import Refused
from allies.guests import service
from allies.guests.forms import GuestForm
from allies.guests.models import Guest
from allies.i18n import _
from allies.meetings.models import Meeting
from allies.web import allow, current_member, done, render_form

bp = Blueprint("guests", __name__)


@bp.app_template_global()
def guests_of(meeting):
    """The guests of a meeting that this user may know of, by function. One query."""
    here = Guest.visible_to(current_user).where(Guest.meeting == meeting.id)
    return list(here.order_by(Guest.function, Guest.id))


@bp.route("/meetings/<id>/guests", methods=["GET", "POST"])
@allow("guest.invite", on=Meeting)
def index(meeting):
    form = GuestForm().at(meeting.alliance)
    if form.validate_on_submit():
        by = current_member(meeting.alliance)
        try:
            guest = service.invite(meeting, by=by, **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The guest gets a message.") if guest.email else _("The guest is on the list."))
            return done(index, meeting)
    return render_form("guests/index.html", form, meeting=meeting, most=service.MOST)


@bp.post("/guests/<id>/send")
@allow("guest.invite", on=Guest)
def send(guest):
    service.send_again(guest, by=current_member(guest.alliance))
    flash(_("The guest gets the message once more."))
    return done(index, guest.meeting)


@bp.post("/guests/<id>/remove")
@allow("guest.invite", on=Guest)
def remove(guest):
    meeting = guest.meeting
    service.remove(guest, by=current_member(guest.alliance))
    flash(_("The guest is off the list. The link in the message does not work any more."))
    return done(index, meeting)
