"""Who may do what, as one table. A new action must be added here (PRODUCT 3)."""

import pytest

from allies import policy
from allies.actions.models import Action, Owner
from allies.alliances.models import Alliance, Membership
from allies.meetings.models import Meeting
from allies.topics.models import Topic, TopicState

EVERYBODY = "anna bram carla daan eva mina dirk vera piet sanne"
VEERE_TABLE = "anna bram carla daan piet"
VEERE_COORDINATORS = "carla daan piet"
VEERE_ALLIES = "anna bram"

SIGNED_IN = (
    "home.show", "meeting.list", "topic.list", "advice.list", "promise.show", "alliance.switch",
    "account.show", "account.change", "account.export", "account.leave",
    "account.sign-out", "account.lost-phone",
)  # fmt: skip
WHOEVER_SEES_IT = ("meeting.show", "topic.show", "advice.show", "advice.poll")
ALLIES = ("meeting.rsvp", "date.answer", "minutes.contest", "topic.support", "advice.answer")
TABLE = (
    "meeting.agenda", "meeting.calendar", "meeting.year", "date.show", "agenda.show",
    "minutes.show", "action.list", "topic.new", "topic.alias", "advice.board",
    "member.list",
)  # fmt: skip
COORDINATORS = (
    "invitation.make", "invitation.deputy", "invitation.successor",
    "objection.answer", "alliance.agree", "venue.list", "venue.change",
    "meeting.plan", "meeting.invite", "meeting.change", "meeting.cancel",
    "meeting.answer-for", "meeting.remind", "meeting.attendance", "guest.invite",
    "date.ask", "date.pick", "agenda.change",
    "minutes.write", "minutes.publish", "minutes.reply", "minutes.outcome", "action.change",
    "topic.moderate", "topic.approve", "topic.return", "topic.decline", "topic.schedule",
    "topic.discuss", "topic.outcome",
    "advice.new", "advice.confirm", "advice.withdraw", "advice.close", "advice.outcome",
    "advice.call-list", "member.show", "member.reveal", "member.lost-phone",
    "member.way-back", "member.end",
)  # fmt: skip
OWN = (
    "membership.show", "membership.pause", "membership.redraw", "membership.leave",
    "membership.object", "topic.rewrite", "calendar.show", "calendar.make", "calendar.stop",
)  # fmt: skip
WHO_MAY = {
    **dict.fromkeys(SIGNED_IN, EVERYBODY),
    **dict.fromkeys(WHOEVER_SEES_IT, EVERYBODY),  # visible_to has decided already
    **dict.fromkeys(ALLIES, VEERE_ALLIES),
    **dict.fromkeys(TABLE, VEERE_TABLE),
    **dict.fromkeys(COORDINATORS, VEERE_COORDINATORS),
    **dict.fromkeys(OWN, "anna"),
    "action.done": VEERE_TABLE,  # of the group
    "member.end-deputy": "",  # Anna is none; see tests/invitations/test_deputy.py
}


def test_the_table_names_every_action_and_no_other():
    assert set(WHO_MAY) == set(policy.RULES)


@pytest.mark.parametrize("action", sorted(policy.RULES))
def test_who_may(action, cast, veere):
    row = row_for(action, veere)

    allowed = {p for p, user in vars(cast).items() if policy.can(user, action, row)}

    assert allowed == set(WHO_MAY[action].split())


@pytest.mark.parametrize(("persona", "may"), [("anna", True), ("carla", True), ("eva", False)])
def test_a_partner_has_no_calendar_of_ours(cast, member, persona, may):
    for action in ("calendar.show", "calendar.make", "calendar.stop"):
        assert policy.can(getattr(cast, persona), action, member(persona)) == may


def test_a_role_belongs_to_a_membership_not_to_a_person(cast, middelburg):
    """Sanne coordinates Vlissingen; in Middelburg she is an ally and no more."""
    vlissingen = Alliance.get(Alliance.name == "Vlissingen")

    assert policy.can(cast.sanne, "meeting.plan", vlissingen)
    assert not policy.can(cast.sanne, "meeting.plan", middelburg)


def row_for(action, veere):
    """A row of Veere for this kind of action; the topic and the membership are Anna's."""
    if action.startswith(("membership.", "member.", "calendar.")) and action != "member.list":
        return Membership.get(Membership.alliance == veere, Membership.alias == "Scholekster")
    if action.startswith("meeting."):
        return Meeting.get(Meeting.alliance == veere)
    if action == "action.done":
        return Action(alliance=veere, owner=Owner.GROUP)
    if action == "topic.rewrite":
        return Topic.get(Topic.alliance == veere, Topic.state == TopicState.RETURNED)
    return veere
