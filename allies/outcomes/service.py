"""Owing and giving an outcome."""

from datetime import timedelta

from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError
from allies.i18n import _l
from allies.notifications.service import tell
from allies.outcomes.models import Outcome

DUE = timedelta(hours=72)


@atomic
def owe(alliance, organisation, *, due_at=None):
    """Note that this organisation owes an answer, within 72 hours unless said otherwise."""
    return Outcome.create(alliance=alliance, owed_by=organisation, due_at=due_at or now() + DUE)


@atomic
def give(outcome, *, by, state, text):
    """Give the answer and tell the allies that there is one.

    Raises DomainError when it was given already, also when two people press at
    the same moment: the update itself decides who was first.
    """
    given = {"state": state, "text": text, "given_by": by, "given_at": now()}
    still_owed = (Outcome.id == outcome.id) & Outcome.state.is_null()
    if not Outcome.update(given).where(still_owed).execute():
        raise DomainError(_l("This outcome has been given already."))
    for name, value in given.items():
        setattr(outcome, name, value)
    record(by, "outcome.given", outcome, note=text)
    tell(outcome.alliance.allies)
