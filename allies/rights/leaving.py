"""Leaving: at once, and to the last byte (PRODUCT 4.7, TRUST T27)."""

import logging

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership, Role
from allies.audit import record
from allies.db import atomic, database
from allies.errors import ConfigError, DomainError, kind_and_place
from allies.i18n import _l
from allies.keeping import Leaver, erase
from allies.rights import erasures
from allies.rights.wiping import wipe

log = logging.getLogger(__name__)

ALONE = _l(
    "You are the only coordinator of this group. First hand over: "
    "ask the administrator for a code for the one who follows you."
)


@atomic
def leave(membership):
    """Leave one alliance, by one's own choice. Raises DomainError for its last coordinator."""
    check_may_leave(membership)
    let_go(membership)
    record("system", "member.left", membership)


@atomic
def leave_all(user):
    """Leave everything. Raises DomainError when one of the alliances has no other coordinator."""
    memberships = list(memberships_in_full(user))
    for membership in memberships:
        check_may_leave(membership)
    erase_user(user)
    for membership in memberships:
        record("system", "member.left", membership)


@atomic
def end(membership, *, by, reason):
    """End somebody else's membership, as their coordinator. They are told nothing."""
    record(by, "member.ended", membership, note=reason)
    let_go(membership)  # and with it the text of the reason, which may name them


@atomic
def erase_member(membership, *, reason):
    """End a membership as the operator, also that of the last coordinator."""
    record("operator", "member.erased", membership, note=reason)
    let_go(membership)


@atomic
def let_go(membership):
    """Forget one membership; with the last one the whole account."""
    user = membership.user
    others = Membership.select().where(Membership.user == user.id, Membership.id != membership.id)
    if others.exists():
        forget(Leaver(user, [membership], is_whole=False))
    else:
        erase_user(user)


@atomic
def erase_user(user):
    """Forget an account and all its memberships."""
    forget(Leaver(user, list(memberships_in_full(user))))


def erase_again(path):
    """Erase once more whoever is on this list: for a database that is older than the list.

    Returns how many users and memberships it had to forget.
    """
    listed = erasures.read(path)
    if not listed:
        return 0
    with atomic():
        users = list(User.select().where(User.id.in_(list(listed))))
        for user in users:
            erase_user(user)
        rest = list(Membership.select().where(Membership.id.in_(list(listed))))
        for membership in rest:
            let_go(membership)
    return len(users) + len(rest)


def forget(leaver):
    erase(leaver)
    erasures.note([m.id for m in leaver.memberships] + [leaver.user.id] * leaver.is_whole)
    database.after_commit(finish)


def finish():
    """What can only be done once it is so: the list outside, and the bytes left in the log.

    Who left is gone by now and hears of no trouble here: the worker wipes every
    minute, and writes the list down again every night.
    """
    try:
        erasures.write_down()
    except (OSError, ConfigError) as error:
        log.error("%s in writing down who was erased", kind_and_place(error))
    wipe()


def check_may_leave(membership):
    """Raise DomainError for the last coordinator: nobody would be there for the group."""
    if is_last_coordinator(membership):
        raise DomainError(ALONE)


def is_last_coordinator(membership):
    """Is there no other coordinator, but for deputies?"""
    if membership.role != Role.COORDINATOR:
        return False
    others = membership.alliance.coordinators.where(Membership.id != membership.id)
    return not (membership.is_deputy or others.where(Membership.ends_on.is_null()).exists())


def memberships_in_full(user):
    """A user's memberships with their alliances, as they are now."""
    rows = Membership.select(Membership, Alliance).join(Alliance)
    return rows.where(Membership.user == user.id).order_by(Alliance.name)
