"""Everything that makes a meeting: planned at once, or as a draft that is told of later."""

from peewee import JOIN

from allies.agenda import service as agenda
from allies.alliances.models import Alliance
from allies.audit import record
from allies.dates import ending as questions
from allies.db import atomic
from allies.errors import DomainError
from allies.i18n import _l
from allies.meetings import rules
from allies.meetings.marks import check_seen
from allies.meetings.models import Meeting
from allies.notifications.service import tell
from allies.reminders import service as reminders
from allies.venues.models import Venue

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
def publish(meeting, *, by, seen="", reason=""):
    """Tell the allies of a draft, once. Raises Refused for a rule, DomainError when it is gone.

    `seen` is the mark of the draft as it was shown, see `marks`; Refused when it has changed.
    """
    meeting = fresh_draft(meeting)
    check_seen(meeting, seen)
    rules.check(meeting, reason=reason)
    Meeting.update(is_draft=False).where(Meeting.id == meeting.id).execute()
    meeting.is_draft = False
    questions.withdraw_of(meeting, by=by)
    record(by, "meeting.planned", meeting, note=reason)
    tell(meeting.alliance.allies, meeting=meeting)
    reminders.start(meeting)
    return meeting


@atomic
def drop(meeting, *, by):
    """Let go of a draft. Raises DomainError when it is gone, or everybody was told of it."""
    draft = fresh_draft(meeting)
    agenda.release(draft)  # what was carried over to it keeps its count
    questions.withdraw_of(draft, by=by)
    record(by, "meeting.draft-dropped", draft)
    Meeting.delete().where(Meeting.id == draft.id).execute()


def fresh_draft(meeting):
    """This draft as it is now, in the transaction that changes it; DomainError when it is none."""
    rows = Meeting.select(Meeting, Alliance, Venue).join(Alliance).switch(Meeting)
    rows = rows.join(Venue, JOIN.LEFT_OUTER).where(Meeting.id == meeting.id, Meeting.is_draft)
    draft = rows.first()
    if draft is None:
        raise DomainError(GONE)
    return draft
