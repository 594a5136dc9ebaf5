"""The addresses of reminders, for coordinators. They stand on the page of who is coming."""

from flask import Blueprint, flash

from allies.db import now
from allies.errors import Refused
from allies.i18n import _, _n
from allies.meetings.models import Meeting
from allies.reminders import service
from allies.reminders.forms import RemindersForm
from allies.reminders.planned import Plan, is_night
from allies.web import allow, current_member, done, render

bp = Blueprint("reminders", __name__)
SHOWN_ON, PART = "meetings.answers", "reminders/_reminders.html"


@bp.app_template_global()
def reminders_of(meeting):
    """The moments at which whoever has not answered is reminded. One query."""
    return Plan(meeting)


@bp.app_template_global()
def reminders_form():
    """A fresh form, wherever `_reminders.html` is shown."""
    return RemindersForm(formdata=None)


@bp.post("/meetings/<id>/reminders")
@allow("meeting.remind", on=Meeting)
def choose(meeting):
    form = RemindersForm()
    if form.validate_on_submit():
        try:
            by = current_member(meeting.alliance)
            service.choose(meeting, by=by, days=form.days.data, seen=form.seen)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Noted when we remind people."))
            return done(SHOWN_ON, meeting, part=PART)
    return render("reminders/choose.html", part=PART, status=422, meeting=meeting, form=form)


@bp.post("/meetings/<id>/remind")
@allow("meeting.remind", on=Meeting)
def remind(meeting):
    number = service.remind(meeting, by=current_member(meeting.alliance))
    said = _n("%(num)d person gets a reminder.", "%(num)d people get a reminder.", number)
    when = _("It goes out at seven in the morning.")
    flash(f"{said} {when}" if is_night(now()) else said)
    return done(SHOWN_ON, meeting, part=PART)
