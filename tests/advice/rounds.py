"""What a round is asked with, and where it stands."""

from datetime import timedelta

from allies.advice.models import Round
from allies.advice.states import State
from allies.db import now

WORDS = {
    "question": "Wat leeft er bij u over de drukte?",
    "known": "Er komen meer dagjesmensen dan vorig jaar.",
    "unknown": "Of het zo blijft.",
    "shareable": "De gemeente kijkt naar de drukte.",
}
FIELDS = WORDS | {"options": "Ja\nNee", "hours": "4", "attribution": "alias"}
ADVICE = {"option": "1", "mood": "tense", "text": "Begin bij de school."}
OUTCOME = {"state": "partly", "text": "We deden een deel."}


def end(round):
    """Let the end time of a round have passed a moment ago."""
    Round.update(ends_at=now() - timedelta(seconds=1)).where(Round.id == round.id).execute()
    return fresh(round)


def fresh(round):
    return Round.get_by_id(round.id)


def state_of(round):
    """Where it stands in the database, or None when it is gone."""
    row = Round.get_or_none(Round.id == round.id)
    return row and State(row.state)
