"""The addresses of meetings for everybody: the list, a meeting, answering."""

from flask import Blueprint, flash, url_for
from flask_login import current_user

from allies.alliances.models import Role, shown_memberships
from allies.db import now
from allies.i18n import _, local
from allies.meetings import answering
from allies.meetings.forms import (
    ANSWERS,
    HAD_ANSWERED,
    NEEDS,
    NOTED,
    NeedsForm,
    RsvpForm,
)
from allies.meetings.models import MEETINGS_A_YEAR, Meeting, count_answers
from allies.meetings.words import tell_counts
from allies.paging import page_number
from allies.web import allow, current_member, done, is_shown, render

bp = Blueprint("meetings", __name__)
bp.add_app_template_filter(ANSWERS.get, "answer")
bp.add_app_template_filter(NOTED.get, "noted")
bp.add_app_template_filter(HAD_ANSWERED.get, "had_answered")
bp.add_app_template_filter(NEEDS.get, "need")
bp.add_app_template_filter(tell_counts)
bp.app_context_processor(lambda: {"answers": ANSWERS})
RSVP = "meetings/_rsvp.html"


@bp.app_template_global()
def rsvp_form():
    """A fresh form to answer with, wherever `_rsvp.html` is shown."""
    return RsvpForm(formdata=None)


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
    answering.answer(
        meeting,
        by=current_member(meeting.alliance),
        answer=form.answer.data,
        note=form.sent_note,
        sequence=form.sequence.data,
    )
    flash(_("Thank you, your answer is noted."))
    return done(show, meeting, part=RSVP)


@bp.post("/meetings/<id>/needs")
@allow("meeting.rsvp", on=Meeting)
def needs(meeting):
    form = NeedsForm()
    if not form.validate_on_submit():
        return page(meeting, needs_form=form, status=422, part=RSVP)
    by = current_member(meeting.alliance)
    answering.ask_for(meeting, by=by, needs=form.needs.data, note=form.note.data)
    flash(_("Thank you, the coordinators know."))
    return done(show, meeting, part=RSVP)


def page(
    meeting,
    *,
    form=None,
    needs_form=None,
    status=200,
    part="meetings/_meeting.html",
):
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
        form=form or rsvp_form(),
        needs_form=needs_form or filled_in(meeting, mine),
    )


def filled_in(meeting, mine):
    """The form with what somebody said they need, once they have answered."""
    if not (mine and meeting.is_open):
        return None
    kept = {"needs": mine.needs, "note": mine.note}
    return NeedsForm(formdata=None, data=kept)
