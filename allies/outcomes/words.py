"""What was done, as it is called on a page."""

from allies.i18n import _l
from allies.outcomes.models import OutcomeState

STATES = {
    OutcomeState.TAKEN_UP: _l("Taken up"),
    OutcomeState.PARTLY: _l("Partly taken up"),
    OutcomeState.NOT: _l("Not taken up"),
    OutcomeState.NOT_OURS: _l("Not ours to decide, passed on"),
}
