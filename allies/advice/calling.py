"""Phoning whoever has not answered an open round: the one look at many (TRUST, call list)."""

from datetime import timedelta

from allies.advice.models import Advice, CallList
from allies.advice.service import must_be_open
from allies.alliances.models import Membership
from allies.db import atomic, now
from allies.i18n import local
from allies.people import service as people
from allies.people.models import Reason, Reveal

OPEN_FOR = timedelta(minutes=60)


def silent(round):
    """The allies who have not answered this round, by alias; who is paused is not waited for."""
    answered = Advice.select(Advice.membership).where(
        Advice.round == round.id, Advice.membership.is_null(False)
    )
    waited_for = round.alliance.allies.where(Membership.takes_part())
    return list(waited_for.where(Membership.id.not_in(answered)))


@atomic
def open_numbers(round, *, by):
    """Let a coordinator see the numbers for an hour: a line for each member with a number first.

    Pressed again within that hour it adds only whom it did not show yet. Raises
    DomainError when the round is not open.
    """
    must_be_open(round)
    opened = opened_list(round, by)
    shown = looked_at(opened)
    for member in people.with_number(silent(round)):
        if member.id not in shown:
            people.note_look(member, by=by, field="phone", reason=Reason.ROUND)
    if opened is None:
        CallList.delete().where(CallList.round == round.id, CallList.by == by.id).execute()
        CallList.create(round=round, by=by)


def numbers(round, members, *, by):
    """({membership id: number}, until when) for a coordinator who opened them; else ({}, None).

    `members` are those of `silent`; only a number with a line is opened.
    """
    opened = opened_list(round, by)
    if opened is None:
        return {}, None
    shown = looked_at(opened)
    return people.numbers_of([m for m in members if m.id in shown]), opened.opened_at + OPEN_FOR


def opened_list(round, by):
    """The list that this coordinator opened less than an hour ago, or None."""
    return CallList.get_or_none(
        CallList.round == round.id, CallList.by == by.id, CallList.opened_at > now() - OPEN_FOR
    )


def looked_at(opened):
    """The ids of the members for whose number there is a line since this list was opened."""
    if opened is None:
        return set()
    lines = Reveal.select(Reveal.membership).where(
        Reveal.by == opened.by_id,
        Reveal.reason == Reason.ROUND,
        Reveal.on >= local(opened.opened_at).date(),
    )
    return {line.membership_id for line in lines}
