"""What is kept of guests, and for how long."""

from allies.db import now
from allies.guests.models import Guest
from allies.i18n import _l
from allies.keeping import About, keep, nobodys, untraceable
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery


def forget_addresses():
    """Nobody has to be reached once the meeting began, or was cancelled and they were told so."""
    begun = Meeting.select(Meeting.id).where(Meeting.starts_at < now())
    cancelled = Meeting.select(Meeting.id).where(Meeting.cancelled_at.is_null(False))
    to_be_told = [d.guest_id for d in Delivery.waiting().where(Delivery.guest_id.is_null(False))]
    is_told = Guest.meeting.in_(cancelled) & Guest.id.not_in(to_be_told)
    over = Guest.meeting.in_(begun) | is_told
    Guest.update(email=None).where(Guest.email.is_null(False), over).execute()


keep(
    Guest,
    about=About.TAKING_PART,
    what=_l(
        "Guests of a meeting, by their function. Their e-mail address is unreadable in the file."
    ),
    term=_l("The address: until the meeting begins, or they know that it is cancelled."),
    export=nobodys,
    erase=untraceable,
    prune=forget_addresses,
    every_minute=True,
)
