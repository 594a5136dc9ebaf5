"""The meetings that a user could come to."""

from allies.db import now
from allies.meetings.models import Meeting


def coming_for(user):
    """Those that are to be held and have not begun, of all alliances shown, the earliest first."""
    return Meeting.listed_for(user).where(Meeting.starts_at > now(), Meeting.is_on())
