"""Objecting, and answering an objection."""

from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError
from allies.i18n import _l, today
from allies.notifications.service import tell
from allies.rights.models import Objection


@atomic
def object_to(membership, *, text):
    """Note what a member objects to, and tell the coordinators that there is something."""
    objection = Objection.create(alliance=membership.alliance, membership=membership, text=text)
    others = [c for c in membership.alliance.coordinators if c.id != membership.id]
    tell(others)
    return objection


@atomic
def answer(objection, *, by, text):
    """Answer an objection. Raises DomainError when that was done, or when it is one's own."""
    if objection.membership_id == by.id:
        raise DomainError(_l("This is your own objection. Another coordinator answers it."))
    still_open = (Objection.id == objection.id) & Objection.answered_on.is_null()
    facts = {"answer": text, "answered_on": today()}
    if not Objection.update(facts).where(still_open).execute():
        raise DomainError(_l("This objection has been answered already."))
    record(by, "objection.answered", objection)
    tell([objection.membership])
