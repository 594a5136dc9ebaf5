"""What each table keeps of people: for how long, how to show it to them, how to let it go.

Every table with personal data registers here, in the `keeping.py` of its feature
(TRUST T27-T29); a test fails when one is missing. The page about what is kept,
the download of one's own data, leaving, and the nightly work all read this.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from peewee import sort_models

from allies.db import atomic
from allies.errors import kind_and_place

log = logging.getLogger(__name__)

KEPT: dict[type, "Keeping"] = {}


class About(StrEnum):
    """The part of the page about what is kept in which a table stands, in its order."""

    YOU = "you"
    SIGNING_IN = "signing-in"
    TAKING_PART = "taking-part"
    MESSAGES = "messages"
    LOGS = "logs"


@dataclass(frozen=True)
class Leaver:
    """Somebody who leaves: with all memberships and the account, or with some memberships only."""

    user: Any
    memberships: list = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True)
class Keeping:
    """One table. `told` (what it is) and `term` are said on the page, in the reader's language.

    `export` gives a user's own rows as plain dictionaries, `erase` lets go of what
    a `Leaver` left here, `prune` drops what is over term; repeating one does no harm.
    What is kept for minutes is pruned `every_minute`, all else every night.
    """

    model: type
    about: About
    told: Any
    term: Any
    export: Callable[[Any], list[dict]]
    erase: Callable[[Leaver], None]
    prune: Callable[[], Any] | None = None
    every_minute: bool = False


def keep(model, *, what, **facts):
    """Register what this table keeps of people."""
    KEPT[model] = Keeping(model, told=what, **facts)


def keepings():
    """All that is kept, as a page tells it: {part: tables}."""
    return {about: [k for k in KEPT.values() if k.about == about] for about in About}


@atomic
def erase(leaver):
    """Let go of everything a leaver left. What hangs on something else goes before it."""
    for model in reversed(sort_models(KEPT)):
        if model in KEPT:
            KEPT[model].erase(leaver)


def prune(*, every_minute=False):
    """Drop everything that is over its term. Returns the tables where that went wrong.

    Each table is a transaction of its own: one that fails holds up no other, and
    nobody waits long for the database.
    """
    failed = []
    for each in KEPT.values():
        if each.prune and (each.every_minute or not every_minute):
            try:
                with atomic():
                    each.prune()
            except Exception as error:
                log.error("%s in forgetting %s", kind_and_place(error), each.model.__name__)
                failed.append(each.model.__name__)
    return failed


def nobodys(user):
    """The export of a table that does not know whose its rows are."""
    return []


def untraceable(leaver):
    """The erasure of a table that does not know whose its rows are: its term ends them."""


def theirs(model):
    """An eraser: the account's rows go with the account."""

    def erase_rows(leaver):
        if leaver.is_whole:
            model.delete().where(model.user == leaver.user.id).execute()

    return erase_rows


def of_members(column):
    """An eraser: the rows in which this column names a membership go with it."""

    def erase_rows(leaver):
        column.model.delete().where(column.in_(ids_of(leaver))).execute()

    return erase_rows


def unlink(column):
    """An eraser: the rows stay, and this column forgets which membership it was."""

    def forget(leaver):
        column.model.update({column: None}).where(column.in_(ids_of(leaver))).execute()

    return forget


def ids_of(leaver):
    return [m.id for m in leaver.memberships]


def rows(query, *names):
    """Rows for an export: {name: value} of these attributes."""
    return [{name: getattr(row, name) for name in names} for row in query]
