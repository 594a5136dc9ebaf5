"""What is kept of minutes, and for how long."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l, today
from allies.keeping import About, keep, rows, unlink
from allies.meetings.models import Meeting
from allies.minutes.models import Contest, Minutes

CONTESTER_KEPT = timedelta(days=60)
MINUTES_KEPT = timedelta(days=5 * 365)


def contests_of(user):
    mine = Contest.select().join(Membership).where(Membership.user == user.id)
    return rows(
        mine.order_by(Contest.made_on, Contest.id),
        *("made_on", "sentence", "remark", "state", "reply"),
    )


def forget_minutes():
    """Drop the minutes of meetings of five years ago, with all that hangs on them; and who
    contested a sentence once that is long ago, also when nobody ever answered."""
    over = Contest.membership.is_null(False) & (Contest.made_on <= today() - CONTESTER_KEPT)
    Contest.update(membership=None).where(over).execute()
    long_ago = Meeting.select(Meeting.id).where(Meeting.starts_at < now() - MINUTES_KEPT)
    Minutes.delete().where(Minutes.meeting.in_(long_ago)).execute()


keep(
    Contest,
    about=About.TAKING_PART,
    what=_l("A sentence of the minutes that you said is not right, and what you wrote about it."),
    term=_l(
        "That it was you: until the minutes are fixed, at most 60 days. "
        "The text: as long as the minutes, 5 years."
    ),
    export=contests_of,
    erase=unlink(Contest.membership),
    prune=forget_minutes,
)
