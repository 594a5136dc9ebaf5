"""What it is called on a page that somebody was there or not."""

from allies.attendance.models import Presence
from allies.i18n import _l

PRESENCES = {
    Presence.PRESENT: _l("Present"),
    Presence.EXCUSED: _l("Excused"),
    Presence.ABSENT: _l("Absent"),
}
