"""The addresses of meetings for everybody: the list, a meeting, answering."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from allies.alliances.models import Role, shown_memberships
from allies.db import now
from allies.i18n import _, local
from allies.meetings import service
from allies.meetings.forms import ANSWERS, HAD_ANSWERED, NOTED, RsvpForm, VenueChoice
from allies.meetings.ical import calendar_file
from allies.meetings.models import MEETINGS_A_YEAR, Meeting, count_answers
from allies.paging import page_number
from allies.topics.models import Topic
from allies.web import allow, current_member, done, is_shown, render

bp = Blueprint("meetings", __name__)
bp.add_app_template_filter(ANSWERS.get, "answer")
bp.add_app_template_filter(NOTED.get, "noted")
bp.add_app_template_filter(HAD_ANSWERED.get, "had_answered")
bp.app_context_processor(lambda: {"answers": ANSWERS})
RSVP = "meetings/_rsvp.html"


@bp.app_template_global()
def rsvp_form(mine=None):
    """A fresh form to answer with, wherever `_rsvp.html` is shown."""
    return RsvpForm(formdata=None, obj=mine)


@bp.get("/meetings")
@allow("meeting.list")
def index():
    years_back = page_number() - 1
    year = local(now()).year - years_back
    shown = list(Meeting.listed_for(current_user))
    of_the_page = [m for m in shown if m.year == year or (m.year > year and not years_back)]
    return render(
        "meetings/index.html",
        memberships=shown_memberships(current_user),
        meetings=of_the_page,
        counts=count_answers(of_the_page),
        slots=MEETINGS_A_YEAR,
        year=year,
        page=years_back + 1,
        has_earlier=any(m.year < year for m in shown),
    )


@bp.get("/meetings/<id>")
@allow("meeting.show", on=Meeting)
def show(meeting):
    return page(meeting)


@bp.post("/meetings/<id>/rsvp")
@allow("meeting.rsvp", on=Meeting)
def rsvp(meeting):
    form = RsvpForm()
    if not form.validate_on_submit():
        return page(meeting, form=form, status=422, part=RSVP)
    by = current_member(meeting.alliance)
    service.answer(meeting, by=by, answer=form.answer.data, note=form.note.data)
    flash(_("Thank you, your answer is noted."))
    return done(show, meeting, part=RSVP)


@bp.get("/meetings/<id>/event.ics")
@allow("meeting.calendar", on=Meeting)
def calendar(meeting):
    file = calendar_file(meeting, current_member(meeting.alliance))
    headers = {"Content-Disposition": 'attachment; filename="afspraak.ics"'}
    return Response(file, content_type="text/calendar; charset=utf-8", headers=headers)


def page(meeting, *, form=None, venue_form=None, status=200, part="meetings/_meeting.html"):
    """The page of a meeting, also when something on it could not be carried out."""
    member = current_member(meeting.alliance)
    mine = meeting.answer_of(member) if member.role == Role.ALLY else None
    return render(
        "meetings/show.html",
        part=part,
        status=status,
        meeting=meeting,
        member=member,
        mine=mine,
        on_meeting_page=is_shown(url_for("meetings.show", id=meeting.id)),
        grid=meeting.answers_by_alias() if member.role == Role.COORDINATOR else [],
        topics=list(Topic.of_meeting(current_user, meeting)),
        form=form or rsvp_form(mine),
        venue_form=venue_form or VenueChoice(formdata=None).offer(meeting.alliance.venues),
    )
