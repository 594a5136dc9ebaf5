"""The addresses of meetings."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from allies.alliances.models import Alliance, Role, shown_memberships
from allies.db import now
from allies.errors import Refused
from allies.i18n import _, local
from allies.meetings import service
from allies.meetings.forms import ANSWERS, HAD_ANSWERED, NOTED, MeetingForm, RsvpForm, VenueChoice
from allies.meetings.ical import calendar_file
from allies.meetings.models import MEETINGS_A_YEAR, Meeting, count_answers
from allies.paging import page_number
from allies.topics.models import Topic
from allies.web import allow, current_member, done, is_shown, render, render_form

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


@bp.route("/alliances/<id>/meetings/new", methods=["GET", "POST"])
@allow("meeting.plan", on=Alliance)
def new(alliance):
    form = MeetingForm().offer(alliance.venues)
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
    form = VenueChoice().offer(meeting.alliance.venues)
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
        return service.add_venue(alliance, by=current_member(alliance), **form.new_place)
    return form.chosen


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
