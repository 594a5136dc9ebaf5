"""What was agreed at the held meetings of the demo region: open, overdue, done and dropped."""

from allies.actions.models import Action, ActionState
from allies.agenda.models import AgendaItem
from allies.i18n import local
from allies.minutes.models import MinutesPart


def load(content, loaded):
    """After the minutes: each action came of a part of them."""
    for facts in content["action"]:
        meeting = loaded.meetings[facts["meeting"]]
        ended = facts.get("ended_days")
        Action.create(
            alliance=meeting.alliance,
            meeting=meeting,
            part=part_about(facts["about"], meeting),
            owner=facts["owner"],
            text=facts["text"],
            due_on=day(loaded, facts["due_days"]),
            state=facts.get("state", ActionState.OPEN),
            reason=facts.get("reason", ""),
            ended_on=None if ended is None else day(loaded, ended),
        )


def part_about(about, meeting):
    """The part of this meeting's minutes about a topic of this title, or a kind of item."""
    for item in AgendaItem.of_meeting(meeting):
        if about == (item.own_title or item.kind):
            return MinutesPart.get(MinutesPart.item == item.id)
    raise KeyError(about)


def day(loaded, days):
    return local(loaded.at(days=days)).date()
