"""Everything that changes a round or an answer in one."""

from datetime import timedelta

from peewee import Case

from allies.advice import states
from allies.advice.models import Advice, Round
from allies.advice.states import WHY_NOT, State
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import _l
from allies.notifications.service import tell
from allies.outcomes import service as outcomes

MOST_OPEN = 3
LONGEST = timedelta(days=14)
LINKS_KEPT = timedelta(days=30)


@atomic
def ask(alliance, *, by, hours=None, until=None, is_acute=False, reason="", **words):
    """Put a question to an alliance: a draft for the second key, or open when one is enough.

    `words` are question, known, unknown, shareable and options. `until` goes
    before `hours`. Raises Refused for an end time or a reason that won't do,
    and when enough rounds are open.
    """
    check_terms(hours=hours, until=until, is_acute=is_acute, reason=reason)
    if not has_room(alliance):
        raise Refused("question", _l("Three questions are open already. Close one of them first."))
    round = Round.create(
        alliance=alliance,
        asked_by=by,
        organisation=by.organisation,
        hours=None if until else hours,
        ends_at=until,
        is_acute=is_acute,
        reason=reason if is_acute else "",
        **words,
    )
    record(by, "round.asked", round, note=round.reason)
    others = other_keys(alliance, by.organisation)
    if is_acute or not others:
        open_up(round)
    # They are told also of an acute round: its reason is for them to read.
    tell(others, is_urgent=True)
    return round


@atomic
def confirm(round, *, by):
    """Give the second key: the round opens now. Raises DomainError with the reason if not."""
    if by.organisation == round.organisation and other_keys(round.alliance, round.organisation):
        raise DomainError(_l("A coordinator of the other organisation must agree first."))
    if not has_room(round.alliance):
        raise DomainError(_l("Three questions are open already. Close one of them first."))
    open_up(round)
    record(by, "round.confirmed", round)


@atomic
def withdraw(round, *, by):
    """Take a draft back; only a line in the audit log stays. Raises DomainError once it is open."""
    record(by, "round.withdrawn", round)
    step = states.WITHDRAW
    if not Round.delete().where(Round.id == round.id, Round.state == step.before).execute():
        raise DomainError(why_not(round))


def must_be_open(round):
    """Raise DomainError when this round takes no answers, as far as it was read."""
    if not round.is_open:
        raise DomainError(why_not(round))


@atomic
def answer(round, *, by, mood, option=None, text=""):
    """Keep an ally's advice, instead of an earlier one. Raises DomainError once it has ended."""
    counts_too = {"asked": asked_with(round, by)} if by.is_paused else {}
    move(round, states.ANSWER, only_if=Round.ends_at > now(), **counts_too)
    said = {Advice.option: option, Advice.mood: mood, Advice.text: text}
    Advice.insert({Advice.round: round, Advice.membership: by, **said}).on_conflict(
        conflict_target=[Advice.round, Advice.membership], update=said
    ).execute()


@atomic
def close(round, *, by=None):
    """Close a round, by hand or, without `by`, at its end time; its organisation owes an outcome.

    Raises DomainError if it is not open, also when two people press at the
    same moment: the update itself decides who was first.
    """
    owed = outcomes.owe(round.alliance, round.organisation)
    move(round, states.CLOSE, closed_at=now(), outcome=owed)
    record(by or "system", "round.closed", round)


def close_ended():
    """Close every round whose end time has passed; returns how many. Safe to repeat."""
    closed = 0
    ended = Round.select().where(Round.state == State.OPEN, Round.ends_at <= now())
    for round in list(ended):  # read whole: writing ends the reading
        try:
            close(round)
        except DomainError:  # somebody closed it at this moment
            continue
        closed += 1
    return closed


@atomic
def give_outcome(round, *, by, state, text):
    """Tell what was done, and cut the link between advice and authors (TRUST, retention).

    Raises DomainError when the round is open still or has its outcome.
    """
    move(round, states.GIVE_OUTCOME)
    outcomes.give(round.outcome, by=by, state=state, text=text)
    cut_links(Round.select(Round.id).where(Round.id == round.id))


@atomic
def prune():
    """Cut the link between advice and authors of rounds that were closed thirty days ago."""
    cut_links(Round.select(Round.id).where(Round.closed_at < now() - LINKS_KEPT))


def cut_links(rounds):
    """Leave the advice of these rounds (a subquery of ids) without its authors."""
    linked = Advice.membership.is_null(False) & Advice.round.in_(rounds)
    changed = Advice.select(Advice.round).where(linked)
    Round.update(version=Round.version + 1).where(Round.id.in_(changed)).execute()
    Advice.update(membership=None).where(linked).execute()


def check_terms(*, hours, until, is_acute, reason):
    """Raise Refused for an end time that won't do, or an acute question without its reason."""
    moment = now()
    if until and until <= moment:
        raise Refused("until", _l("This moment has passed. Choose one that is still to come."))
    if until and until > moment + LONGEST:
        raise Refused("until", _l("Choose a moment within 14 days."))
    if not until and not hours:
        raise Refused("hours", _l("Choose how long people can answer."))
    if is_acute and not reason:
        raise Refused("reason", _l("Tell why this can't wait for a second yes."))


def has_room(alliance):
    """May another round open beside those that are open now?"""
    mine = Round.select().where(Round.alliance == alliance, Round.state == State.OPEN)
    return mine.count() < MOST_OPEN


def other_keys(alliance, organisation):
    """The coordinators who work elsewhere, so who can give the second key."""
    return [c for c in alliance.coordinators if c.organisation != organisation]


def asked_with(round, ally):
    """How many this round waits for when a paused ally, whom it did not wait for, answers it."""
    has_answered = Advice.select().where(Advice.round == round.id, Advice.membership == ally.id)
    if has_answered.exists():
        return Round.asked
    return Case(
        None, ((Round.asked < round.alliance.allies.count(), Round.asked + 1),), Round.asked
    )


def open_up(round):
    """From draft to open: the hours count from now, and every ally who takes part is told."""
    ends_at = now() + timedelta(hours=round.hours) if round.hours else round.ends_at
    if ends_at <= now():
        raise DomainError(_l("The end time has passed. Withdraw this question and ask it again."))
    allies = [ally for ally in round.alliance.allies if not ally.is_paused]
    move(round, states.CONFIRM, opened_at=now(), ends_at=ends_at, asked=len(allies))
    tell(allies, is_urgent=True)


def move(round, step, *, only_if=True, **changes):
    """Make one step of `states` with these changes. Raises DomainError when it can't be made."""
    here = (Round.id == round.id) & (Round.state == step.before) & only_if
    query = Round.update(state=step.after, version=Round.version + 1, **changes).where(here)
    moved = list(query.returning(Round))
    if not moved:
        raise DomainError(why_not(round))
    for name, value in moved[0].__data__.items():
        setattr(round, name, value)


def why_not(round):
    """Why a step could not be made, for whoever pressed."""
    current = Round.get_or_none(Round.id == round.id)
    if current and current.state == State.OPEN and not current.is_open:
        return WHY_NOT[State.CLOSED]
    return WHY_NOT[current.state if current else None]
