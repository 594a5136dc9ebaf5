"""Marks: a form about a meeting says which meeting it was about, as it stood on the page."""

from allies.crypto import digest
from allies.errors import Refused
from allies.i18n import _l

OF_A_CHANGE = ("starts_at", "duration", "is_extra", "brings", "venue_id")
MARKED = (*OF_A_CHANGE, "sequence", "cancelled_at")
CHANGED = _l(
    "Somebody else changed this meeting a moment ago. Nothing of yours is noted yet."
    " Look above how it is now. Is your change still right? Then send it again."
)


def mark_of(meeting):
    """A mark that differs as soon as anything of a meeting that can be changed does."""
    return ".".join(_part(getattr(meeting, name)) for name in MARKED)


def untouched(seen, facts):
    """Which of these facts are as they were on the page with this mark: nobody changed them there.

    So a form that came second keeps what its sender changed, and brings back nothing old.
    """
    parts = dict(zip(MARKED, seen.split("."), strict=False))
    return [name for name, value in facts.items() if parts.get(name) == _part(value)]


def check_seen(meeting, seen):
    if seen and seen != mark_of(meeting):
        raise Refused("seen", CHANGED)


def _part(value):
    return digest(repr(value))[:8]
