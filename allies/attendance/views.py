"""The address where coordinators note who was at a meeting."""

from flask import Blueprint, flash

from allies.attendance import service
from allies.attendance.forms import AttendanceForm
from allies.i18n import _
from allies.meetings.answers import COUNTS_FROM
from allies.meetings.models import Meeting
from allies.web import allow, current_member, done, render_form

bp = Blueprint("attendance", __name__)
bp.add_app_template_test(service.may_be_noted, "noting_attendance")
bp.add_app_template_test(lambda meeting: (meeting.came or 0) >= COUNTS_FROM, "well_attended")


@bp.route("/meetings/<id>/attendance", methods=["GET", "POST"])
@allow("meeting.attendance", on=Meeting)
def edit(meeting):
    service.check_open(meeting)
    form = AttendanceForm.for_grid(service.expected(meeting))
    if form.validate_on_submit():
        by = current_member(meeting.alliance)
        try:
            service.note(meeting, by=by, presences=form.presences, saw=form.saw)
        except service.NotedMeanwhile as error:
            form.show_again(service.expected(meeting), error.ids)
        else:
            flash(_("Noted who was there. You can change it until two weeks after the meeting."))
            return done("meetings.show", meeting)
    return render_form("attendance/edit.html", form, meeting=meeting)
