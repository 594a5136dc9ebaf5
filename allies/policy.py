"""Who may do what, on one page. `visible_to` decides which rows exist at all; this who may act.

An action has one rule. A rule gets the user and the row, which belongs to an
alliance (or is one), and answers yes or no. Source: PRODUCT 3.
"""

from collections.abc import Callable

from allies.alliances.models import Alliance, Role, memberships_of

RULES: dict[str, Callable] = {}


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


@rule("home.show", "account.show", "meeting.list", "topic.list", "advice.list")
def anyone_signed_in(user, row):
    return True


@rule("meeting.show", "topic.show", "advice.show", "advice.poll")
def whoever_sees_it(user, row):
    return True


@rule("meeting.rsvp", "topic.support", "advice.answer")
def ally(user, row):
    return _role(user, row) == Role.ALLY


@rule("topic.new")
def ally_or_coordinator(user, row):
    return _role(user, row) in {Role.ALLY, Role.COORDINATOR}


@rule(
    "people.invite", "meeting.plan", "meeting.invite",
    "topic.moderate", "topic.approve", "topic.return", "topic.decline", "topic.schedule",
    "topic.discuss", "topic.outcome",
    "advice.new", "advice.confirm", "advice.withdraw", "advice.close", "advice.outcome",
)  # fmt: skip
def coordinator(user, row):
    return _role(user, row) == Role.COORDINATOR


@rule("topic.rewrite")
def author(user, row):
    return row.proposed_by_id in {m.id for m in memberships_of(user)}


@rule("meeting.calendar", "meeting.agenda", "topic.alias", "advice.board")
def at_the_table(user, row):
    return _role(user, row) in {Role.ALLY, Role.COORDINATOR}


def _role(user, row):
    alliance = row if isinstance(row, Alliance) else row.alliance
    return alliance.role_of(user)
