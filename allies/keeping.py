"""What each table keeps of people: for how long, how to show it to them, how to let it go.

Every table with personal data registers here, in the `keeping.py` of its feature
(TRUST T27-T29); a test fails when one is missing. The page about what is kept,
the download of one's own data, leaving, and the nightly work all read this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KEPT: dict[type, "Keeping"] = {}


@dataclass(frozen=True)
class Leaver:
    """Somebody who leaves: with all memberships and the account, or with some memberships only."""

    user: Any
    memberships: list = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True)
class Keeping:
    """One table. `what` and `term` are said on the page, in the reader's language.

    `export` gives a user's own rows as plain dictionaries, `erase` lets go of what
    a `Leaver` left here, `prune` drops what is over term; repeating one does no harm.
    """

    model: type
    what: Any
    term: Any
    export: Callable[[Any], list[dict]]
    erase: Callable[[Leaver], None]
    prune: Callable[[], Any] | None = None


def keep(model, **facts):
    """Register what this table keeps of people."""
    KEPT[model] = Keeping(model, **facts)


def erase(leaver):
    """Let go of everything a leaver left, in the transaction at hand."""
    for each in KEPT.values():
        each.erase(leaver)


def prune():
    """Drop everything that is over its term."""
    for each in KEPT.values():
        if each.prune:
            each.prune()
