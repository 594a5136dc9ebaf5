"""Who visits a coming meeting of the demo region, and when its members are reminded."""

from allies.db import new_id
from allies.guests.models import Guest
from allies.reminders import service as reminders


def load(content, loaded):
    """The guests of each alliance at its first meeting to come; reminders for every meeting."""
    coming = [meeting for meeting in loaded.meetings.values() if meeting.is_open]
    for meeting in coming:
        reminders.start(meeting)
    for facts in content["guest"]:
        alliance = loaded.alliances[facts["alliance"]]
        here = [meeting for meeting in coming if meeting.alliance_id == alliance.id]
        guest_id = new_id()
        Guest.create(
            id=guest_id,
            alliance=alliance,
            meeting=min(here, key=lambda meeting: meeting.starts_at),
            function=facts["function"],
            email=Guest.seal("email", guest_id, facts["email"]),
            answer=facts.get("answer"),
        )
