"""What is kept of outcomes, and for how long."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l
from allies.keeping import About, keep, rows, unlink
from allies.outcomes.models import Outcome

OUTCOMES_KEPT = timedelta(days=5 * 365)


def outcomes_of(user):
    mine = Outcome.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(Outcome.given_at), "given_at", "state", "text")


keep(
    Outcome,
    about=About.TAKING_PART,
    what=_l("For coordinators: the outcomes you gave."),
    term=_l("5 years. Not that it was you, once you leave."),
    export=outcomes_of,
    erase=unlink(Outcome.given_by),
    prune=lambda: Outcome.delete().where(Outcome.due_at < now() - OUTCOMES_KEPT).execute(),
)
