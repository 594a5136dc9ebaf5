"""Drawing an alias: at random, once in an alliance, never one that belonged to somebody else."""

import secrets
from functools import cache
from pathlib import Path

from peewee import CharField, ForeignKeyField

from allies.alliances.models import Alliance
from allies.db import BaseModel


class DrawnAlias(BaseModel):
    """An alias that was given out here once. Stays when its bearer leaves; says not who it was."""

    alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
    alias = CharField(max_length=40)

    class Meta:
        indexes = ((("alliance", "alias"), True),)


@cache
def words():
    """Everything an alias can be: birds, ships, plants and things of the coast."""
    lines = Path(__file__).with_name("aliases.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(line.strip() for line in lines if line.strip())


def draw(alliance, *, name=""):
    """Draw an alias in the transaction that uses it. Never a word out of this person's own `name`.

    Once every word has been used, words of people who left come back; the last
    of all resorts is LookupError.
    """
    taken = {m.alias for m in alliance.memberships}
    given_out = {d.alias for d in DrawnAlias.select().where(DrawnAlias.alliance == alliance)}
    fit = {w for w in words() - taken if w.lower() not in name.lower()}
    left = sorted(fit - given_out) or sorted(fit)
    if not left:
        raise LookupError("no alias is left")
    alias = secrets.choice(left)
    DrawnAlias.insert(alliance=alliance, alias=alias).on_conflict_ignore().execute()
    return alias
