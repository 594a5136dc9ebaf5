"""Noting who was at a meeting: only while it is known who answered what."""

from allies.attendance.models import Attendance, Presence
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l
from allies.meetings.models import WHO_KEPT, Answer, Meeting, Rsvp

EXPECTED: dict[str | None, Presence] = {Answer.YES: Presence.PRESENT, Answer.NO: Presence.EXCUSED}


class NotedMeanwhile(Exception):
    """Somebody else noted another presence of these allies, `ids`, since the page was read."""

    def __init__(self, ids):
        super().__init__("noted meanwhile")
        self.ids = ids


def check_open(meeting):
    """Raise DomainError unless the meeting has begun and its attendance is not forgotten yet."""
    if meeting.is_draft or meeting.is_cancelled:
        raise DomainError(_l("This meeting is not held."))
    if now() < meeting.starts_at:
        raise DomainError(_l("You can note this from the start of the meeting on."))
    if meeting.starts_at < now() - WHO_KEPT:
        raise DomainError(_l("Two weeks after a meeting we forget who was there."))


def may_be_noted(meeting):
    """Can it be noted or corrected now?"""
    try:
        check_open(meeting)
    except DomainError:
        return False
    return True


def expected(meeting):
    """[(ally, Presence)] of everybody in the group now, by alias: what was noted, else what
    they answered. Who is paused or said no is excused."""
    noted = noted_of(meeting)
    answers = {r.membership_id: r.answer for r in Rsvp.select().where(Rsvp.meeting == meeting.id)}

    def guess(ally):
        otherwise = Presence.EXCUSED if ally.is_paused else Presence.ABSENT
        return EXPECTED.get(answers.get(ally.id), otherwise)

    return [(ally, noted.get(ally.id) or guess(ally)) for ally in meeting.alliance.allies]


def noted_of(meeting):
    """{membership id: Presence} of everybody of whom it was noted."""
    rows = Attendance.select().where(Attendance.meeting == meeting.id)
    return {row.membership_id: row.presence for row in rows}


def without_unchanged(presences, saw, noted):
    """These presences, but for those noted of an ally whom the sender left as the page said."""
    changed = {
        ally: presence
        for ally, presence in presences.items()
        if ally not in noted or presence != saw.get(ally)
    }
    disputed = [
        ally
        for ally, presence in changed.items()
        if ally in saw and ally in noted and noted[ally] not in (saw[ally], presence)
    ]
    if disputed:
        raise NotedMeanwhile(disputed)
    return changed


@atomic
def note(meeting, *, by, presences, saw=None):
    """Keep who was there, {membership id: Presence}, instead of what was noted before.

    Who is not an ally of this group is passed over, and so is who was not changed from what
    the page said, `saw` by membership id, when it was noted meanwhile. Who left since still
    counts, so the number goes by what changed. Raises DomainError too early and too late,
    and NotedMeanwhile when two changed the same ally differently: then nothing is kept.
    """
    check_open(meeting)
    here = {ally.id for ally in meeting.alliance.allies}
    presences = {ally: presence for ally, presence in presences.items() if ally in here}
    presences = without_unchanged(presences, saw or {}, noted_of(meeting))
    theirs = (Attendance.meeting == meeting.id) & Attendance.membership.in_(list(presences))
    gone = Attendance.select().where(theirs, Attendance.presence == Presence.PRESENT).count()
    Attendance.delete().where(theirs).execute()
    for ally, presence in presences.items():
        Attendance.create(meeting=meeting, membership=ally, presence=presence)
    there = sum(presence == Presence.PRESENT for presence in presences.values())
    before = Meeting.get_by_id(meeting.id).came or 0
    meeting.came = before - gone + there
    Meeting.update(came=meeting.came).where(Meeting.id == meeting.id).execute()
    record(by, "meeting.attendance", meeting)
