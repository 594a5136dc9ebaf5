"""The life of an advice round, all of it on this page (PRODUCT 4.4).

    draft ──confirm──> open ──close──> closed ──give outcome──> outcome given
      │                 │ ^
      └─withdraw─> gone └─┘ answer

Asking makes a draft. It opens with the second key, or at once when the matter
is acute or the alliance has coordinators of one organisation only. A round
closes by hand or at its end time.
"""

from dataclasses import dataclass
from enum import StrEnum

from allies.i18n import _l


class State(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    OUTCOME_GIVEN = "outcome-given"


@dataclass(frozen=True)
class Step:
    """What can be done with a round, from which state and to which."""

    before: State
    after: State | None  # None: the round is gone


CONFIRM = Step(State.DRAFT, State.OPEN)
WITHDRAW = Step(State.DRAFT, None)
ANSWER = Step(State.OPEN, State.OPEN)
CLOSE = Step(State.OPEN, State.CLOSED)
GIVE_OUTCOME = Step(State.CLOSED, State.OUTCOME_GIVEN)

OVER = (State.CLOSED, State.OUTCOME_GIVEN)

# Why a step can't be made, told from where the round stands now; None: it was withdrawn.
WHY_NOT = {
    None: _l("This question was withdrawn."),
    State.DRAFT: _l("This question is not open yet: it waits for a second yes."),
    State.OPEN: _l("This question is open now."),
    State.CLOSED: _l("This question is closed."),
    State.OUTCOME_GIVEN: _l("This question is closed and the outcome has been given."),
}
