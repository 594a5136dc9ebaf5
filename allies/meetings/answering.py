"""Everything that changes who comes to a meeting, and what they need there."""

from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError
from allies.i18n import _l
from allies.meetings.answers import Answer
from allies.meetings.models import Meeting, Need, Rsvp
from allies.notifications.service import has_answered


@atomic
def answer(meeting, *, by, answer, note=None, sequence=None):
    """Keep an ally's answer, instead of an earlier one; without a note the earlier note stays.

    `sequence` is that of the meeting on the page where the answer was given, where known.
    Raises DomainError once it has started, is cancelled, or was changed since that page.
    """
    check_open(meeting, sequence)
    mine = meeting.answer_of(by)
    if note is None:
        note = mine.note if mine else ""
    has_answered(by, meeting)
    return _keep(meeting, by, answer=answer, note=note)


@atomic
def answer_for(meeting, *, by, ally, answer, saw=""):
    """A coordinator enters what an ally said by phone. The ally's own note stays.

    `saw` is the ally's own answer that the coordinator knows of, "" for none. Raises
    DomainError when that is another by now, or the meeting can't be answered any more.
    """
    check_open(meeting)
    before = meeting.answer_of(ally)
    own = before.answer if before and not before.is_by_coordinator else ""
    if own != saw:
        raise DomainError(
            _l("Nothing was changed: this member gave another answer meanwhile. Look again.")
        )
    note = before.note if before else ""
    # needs that do not count must not begin to by this: it would show whose they are
    if before is None or own == Answer.NO:
        _forget_needs(meeting, ally)
    # That a coordinator did this, never whose answer it is or which: those are no act of theirs.
    record(by, "meeting.answered-for", meeting)
    return _keep(meeting, ally, answer=answer, note=note, is_by_coordinator=True)


@atomic
def ask_for(meeting, *, by, needs, note):
    """Keep what an ally needs at a meeting and the note, beside the answer given before.

    Who can't come needs nothing: then only the note is kept. Raises DomainError without an
    answer, or when the meeting can't be answered any more.
    """
    check_open(meeting)
    mine = meeting.answer_of(by)
    if mine is None:
        raise DomainError(_l("Say first whether you come. Then tell what you need."))
    Rsvp.update(note=note).where(Rsvp.id == mine.id).execute()
    if mine.answer == Answer.NO:
        return
    _forget_needs(meeting, by)
    for kind in dict.fromkeys(needs):  # a browser may send one twice
        Need.create(meeting=meeting, membership=by, kind=kind)


def check_asked(meeting):
    """Raise DomainError for a draft: nobody was asked whether they come."""
    if meeting.is_draft:
        raise DomainError(_l("This is a draft: nobody was asked yet who comes."))


def check_open(meeting, sequence=None):
    """Raise DomainError when this meeting, as it is stored now, can't be answered."""
    stored = Meeting.get_by_id(meeting.id)
    check_asked(stored)
    if stored.is_cancelled:
        raise DomainError(_l("This meeting is cancelled, so there is nothing to answer any more."))
    if not stored.is_open:
        raise DomainError(_l("The meeting has started, so you can't change your answer any more."))
    if sequence is not None and sequence != stored.sequence:
        raise DomainError(
            _l(
                "This meeting was changed a moment ago."
                " Look at the new day and time, then answer again."
            )
        )


def _keep(meeting, ally, **facts):
    Rsvp.delete().where(Rsvp.meeting == meeting.id, Rsvp.membership == ally.id).execute()
    return Rsvp.create(meeting=meeting, membership=ally, **facts)


def _forget_needs(meeting, ally):
    Need.delete().where(Need.meeting == meeting.id, Need.membership == ally.id).execute()
