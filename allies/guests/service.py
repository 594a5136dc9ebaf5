"""Everything that changes who visits a meeting: invited, told again, answered, not coming at all.

The address of a guest is never opened here: the sending job does that, for each message.
"""

from datetime import timedelta

from allies.audit import AuditLine, record
from allies.db import atomic, new_id, now
from allies.errors import DomainError, Refused
from allies.guests.models import Guest
from allies.i18n import _l
from allies.meetings.models import Meeting
from allies.notifications import service as notifications
from allies.notifications.models import Delivery

MOST = 6  # guests of one meeting: it stays the table of the allies
MESSAGES_A_DAY = 3
MOST_A_DAY = 12  # so often one group invites, or sends again: a list is no way to fill a mailbox
MAILED = ("guest.invited", "guest.told-again")


@atomic
def invite(meeting, *, by, function, email=""):
    """Put a guest on the list, and with an address send them the neutral message.

    Raises DomainError when the meeting is not to come, the list is full or this was done too
    often today, Refused for somebody who is on it.
    """
    check_is_coming(meeting)
    check_not_too_often(meeting.alliance)
    listed = list(Guest.select().where(Guest.meeting == meeting.id))
    if len(listed) >= MOST:
        raise DomainError(_l("There are six guests already. Take one off the list first."))
    if any(guest.function.casefold() == function.casefold() for guest in listed):
        raise Refused("function", _l("This guest is on the list already."))
    guest_id = new_id()
    guest = Guest.create(
        id=guest_id,
        alliance=meeting.alliance_id,
        meeting=meeting,
        function=function,
        email=Guest.seal("email", guest_id, email) if email else None,
    )
    record(by, "guest.invited", guest)
    if email:
        notifications.tell_guests([guest])
    return guest


@atomic
def send_again(guest, *, by):
    """Send this guest the message once more. Raises DomainError where that can't be."""
    check_is_coming(guest.meeting)
    if guest.email is None:
        raise DomainError(_l("We have no e-mail address of this guest."))
    of_today = Delivery.select().where(Delivery.guest_id == guest.id)  # they are kept for a day
    if of_today.count() >= MESSAGES_A_DAY:
        raise DomainError(_l("This guest got enough messages today. Try again tomorrow."))
    check_not_too_often(guest.alliance)
    record(by, "guest.told-again", guest)
    notifications.tell_guests([guest])


@atomic
def remove(guest, *, by):
    """Take a guest off the list: address, answer and link are gone at once."""
    record(by, "guest.removed", guest)
    notifications.close_guest(guest)
    Guest.delete().where(Guest.id == guest.id).execute()


@atomic
def answer(guest, answer):
    """Keep a guest's answer, instead of an earlier one. Whoever calls this checked the meeting."""
    Guest.update(answer=answer).where(Guest.id == guest.id).execute()


@atomic
def tell_guests(meeting, *, asks_anew=False):
    """Tell the guests of a meeting that something changed; also that it is cancelled.

    `asks_anew` forgets what they answered, as for a meeting on another day. A cancelled
    meeting lets go of each address as soon as its message has left (see `keeping`).
    """
    if asks_anew:
        Guest.update(answer=None).where(Guest.meeting == meeting.id).execute()
    within_reach = (Guest.meeting == meeting.id) & Guest.email.is_null(False)
    notifications.tell_guests(Guest.select().where(within_reach))


def check_is_coming(meeting):
    """Raise DomainError when this meeting, as it is stored now, invites nobody."""
    stored = Meeting.get_by_id(meeting.id)
    if stored.is_draft:
        raise DomainError(_l("First tell the members of this meeting. Then invite guests."))
    if not stored.is_open:
        raise DomainError(_l("This meeting is over or cancelled, so nobody can be invited."))


def check_not_too_often(alliance):
    """Raise DomainError when this alliance invited guests often enough in the last 24 hours.

    The log is what is counted: it remembers also those who were taken off the list.
    """
    lately = AuditLine.select().where(
        AuditLine.alliance == alliance.id,
        AuditLine.action.in_(MAILED),
        AuditLine.at > now() - timedelta(days=1),
    )
    if lately.count() >= MOST_A_DAY:
        raise DomainError(_l("Your group invited many guests today. Try again tomorrow."))
