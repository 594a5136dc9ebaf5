"""What one's own data are called on a page."""

from allies.advice.models import Mood
from allies.advice.states import State
from allies.advice.words import MOODS
from allies.alliances.models import Organisation, Role
from allies.attendance.models import Presence
from allies.attendance.words import PRESENCES
from allies.i18n import LOCALES, _l
from allies.keeping import About
from allies.meetings.models import Answer
from allies.minutes.models import ContestState
from allies.outcomes.models import OutcomeState
from allies.outcomes.words import STATES as OUTCOMES
from allies.people.models import Reason
from allies.people.words import REASONS
from allies.rights.acts import ACTS
from allies.topics.models import Attribution, TopicState
from allies.topics.words import STATES as TOPICS

PARTS = {
    About.YOU: _l("Who you are"),
    About.SIGNING_IN: _l("How you come in"),
    About.TAKING_PART: _l("What you take part in"),
    About.MESSAGES: _l("Messages to you"),
    About.LOGS: _l("What is written down for safety"),
}
YES_NO = {True: _l("yes"), False: _l("no")}
NAMES = {
    "action": _l("What happened"),
    "alias": _l("Alias"),
    "alliance": _l("Group"),
    "answer": _l("Answer"),
    "answered_on": _l("Answered on"),
    "asked_at": _l("Asked"),
    "at": _l("When"),
    "attribution": _l("With your alias"),
    "chosen": _l("You chose"),
    "codes_left": _l("Codes left"),
    "created_at": _l("Made"),
    "effect": _l("What it could lead to"),
    "email": _l("E-mail address"),
    "ends_at": _l("Until"),
    "ends_on": _l("Last day"),
    "field": _l("What was opened"),
    "given_at": _l("Given"),
    "is_by_coordinator": _l("Entered by a coordinator"),
    "is_set": _l("Is there"),
    "is_urgent": _l("In a hurry"),
    "locale": _l("Language"),
    "made_at": _l("Made"),
    "made_on": _l("Made on"),
    "meeting_at": _l("Meeting"),
    "mood": _l("How it is around you"),
    "name": _l("Name"),
    "note": _l("Note"),
    "on": _l("Day"),
    "opened_at": _l("Opened"),
    "organisation": _l("Organisation"),
    "paused_until": _l("Pause until"),
    "phone": _l("Phone number"),
    "platform": _l("Device"),
    "presence": _l("Were you there"),
    "question": _l("Question"),
    "reason": _l("Reason"),
    "remark": _l("What it should say"),
    "reply": _l("The answer"),
    "role": _l("Role"),
    "seen_at": _l("Last used"),
    "sent_at": _l("Sent"),
    "sentence": _l("Sentence"),
    "since": _l("Since when"),
    "started_at": _l("Since"),
    "state": _l("Where it stands"),
    "submitted_on": _l("Sent on"),
    "text": _l("Text"),
    "title": _l("Title"),
    "used_on": _l("Last used"),
    "what": _l("What you see"),
    "where": _l("Where"),
}
# By the kind of value; what is not here is shown as it is.
VALUES: dict[type, dict] = {
    Role: {
        Role.ALLY: _l("ally"),
        Role.COORDINATOR: _l("coordinator"),
        Role.PARTNER: _l("partner"),
    },
    Organisation: {
        Organisation.POLICE: _l("police"),
        Organisation.MUNICIPALITY: _l("municipality"),
    },
    Answer: {Answer.YES: _l("yes"), Answer.NO: _l("no"), Answer.MAYBE: _l("Maybe")},
    Attribution: {Attribution.ALIAS: _l("yes"), Attribution.NONE: _l("no")},
    ContestState: {
        ContestState.OPEN: _l("Waiting"),
        ContestState.CHANGED: _l("The text was changed"),
        ContestState.KEPT: _l("The text stays as it is"),
    },
    Mood: MOODS,
    Presence: PRESENCES,
    Reason: REASONS,
    State: {
        State.DRAFT: _l("Draft"),
        State.OPEN: _l("Open"),
        State.CLOSED: _l("Closed"),
        State.OUTCOME_GIVEN: _l("Outcome given"),
    },
    TopicState: TOPICS,
    OutcomeState: OUTCOMES,
}
# By the name of what is kept, where the value is plain text.
PLAIN: dict[str, dict] = {
    "locale": LOCALES,
    "field": {"name": _l("Name"), "email": _l("E-mail address"), "phone": _l("Phone number")},
    "action": ACTS,
}
