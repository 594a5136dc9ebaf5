"""What themes, grounds and states are called on a page, and what the text check says."""

from allies.i18n import _, _l, day
from allies.textcheck import check
from allies.topics.models import Ground, Theme, TopicState

THEMES = {
    Theme.HOUSING: _l("Housing"),
    Theme.LIVING_TOGETHER: _l("Living together"),
    Theme.SAFETY: _l("Feeling safe"),
    Theme.YOUTH: _l("Young people"),
    Theme.CARE: _l("Care and loneliness"),
    Theme.TOURISM: _l("Tourism"),
    Theme.ENERGY_NATURE: _l("Energy and nature"),
    Theme.FACILITIES: _l("Shops, buses and services"),
    Theme.ECONOMY: _l("Work and money"),
    Theme.OTHER: _l("Something else"),
}
GROUNDS = {
    Ground.PERSON: _l("It points at a person or an address"),
    Ground.INCIDENT: _l("It is about an incident or a crime"),
    Ground.OPERATIONAL: _l("It is daily work of the police or the municipality"),
    Ground.DOUBLE: _l("There is a topic like it already"),
    Ground.OTHER: _l("It does not fit this table"),
}
EXPLAINED = {
    Ground.PERSON: _l(
        "The table talks about groups and places, never about one person. You can write it again "
        "that way. Are you worried about somebody? Call the municipality: 14 0118."
    ),
    Ground.INCIDENT: _l(
        "The police want to hear this, but not here. Call 0900-8844. "
        "Rather without your name? Call Meld Misdaad Anoniem: 0800-7000."
    ),
    Ground.OPERATIONAL: _l(
        "This can be solved without the table. Call the municipality: 14 0118, "
        "or the police: 0900-8844."
    ),
    Ground.DOUBLE: _l(
        "So you are not the only one who sees this. "
        "Look for it among the topics and support it there."
    ),
    Ground.OTHER: _l("Do you want to know more? Ask a coordinator at the next meeting."),
}
QUESTIONS = {
    "where": _l("Among which group or in which area do you see this?"),
    "since": _l("Since when do you notice this?"),
    "effect": _l("What could it lead to, and what would help?"),
    "person": _l("Can you write this without pointing at one person or one address?"),
}
STATES = {
    TopicState.APPROVED: _l("Published"),
    TopicState.DISCUSSED: _l("Discussed"),
    TopicState.SUBMITTED: _l("Waiting"),
    TopicState.RETURNED: _l("Sent back"),
    TopicState.DECLINED: _l("Not taken"),
}

STANDINGS = {
    TopicState.SUBMITTED: (_l("Waiting for the coordinators"), "neutral"),
    TopicState.RETURNED: (_l("Sent back with a question"), "warn"),
    TopicState.APPROVED: (_l("Published"), "good"),
    TopicState.DECLINED: (_l("Not taken"), "quiet"),
    TopicState.DISCUSSED: (_l("Discussed"), "good"),
}


def standing(topic):
    """(words, tone) for a list: where a topic stands, in a word or two."""
    if topic.state == TopicState.APPROVED and topic.meeting:
        return _("On the agenda"), "good"
    if topic.state == TopicState.DISCUSSED and topic.outcome and not topic.outcome.is_given:
        return _("Answer to come"), "neutral"
    return STATES[topic.state], STANDINGS[topic.state][1]


def status(topic):
    """(words, tone): where a topic stands."""
    if topic.state == TopicState.APPROVED and topic.meeting:
        return _("On the agenda of %(day)s", day=day(topic.meeting.starts_at)), "good"
    if topic.state == TopicState.DISCUSSED and topic.outcome:
        given, owed = _("Discussed, with an answer"), _("Discussed, answer to come")
        return (given, "good") if topic.outcome.is_given else (owed, "neutral")
    return STANDINGS[topic.state]


def marked(text):
    """The text in pieces, (words, is it something the text check found?)."""
    end, pieces = 0, []
    for finding in check(text):
        pieces += [(text[end : finding.start], False), (finding.word, True)]
        end = finding.end
    return [*pieces, (text[end:], False)]
