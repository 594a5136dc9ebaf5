"""What is kept of who was there, and for how long."""

from allies.alliances.models import Membership
from allies.attendance.models import Attendance
from allies.i18n import _l
from allies.keeping import About, keep, of_members
from allies.meetings.models import Meeting


def presence_of(user):
    mine = Attendance.select(Attendance, Meeting).join(Meeting).switch(Attendance)
    mine = mine.join(Membership).where(Membership.user == user.id)
    return [
        {"meeting_at": each.meeting.starts_at, "presence": each.presence}
        for each in mine.order_by(Meeting.starts_at)
    ]


def forget_presence():
    """Of meetings of two weeks ago only how many came is known, on the meeting itself."""
    over = Meeting.select(Meeting.id).where(Meeting.is_long_ago())
    Attendance.delete().where(Attendance.meeting.in_(over)).execute()


keep(
    Attendance,
    about=About.TAKING_PART,
    what=_l("Whether you were at a meeting."),
    term=_l("14 days after the meeting. Then only how many were there."),
    export=presence_of,
    erase=of_members(Attendance.membership),
    prune=forget_presence,
)
