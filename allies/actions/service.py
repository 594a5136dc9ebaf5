"""Agreeing on actions, and seeing them through."""

from datetime import timedelta

from allies.actions.models import Action, ActionState
from allies.alliances.models import Role
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError, Refused
from allies.i18n import _l, today

FURTHEST = timedelta(days=2 * 365)  # what is due later is not an action but a wish
MOST_OPEN = 20  # of one alliance: more would be a list that nobody reads


@atomic
def add(alliance, *, by, owner, text, due_on, meeting=None, part=None):
    """Note an action of a role, from a meeting or a part of its minutes if it came of one.

    Raises Refused for a day before today or more than two years ahead, DomainError
    when so many are open that one must be finished first.
    """
    if due_on < today():
        raise Refused("due_on", _l("This day has passed. Choose one that is still to come."))
    if due_on > today() + FURTHEST:
        raise Refused("due_on", _l("This is more than two years ahead. Choose an earlier day."))
    here = (Action.alliance == alliance) & (Action.state == ActionState.OPEN)
    if Action.select().where(here).count() >= MOST_OPEN:
        raise DomainError(_l("There are many open actions already. Finish or drop one first."))
    action = Action.create(
        alliance=alliance, meeting=meeting, part=part, owner=owner, text=text, due_on=due_on
    )
    record(by, "action.added", action)
    return action


@atomic
def finish(action, *, by):
    """Note that an action is done. Raises DomainError when it is not open any more."""
    end(action, ActionState.OPEN, state=ActionState.DONE, ended_on=today())
    if by.role == Role.COORDINATOR:  # what allies do is in no log (TRUST T20)
        record(by, "action.done", action)


@atomic
def reopen(action, *, by):
    """Take back a "done" that was pressed by mistake. Raises DomainError after that day."""
    if not action.may_be_reopened:
        raise DomainError(_l("This was done on an earlier day. Add a new action instead."))
    end(action, ActionState.DONE, state=ActionState.OPEN, ended_on=None)
    if by.role == Role.COORDINATOR:
        record(by, "action.reopened", action)


@atomic
def drop(action, *, by, reason):
    """Let go of an action, with a reason that everybody reads. Raises DomainError as `finish`."""
    end(action, ActionState.OPEN, state=ActionState.DROPPED, reason=reason, ended_on=today())
    record(by, "action.dropped", action, note=reason)


def end(action, was, **facts):
    """Change an action that is still as it was, here and in the database: of two who press
    at the same moment one was first, and the other gets a DomainError."""
    still = (Action.id == action.id) & (Action.state == was)
    if not Action.update(facts).where(still).execute():
        raise DomainError(_l("Somebody else was first. Look at the list again."))
    for name, value in facts.items():
        setattr(action, name, value)
