"""Everything that changes a meeting."""

from datetime import timedelta

from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l, local
from allies.meetings.models import MEETINGS_A_YEAR, Meeting
from allies.notifications.service import tell

PLANNED_AHEAD = timedelta(days=2 * 366)


@atomic
def plan(alliance, *, by, starts_at, duration, venue=None, is_extra=False, brings="", reason=""):
    """Plan a meeting and tell the allies. Raises Refused for a rule of the year planner."""
    check_moment(starts_at)
    meeting = Meeting(
        alliance=alliance, starts_at=starts_at, duration=duration, is_extra=is_extra, brings=brings
    )
    of_the_year = meetings_in(alliance, meeting.year)
    if not is_extra and sum(not m.is_extra for m in of_the_year) >= MEETINGS_A_YEAR:
        raise Refused(
            "is_extra", _l("The five meetings of this year are planned. Mark this one as extra.")
        )
    check_overlap(meeting, of_the_year)
    check_venue(venue, of_the_year, reason)
    meeting.venue = venue
    meeting.save(force_insert=True)
    record(by, "meeting.planned", meeting, note=reason)
    tell(alliance.allies, meeting=meeting)
    return meeting


@atomic
def choose_venue(meeting, *, by, venue, reason=""):
    """Give a meeting its venue. Raises DomainError when it has begun, Refused for a used venue."""
    if not meeting.is_open:
        raise DomainError(_l("This meeting has begun already."))
    if venue is None:
        raise Refused("venue", _l("Choose a place from the list, or add a new one."))
    others = [m for m in meetings_in(meeting.alliance, meeting.year) if m.id != meeting.id]
    check_venue(venue, others, reason)
    Meeting.update(venue=venue).where(Meeting.id == meeting.id).execute()
    meeting.venue = venue  # what is shown next, in the same answer, is as it is now
    record(by, "meeting.venue-chosen", meeting, note=reason)


def check_moment(starts_at):
    """Only what is to come can be planned, and not too far ahead."""
    if starts_at <= now():
        raise Refused("starts_at", _l("This moment has passed. Choose one that is still to come."))
    if starts_at > now() + PLANNED_AHEAD:
        raise Refused("starts_at", _l("This is more than two years ahead. Look at the year again."))


def meetings_in(alliance, year):
    """This alliance's meetings of one calendar year, on the clock of Walcheren."""
    return [m for m in alliance.meetings if local(m.starts_at).year == year]


def check_overlap(meeting, others):
    for other in others:
        if meeting.starts_at < other.ends_at and other.starts_at < meeting.ends_at:
            raise Refused("starts_at", _l("There is another meeting at this time."))


def check_venue(venue, others, reason):
    """Each meeting at another place: a venue twice in one year needs a written reason."""
    if venue and not reason and any(m.venue_id == venue.id for m in others):
        raise Refused(
            "venue",
            _l(
                "You meet here already this year."
                " Choose another place, or write below why it must be this one."
            ),
        )
