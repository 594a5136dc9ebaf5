"""Writing minutes, telling everybody, and the second thoughts of those who were there."""

from allies.agenda.models import AgendaItem
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l
from allies.minutes.models import (
    Minutes,
    MinutesPart,
    MinutesRevision,
    MinutesState,
)
from allies.notifications.service import tell

MOST_PARTS = 80  # an agenda of 60 items, and what came up beside it
TOLD_ALREADY = _l(
    "Everybody has these minutes already. The text can only be changed as an answer to a remark."
)


class SavedMeanwhile(Exception):
    """Somebody else saved this part since it was read; nothing of theirs is overwritten."""


@atomic
def begin(meeting, *, by):
    """Lay out the minutes of a meeting that has begun: a part for each item of its agenda.

    Once they are there, also made by somebody else at this moment, they are given as
    they are. Raises DomainError before the start, and for a meeting that is not held.
    """
    if meeting.is_draft or meeting.is_cancelled or now() < meeting.starts_at:
        raise DomainError(_l("You can write the minutes once the meeting has begun."))
    minutes = Minutes.get_or_none(Minutes.meeting == meeting.id)
    if minutes:
        return minutes
    minutes = Minutes.create(alliance=meeting.alliance_id, meeting=meeting)
    for position, item in enumerate(AgendaItem.of_meeting(meeting)):
        MinutesPart.create(
            alliance=meeting.alliance_id,
            minutes=minutes,
            item=item,
            title=item.own_title,
            position=position,
        )
    record(by, "minutes.begun", minutes)
    return minutes


@atomic
def add_part(minutes, *, title):
    """Add a part for what was on no agenda. Raises DomainError once everybody was told."""
    must_be_concept(minutes.id)
    count = MinutesPart.select().where(MinutesPart.minutes == minutes.id).count()
    if count >= MOST_PARTS:
        raise DomainError(_l("These minutes have very many parts. Write it in one of them."))
    return MinutesPart.create(
        alliance=minutes.alliance_id, minutes=minutes, title=title, position=count
    )


@atomic
def write(part, *, by, seen, heard, advice):
    """Save the text of a part that was read at revision `seen`, and keep the earlier one.

    Raises SavedMeanwhile when somebody else saved another text since, and DomainError
    once everybody was told.
    """
    must_be_concept(part.minutes_id)
    put(part, by=by, seen=seen, heard=heard, advice=advice)


def put(part, *, by, seen, heard, advice):
    """Put this text in the place of the one of revision `seen` (as text, from a form)."""
    current = MinutesPart.get_by_id(part.id)
    if (current.heard, current.advice) != (heard, advice):
        if str(current.revision) != seen:
            raise SavedMeanwhile
        current.revision += 1
        text = {"heard": heard, "advice": advice, "revision": current.revision}
        as_read = (MinutesPart.id == part.id) & (MinutesPart.revision == current.revision - 1)
        if not MinutesPart.update(text).where(as_read).execute():
            raise SavedMeanwhile
        MinutesRevision.create(part=part, saved_at=now(), saved_by=by.organisation, **text)
    part.heard, part.advice, part.revision = heard, advice, current.revision


@atomic
def publish(minutes, *, by):
    """Show the minutes to everybody, who can contest a sentence from now on for seven days.

    Raises DomainError when nothing is written, or when that was done already.
    """
    parts = MinutesPart.select().where(MinutesPart.minutes == minutes.id)
    if all(part.is_empty for part in parts):
        raise DomainError(_l("Nothing is written yet. Write at least one part first."))
    told = {
        "state": MinutesState.CONTESTABLE,
        "published_at": now(),
        "organisation": by.organisation,
    }
    concept = (Minutes.id == minutes.id) & (Minutes.state == MinutesState.CONCEPT)
    if not Minutes.update(told).where(concept).execute():
        raise DomainError(TOLD_ALREADY)
    for name, value in told.items():
        setattr(minutes, name, value)
    record(by, "minutes.published", minutes)
    tell(minutes.alliance.allies)


def must_be_concept(minutes_id):
    concept = (Minutes.id == minutes_id) & (Minutes.state == MinutesState.CONCEPT)
    if not Minutes.select().where(concept).exists():
        raise DomainError(TOLD_ALREADY)
