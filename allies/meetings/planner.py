"""The addresses of the year planner: for coordinators."""

from dataclasses import dataclass

from flask import flash, redirect, request

from allies.alliances.models import Alliance
from allies.dates.hints import hints_for
from allies.dates.models import DatePoll
from allies.errors import Refused
from allies.i18n import _, _n, today
from allies.meetings import places, service, year
from allies.meetings.desk import bp, say_if_known_place, venue_of
from allies.meetings.forms import MeetingForm, PublishForm
from allies.meetings.marks import mark_of
from allies.meetings.models import MEETINGS_A_YEAR, Meeting
from allies.meetings.views import show
from allies.paging import YEARS_AHEAD, year_asked
from allies.web import Done, allow, current_member, done, render, render_form


@bp.get("/alliances/<id>/planner")
@allow("meeting.plan", on=Alliance)
def planner(alliance):
    number = year_asked()
    plan = year.read(alliance, number, list(DatePoll.open_in(alliance)))
    return render(
        "meetings/planner.html",
        alliance=alliance,
        year=plan,
        hints=hints_for(draft.starts_at for draft in plan.drafts),
        slots=MEETINGS_A_YEAR,
        has_next=number < today().year + YEARS_AHEAD,
    )


@bp.post("/alliances/<id>/planner/copy")
@allow("meeting.plan", on=Alliance)
def copy_year(alliance):
    number = year_asked()
    made = len(year.copy(alliance, number, by=current_member(alliance)))
    flash(_n("%(num)d draft is made. Nobody is told yet.",
             "%(num)d drafts are made. Nobody is told yet.", made))  # fmt: skip
    return done_in(number, alliance)


@bp.route("/alliances/<id>/meetings/new", methods=["GET", "POST"])
@allow("meeting.plan", on=Alliance)
def new(alliance):
    form = MeetingForm(data={"is_extra": "extra" in request.args}).at(alliance).offer(alliance)
    if form.validate_on_submit():
        is_draft = "draft" in request.form
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
                is_draft=is_draft,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if is_draft:
                flash(_("The draft is kept. Nobody is told yet."))
                return done_in(meeting.year, alliance)
            say_planned(meeting)
            return done(show, meeting)
    return render_form("meetings/new.html", form, alliance=alliance)


@bp.route("/meetings/<id>/publish", methods=["GET", "POST"])
@allow("meeting.plan", on=Meeting)
def publish(meeting):
    draft = service.fresh_draft(meeting)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            service.publish(
                draft,
                by=current_member(meeting.alliance),
                seen=form.seen.data,
                reason=form.reason.data,
            )
        except Refused as refusal:
            form.refuse_at_all(refusal)
        else:
            say_planned(draft)
            return done(show, draft)
    form.seen.data = mark_of(draft)
    return render_form(
        "meetings/publish.html",
        form,
        meeting=draft,
        hints=hints_for([draft.starts_at]),
        is_asked=DatePoll.open_in(draft.alliance).where(DatePoll.meeting == draft.id).exists(),
        is_twice=places.is_twice(draft),
        was_here=places.last_year_here(draft),
    )


@bp.post("/meetings/<id>/drop")
@allow("meeting.plan", on=Meeting)
def drop(meeting):
    service.drop(meeting, by=current_member(meeting.alliance))
    flash(_("The draft is dropped."))
    return done_in(meeting.year, meeting.alliance)


@dataclass(frozen=True)
class DoneInYear(Done):
    """A change after which the planner shows this year; sent again it leads to the planner."""

    number: int = 0

    def respond(self):
        return redirect(f"{self.location}?year={self.number}", 303)


def done_in(number, alliance):
    return DoneInYear(planner, alliance, number=number)


def say_planned(meeting):
    flash(_("The meeting is planned. Everybody gets a message."))
    say_if_known_place(meeting)
