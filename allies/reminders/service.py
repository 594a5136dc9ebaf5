"""Reminding those who have not answered: at moments coordinators set, and by hand."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l, today
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.service import tell
from allies.reminders.models import BY_HAND, DEFAULT_DAYS, Reminder
from allies.reminders.planned import CHOICES, Plan, is_due, is_night

AHEAD = timedelta(days=max(CHOICES) + 1)


@atomic
def start(meeting, days=DEFAULT_DAYS):
    """Set the reminders of a meeting that was just told to everybody, where none were set.

    What was asked for by hand before is about an earlier date, and goes.
    """
    Reminder.delete().where(
        Reminder.meeting == meeting.id, Reminder.days_before == BY_HAND, Reminder.sent_on.is_null()
    ).execute()
    moments = Plan(meeting).moments
    if any(moment.is_set for moment in moments):
        return
    for moment in moments:
        if moment.days in days and not moment.is_over:
            Reminder.create(meeting=meeting, days_before=moment.days)


@atomic
def choose(meeting, *, by, days, seen=None):
    """Remind so many days before, and no other days. What was sent stays as it is.

    With `seen`, the days that were chosen on the page as texts, only what differs from that
    is changed: what somebody else chose meanwhile stays.
    Raises DomainError when nobody can answer any more, Refused for a moment that has passed.
    """
    stored = check_is_open(meeting)
    changes = 0
    for moment in Plan(stored).moments:
        is_wanted = moment.days in days
        was_wanted = moment.is_set if seen is None else str(moment.days) in seen
        if moment.is_sent or is_wanted in (moment.is_set, was_wanted):
            continue
        if is_wanted and moment.is_over:
            raise Refused("days", _l("One of these moments has passed meanwhile. Choose again."))
        changes += 1
        if is_wanted:
            Reminder.create(meeting=stored, days_before=moment.days)
        else:
            Reminder.delete().where(Reminder.id == moment.row.id).execute()
    if changes:
        record(by, "meeting.reminders-set", stored)


@atomic
def remind(meeting, *, by):
    """Remind now, or in the morning when it is night. Returns how many people that is.

    Raises DomainError when it can't be: nobody to remind, or they were reminded today.
    """
    stored = check_is_open(meeting)
    plan, people = Plan(stored), list(unanswered(stored))
    if plan.is_done_today:
        raise DomainError(_l("A reminder went out today already. You can send one tomorrow."))
    if plan.waits_for_morning:
        raise DomainError(_l("A reminder waits already. It goes out at seven in the morning."))
    if not people:
        raise DomainError(_l("There is nobody to remind: everybody has answered."))
    Reminder.delete().where(
        Reminder.meeting == stored.id, Reminder.days_before == BY_HAND
    ).execute()
    sent_on = None if plan.is_night else today()
    Reminder.create(meeting=stored, days_before=BY_HAND, sent_on=sent_on)
    record(by, "meeting.reminded", stored)
    if sent_on:
        tell(people, meeting=stored)
    return len(people)


def send_due():
    """Send the reminders whose time has come. What waited for more than a day is passed over."""
    if is_night(now()):
        return
    is_soon = (Meeting.starts_at < now() + AHEAD) | (Reminder.days_before == BY_HAND)
    coming = Meeting.is_on() & (Meeting.starts_at > now()) & is_soon
    # read before the first is sent: an open reading would let that writing fail beside another's
    for reminder in list(Reminder.select(Reminder, Meeting).join(Meeting).where(coming)):
        if is_due(reminder, reminder.meeting):
            send(reminder)


@atomic
def send(reminder):
    """Send one reminder, unless another worker did. Killed half way, nothing has happened.

    Somebody who was reminded today is not reminded twice: then it only counts as sent.
    """
    meeting = Meeting.get_by_id(reminder.meeting_id)
    mine = Reminder.id == reminder.id
    is_first = Reminder.sent_on == reminder.sent_on  # nobody has sent it since; also of None
    was_reminded = Plan(meeting).is_done_today
    if not Reminder.update(sent_on=today()).where(mine, is_first).execute():
        return
    if meeting.is_open and not was_reminded:
        tell(unanswered(meeting), meeting=meeting)


def unanswered(meeting):
    """The allies who are waited for: not paused, and without an answer."""
    answered = Rsvp.select(Rsvp.membership).where(Rsvp.meeting == meeting.id)
    waited_for = meeting.alliance.allies.where(Membership.takes_part())
    return waited_for.where(Membership.id.not_in(answered))


def check_is_open(meeting):
    """The meeting as it is stored now. Raises DomainError when nobody can answer it."""
    stored = Meeting.get_by_id(meeting.id)
    if not stored.is_open:
        raise DomainError(_l("Nobody can answer this meeting now, so nobody is reminded."))
    return stored
