"""What moods are called on a page."""

from allies.advice.models import Mood
from allies.i18n import _l

MOODS = {
    Mood.CALM: _l("Calm"),
    Mood.TENSE: _l("Tense"),
    Mood.ALARMED: _l("Alarmed"),
    Mood.NOT_MINE: _l("This does not touch my circle"),
}
