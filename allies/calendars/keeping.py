"""What is kept of calendar feeds, and for how long."""

from allies.alliances.models import Membership
from allies.calendars.models import CalendarFeed
from allies.db import now
from allies.i18n import _l
from allies.keeping import About, keep, of_members, rows


def feeds_of(user):
    mine = CalendarFeed.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(CalendarFeed.made_on), "made_on", "ends_at")


keep(
    CalendarFeed,
    about=About.TAKING_PART,
    what=_l("That a calendar of yours may read your meetings. Its address is made unreadable."),
    term=_l("12 months, or until you stop it."),
    export=feeds_of,
    erase=of_members(CalendarFeed.membership),
    prune=lambda: CalendarFeed.delete().where(CalendarFeed.ends_at < now()).execute(),
)
