"""Everything that makes a meeting: planned at once, or as a draft that is told of later."""

from allies.agenda import service as agenda
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError, Refused
from allies.i18n import _l
from allies.meetings import rules
from allies.meetings.models import Meeting
from allies.notifications.service import tell
from allies.reminders import service as reminders

GONE = _l("This draft is gone: somebody dropped it, or told everybody of it.")


@atomic
def plan(alliance, *, by, reason="", is_draft=False, **facts):
    """Plan a meeting and tell the allies; of a draft only coordinators know.

    `facts` are fields of Meeting. Raises Refused for a rule of the year planner.
    """
    meeting = Meeting(alliance=alliance, is_draft=is_draft, **facts)
    rules.check(meeting, reason=reason)
    meeting.save(force_insert=True)
    agenda.start(meeting)
    record(by, "meeting.drafted" if is_draft else "meeting.planned", meeting, note=reason)
    if not is_draft:
        tell(alliance.allies, meeting=meeting)
        reminders.start(meeting)
    return meeting


@atomic
def publish(meeting, *, by, reason=""):
    """Tell the allies of a draft, once. Raises Refused for a rule, DomainError when it is gone."""
    meeting = fresh_draft(meeting)
    rules.check(meeting, reason=reason)
    Meeting.update(is_draft=False).where(Meeting.id == meeting.id).execute()
    meeting.is_draft = False
    record(by, "meeting.planned", meeting, note=reason)
    tell(meeting.alliance.allies, meeting=meeting)
    reminders.start(meeting)
    return meeting


@atomic
def drop(meeting, *, by):
    """Let go of a draft. Raises DomainError when it is gone, or everybody was told of it."""
    draft = fresh_draft(meeting)
    agenda.release(draft)  # what was carried over to it keeps its count
    record(by, "meeting.draft-dropped", draft)
    Meeting.delete().where(Meeting.id == draft.id).execute()


@atomic
def choose_venue(meeting, *, by, venue, reason=""):
    """Give a meeting its venue. Raises DomainError when it has begun, Refused for a used venue."""
    if not meeting.is_open:
        raise DomainError(_l("This meeting has begun already."))
    if venue is None:
        raise Refused("venue", _l("Choose a place from the list, or add a new one."))
    of_the_year = rules.meetings_in(meeting.alliance_id, meeting.year)
    rules.check_venue(venue, [m for m in of_the_year if m.id != meeting.id], reason)
    Meeting.update(venue=venue).where(Meeting.id == meeting.id).execute()
    meeting.venue = venue  # what is shown next, in the same answer, is as it is now
    record(by, "meeting.venue-chosen", meeting, note=reason)


def fresh_draft(meeting):
    """This draft as it is now, in the transaction that changes it; DomainError when it is none."""
    draft = Meeting.get_or_none((Meeting.id == meeting.id) & Meeting.is_draft)
    if draft is None:
        raise DomainError(GONE)
    return draft
