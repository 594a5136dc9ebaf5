"""The addresses of who comes to a meeting: for coordinators, who also enter answers for allies."""

from flask import flash, request

from allies.i18n import _
from allies.meetings import answering
from allies.meetings.forms import AnswerForForm
from allies.meetings.models import Meeting
from allies.meetings.needs import count_needs
from allies.meetings.views import bp
from allies.web import allow, current_member, done, render

PART = "meetings/_answers.html"


@bp.get("/meetings/<id>/answers")
@allow("meeting.answer-for", on=Meeting)
def answers(meeting):
    answering.check_asked(meeting)
    return page(meeting, AnswerForForm(formdata=None), chosen=request.args.get("member"))


@bp.post("/meetings/<id>/answers")
@allow("meeting.answer-for", on=Meeting)
def answer_for(meeting):
    form = AnswerForForm().offer(meeting.alliance.allies)
    if not form.validate_on_submit():
        return page(meeting, form, chosen=form.member.data, status=422)
    answering.answer_for(
        meeting,
        by=current_member(meeting.alliance),
        ally=form.ally,
        answer=form.answer.data,
        saw=form.saw.data,
    )
    flash(_("Noted. The member sees that a coordinator entered it."))
    return done(answers, meeting, part=PART)


def page(meeting, form, *, chosen=None, status=200):
    """Who answered what; with the form for the ally with the id `chosen`, if there is one."""
    grid = meeting.answers_by_alias()
    return render(
        "meetings/answers.html",
        part=PART,
        status=status,
        meeting=meeting,
        grid=grid,
        asking=next(((a, rsvp) for a, rsvp in grid if a.id == chosen), None),
        needs=count_needs(meeting),
        form=form,
    )
