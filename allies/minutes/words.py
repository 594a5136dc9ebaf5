"""What parts and states of minutes are called on a page."""

from allies.agenda.words import HEADINGS
from allies.i18n import _, _l
from allies.minutes.models import ContestState, MinutesState

STATES = {
    MinutesState.CONCEPT: (_l("Not told yet"), "quiet"),
    MinutesState.CONTESTABLE: (_l("Please read along"), "warn"),
    MinutesState.FIXED: (_l("Fixed"), "good"),
}
ANSWERS = {
    ContestState.CHANGED: _l("We change the text"),
    ContestState.KEPT: _l("The text stays as it is"),
}


def heading(part):
    """The heading of a part: its own, or what the fixed item of the agenda is called."""
    called = HEADINGS.get(part.item.kind) if part.item else None
    return part.title or called or _("Another item")
