"""Who may do what, on one page. `visible_to` decides which rows exist at all; this who may act.

An action has one rule. A rule gets the user and the row, which belongs to an
alliance (or is one), and answers yes or no. Source: PRODUCT 3.
"""

from collections.abc import Callable

from allies.actions.models import Owner
from allies.alliances.models import Alliance, Role, memberships_of

RULES: dict[str, Callable] = {}

# What can do harm in the wrong hands: a form for it asks who you are, unless you just showed it.
FRESH = {
    "account.change", "account.export", "account.leave", "membership.leave",
    "invitation.make", "invitation.deputy", "invitation.successor",
    "member.reveal", "member.way-back", "member.lost-phone", "member.end", "member.end-deputy",
    "advice.call-list", "calendar.make",
}  # fmt: skip


def rule(*actions):
    """Register the predicate below as the rule for these actions."""

    def register(predicate):
        for action in actions:
            if action in RULES:
                raise ValueError(f"two rules for {action}")
            RULES[action] = predicate
        return predicate

    return register


def can(user, action, row=None):
    """May this user do this, to this row? An unknown action is a mistake: KeyError."""
    return bool(user.is_authenticated and RULES[action](user, row))


@rule(
    "home.show", "meeting.list", "topic.list", "advice.list", "promise.show", "alliance.switch",
    "account.show", "account.change", "account.export", "account.leave",
    "account.sign-out", "account.lost-phone",
)  # fmt: skip
def anyone_signed_in(user, row):
    return True


@rule("meeting.show", "topic.show", "advice.show", "advice.poll")
def whoever_sees_it(user, row):
    return True


@rule("meeting.rsvp", "date.answer", "minutes.contest", "topic.support", "advice.answer")
def ally(user, row):
    return _role(user, row) == Role.ALLY


@rule("topic.new")
def ally_or_coordinator(user, row):
    return _role(user, row) in {Role.ALLY, Role.COORDINATOR}


@rule(
    "invitation.make",
    "objection.answer", "alliance.agree", "venue.list", "venue.change",
    "meeting.plan", "meeting.invite", "meeting.change", "meeting.cancel",
    "meeting.answer-for", "meeting.remind", "meeting.attendance", "guest.invite",
    "date.ask", "date.pick", "agenda.change",
    "minutes.write", "minutes.publish", "minutes.reply", "minutes.outcome", "action.change",
    "topic.moderate", "topic.approve", "topic.return", "topic.decline", "topic.schedule",
    "topic.discuss", "topic.outcome",
    "advice.new", "advice.confirm", "advice.withdraw", "advice.close", "advice.outcome",
    "advice.call-list",
)  # fmt: skip
def coordinator(user, row):
    return _role(user, row) == Role.COORDINATOR


@rule("invitation.deputy", "invitation.successor")
def coordinator_for_good(user, row):
    """Not a deputy, who could stay on that way."""
    return coordinator(user, row) and not row.member(user).is_deputy


@rule("member.end-deputy")
def coordinator_beside_this_deputy(user, row):
    mine = row.alliance.member(user)
    return row.is_deputy and mine.organisation == row.organisation and not mine.is_deputy


@rule("member.show", "member.reveal", "member.lost-phone", "member.way-back", "member.end")
def coordinator_of_this_ally(user, row):
    return row.role == Role.ALLY and coordinator(user, row)


@rule(
    "membership.show",
    "membership.pause",
    "membership.redraw",
    "membership.leave",
    "membership.object",
)
def oneself(user, row):
    return row.user_id == user.id


@rule("calendar.show", "calendar.make", "calendar.stop")
def oneself_at_the_table(user, row):
    return oneself(user, row) and at_the_table(user, row)


@rule("action.done")
def whoever_does_it(user, row):
    """The group's own actions are theirs to tick off; coordinators may tick off any."""
    return coordinator(user, row) or (row.owner == Owner.GROUP and ally(user, row))


@rule("topic.rewrite")
def author(user, row):
    return row.proposed_by_id in {m.id for m in memberships_of(user)}


@rule(
    "meeting.calendar", "meeting.agenda", "meeting.year", "date.show", "agenda.show",
    "minutes.show", "action.list", "topic.alias", "advice.board", "member.list",
)  # fmt: skip
def at_the_table(user, row):
    return _role(user, row) in {Role.ALLY, Role.COORDINATOR}


def _role(user, row):
    alliance = row if isinstance(row, Alliance) else row.alliance
    return alliance.role_of(user)
