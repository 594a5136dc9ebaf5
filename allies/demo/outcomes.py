"""The outcomes of the demo region's rounds and topics."""

from datetime import timedelta

from allies.outcomes.models import Outcome


def load(facts, alliance, loaded):
    """An outcome that was given a day before it was due, or is still owed."""
    by, due_at = loaded.member(facts["by"], alliance), loaded.at(days=facts["due_days"])
    given = {}
    if "state" in facts:
        given = {"state": facts["state"], "text": facts["text"], "given_by": by}
        given["given_at"] = due_at - timedelta(days=1)
    return Outcome.create(alliance=by.alliance, owed_by=by.organisation, due_at=due_at, **given)
