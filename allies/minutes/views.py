"""The addresses of minutes for everybody at the table: reading them, contesting a sentence."""

from collections import defaultdict

from flask import Blueprint, flash
from flask_login import current_user

from allies.actions.models import Action
from allies.errors import DomainError, Refused
from allies.i18n import _, _l
from allies.meetings.models import Meeting
from allies.minutes import contesting, words
from allies.minutes.forms import ContestForm
from allies.minutes.models import Contest, Minutes, MinutesPart
from allies.web import allow, current_member, done, render, render_form

bp = Blueprint("minutes", __name__)
bp.add_app_template_filter(words.heading, "part_heading")
bp.add_app_template_filter(words.STATES.get, "minutes_state")


@bp.get("/meetings/<id>/minutes")
@allow("minutes.show", on=Meeting)
def show(meeting):
    minutes = minutes_of(meeting)
    parts = parts_of(minutes)
    return render(
        "minutes/show.html",
        meeting=meeting,
        minutes=minutes,
        parts=parts,
        contests=by_part(Contest.visible_to(current_user), Contest, parts),
        actions=by_part(Action.visible_to(current_user), Action, parts),
        member=current_member(meeting.alliance),
    )


@bp.route("/minutes-parts/<id>/contest", methods=["GET", "POST"])
@allow("minutes.contest", on=MinutesPart)
def contest(part):
    if not part.minutes.may_be_contested:
        raise DomainError(contesting.OVER)
    if part.is_empty:
        raise DomainError(_l("Nothing is written here, so there is no sentence to choose."))
    form = ContestForm().at(part.alliance).offer(part)
    if form.validate_on_submit():
        try:
            contesting.contest(part, by=current_member(part.alliance), **form.facts)
        except Refused as refusal:
            form.choose_again(part).refuse(refusal)
        else:
            flash(_("Thank you. The coordinators answer. Nobody sees that it was you."))
            return done(show, meeting_of(part))
    if not form.is_submitted():
        form.read_again(part)
    return render_form("minutes/contest.html", form, piece=part)


def minutes_of(meeting):
    """The minutes of a meeting as this user may see them, or None."""
    return Minutes.visible_to(current_user).where(Minutes.meeting == meeting.id).first()


def parts_of(minutes):
    """The parts of these minutes in order; none without minutes."""
    if minutes is None:
        return []
    mine = MinutesPart.visible_to(current_user).where(MinutesPart.minutes == minutes.id)
    return list(mine.order_by(MinutesPart.position, MinutesPart.id))


def by_part(rows, model, parts):
    """{part id: the rows of this model about it}, in one query."""
    found, ids = defaultdict(list), [part.id for part in parts]
    for row in rows.where(model.part.in_(ids)).order_by(model.id) if ids else ():
        found[row.part_id].append(row)
    return found


def meeting_of(part):
    return Meeting.get_by_id(part.minutes.meeting_id)
