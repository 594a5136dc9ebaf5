"""The start page: what waits for me (PRODUCT 4.1)."""

from flask import Blueprint, session, url_for
from flask_login import current_user

from allies.advice.models import Round
from allies.home.around import contest_ends_on, minutes_are_late
from allies.home.today import Today
from allies.i18n import _, clock, local, moment, today
from allies.minutes.models import MinutesPart
from allies.minutes.words import heading
from allies.signing_in import NEWCOMER
from allies.topics.models import Topic
from allies.web import allow, render

bp = Blueprint("home", __name__)
bp.add_app_template_filter(contest_ends_on)
bp.add_app_template_test(minutes_are_late, "late_with_minutes")
EVENING = 17  # o'clock: from here on somebody says "tonight"
SHOWN_BY = {Round: "advice.show", Topic: "topics.show"}


@bp.get("/")
@allow("home.show")
def show():
    is_new = session.pop(NEWCOMER, False)
    return render("home/show.html", today=Today(current_user), is_new=is_new)


@bp.app_template_filter()
def soon(meeting):
    """When a meeting is that is at hand: "Tonight at 19:30"."""
    if meeting.has_begun:
        return _("Now, until %(time)s", time=clock(meeting.ends_at))
    start = local(meeting.starts_at)
    if start.date() != today():
        return _("On %(moment)s", moment=moment(meeting.starts_at))
    if start.hour < EVENING:
        return _("Today at %(time)s", time=clock(meeting.starts_at))
    return _("Tonight at %(time)s", time=clock(meeting.starts_at))


@bp.app_template_filter()
def address(row):
    """The address of the page that shows this round, topic or part of minutes."""
    if isinstance(row, MinutesPart):
        return url_for("minutes.show", id=row.minutes.meeting_id)
    return url_for(SHOWN_BY[type(row)], id=row.id)


@bp.app_template_filter()
def subject(row):
    """What this round, topic or part of minutes is about."""
    if isinstance(row, MinutesPart):
        return heading(row)
    return row.title if isinstance(row, Topic) else row.question
