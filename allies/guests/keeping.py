"""What is kept of guests, and for how long."""

from allies.db import now
from allies.guests.models import Guest
from allies.i18n import _l
from allies.keeping import About, keep, nobodys, untraceable
from allies.meetings.models import Meeting


def forget_addresses():
    """After the meeting nobody has to be reached any more."""
    over = Meeting.select(Meeting.id).where(Meeting.starts_at < now())
    Guest.update(email=None).where(Guest.meeting.in_(over), Guest.email.is_null(False)).execute()


keep(
    Guest,
    about=About.TAKING_PART,
    what=_l(
        "Guests of a meeting, by their function. Their e-mail address is unreadable in the file."
    ),
    term=_l("The address: until the meeting has begun, and less than a day more."),
    export=nobodys,
    erase=untraceable,
    prune=forget_addresses,
)
