"""How a question about dates ends: picked, taken back, or about a draft that is none any more."""

from allies.audit import record
from allies.dates.models import DateAnswer, DatePoll, PollState, ProposedDate
from allies.db import atomic
from allies.errors import DomainError
from allies.i18n import _l

WHY_NOT = {
    PollState.PICKED: _l("A date has been picked already."),
    PollState.WITHDRAWN: _l("The coordinators took this question back."),
}


@atomic
def withdraw(poll, *, by):
    """Take a question back: nobody sees it in a list any more, and its answers are gone.

    Nobody is told, as nobody has to do anything. Raises DomainError when it is over.
    """
    end(poll, PollState.WITHDRAWN)
    forget_answers(poll)
    record(by, "date.withdrawn", poll)


@atomic
def withdraw_of(draft, *, by):
    """Take back the open question about a draft that is told of, or dropped, without it."""
    about_it = (DatePoll.meeting == draft.id) & (DatePoll.state == PollState.OPEN)
    for poll in DatePoll.select().where(about_it):
        withdraw(poll, by=by)


def must_be_open(poll):
    """Raise DomainError when this question is over by now."""
    state = DatePoll.get_by_id(poll.id).state
    if state != PollState.OPEN:
        raise DomainError(WHY_NOT[state])


def end(poll, state):
    """Move an open question to its end; the update itself finds out whether it was open."""
    is_open = (DatePoll.id == poll.id) & (DatePoll.state == PollState.OPEN)
    if not DatePoll.update(state=state).where(is_open).execute():
        must_be_open(poll)


def forget_answers(poll):
    """Who can come when has served its purpose."""
    dates = ProposedDate.select(ProposedDate.id).where(ProposedDate.poll == poll)
    DateAnswer.delete().where(DateAnswer.proposed.in_(dates)).execute()
