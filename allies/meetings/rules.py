"""The rules of the year planner, for a meeting that is planned, moved, or told of (PRODUCT 4.2)."""

from datetime import timedelta

from allies.db import now
from allies.errors import Refused
from allies.i18n import _l, bounds_of
from allies.meetings.models import MEETINGS_A_YEAR, Meeting
from allies.venues.models import Venue

PLANNED_AHEAD = timedelta(days=2 * 366)
LONGEST = timedelta(hours=8)


def check(meeting, *, reason=""):
    """Raise Refused for a rule that this meeting breaks, kept in the database already or not.

    `reason` says why it must be at a place where the alliance meets that year already.
    """
    check_moment(meeting)
    others = others_in_year_of(meeting)
    check_slot(meeting, others)
    check_overlap(meeting)
    check_venue(meeting, others, reason)


def meetings_in(alliance, year):
    """What fills an alliance's year on the clock of Walcheren, drafts too, cancelled ones not."""
    begin, end = bounds_of(year)
    of_the_year = (Meeting.starts_at >= begin) & (Meeting.starts_at < end)
    return list(_filling(alliance).where(of_the_year).order_by(Meeting.starts_at, Meeting.id))


def others_in_year_of(meeting):
    return [m for m in meetings_in(meeting.alliance_id, meeting.year) if m.id != meeting.id]


def check_moment(meeting):
    if meeting.has_begun:
        raise Refused("starts_at", _l("This moment has passed. Choose one that is still to come."))
    if not is_ahead(meeting.starts_at):
        raise Refused("starts_at", _l("This is more than two years ahead. Look at the year again."))


def is_ahead(moment):
    """Can a meeting be planned at this moment: to come, and within two years?"""
    return now() < moment <= now() + PLANNED_AHEAD


def check_slot(meeting, others):
    """Five regular meetings a year; drafts count, for they are part of the plan."""
    if not meeting.is_extra and sum(not m.is_extra for m in others) >= MEETINGS_A_YEAR:
        raise Refused(
            "is_extra", _l("The five meetings of this year are planned. Mark this one as extra.")
        )


def check_overlap(meeting):
    """One meeting at a time, also across midnight of New Year."""
    near = Meeting.starts_at.between(meeting.starts_at - LONGEST, meeting.ends_at)
    others = _filling(meeting.alliance_id).where(near, Meeting.id != meeting.id)
    if overlaps(meeting, others):
        raise Refused("starts_at", _l("There is another meeting at this time."))


def overlaps(meeting, others):
    """Is one of these going on at some moment of this meeting?"""
    return any(
        meeting.starts_at < other.ends_at and other.starts_at < meeting.ends_at for other in others
    )


def check_venue(meeting, others, reason):
    """Each meeting at another place: a venue twice in one year needs a written reason.

    It is read anew, from the list of this alliance only: another coordinator may have taken it
    off meanwhile.
    """
    if meeting.venue_id is None:
        return
    of_the_list = Venue.can_be_chosen().where(Venue.alliance == meeting.alliance_id)
    if not of_the_list.where(Venue.id == meeting.venue_id).exists():
        raise Refused("venue", _l("This place was taken off the list just now. Choose another."))
    if not reason and any(m.venue_id == meeting.venue_id for m in others):
        raise Refused(
            "venue",
            _l(
                "You meet here already this year."
                " Choose another place, or write below why it must be this one."
            ),
        )


def _filling(alliance):
    return Meeting.select().where(Meeting.alliance == alliance, Meeting.cancelled_at.is_null())
