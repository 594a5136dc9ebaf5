"""Walking the whole application: every address with a row of every kind."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership
from allies.db import database
from allies.migrate import all_models

MISSING = "nonexistent00000"
NO_PAGES = {"calendars.event", "advice.board", "agenda.room_now"}  # files and parts
SAFE = {"GET", "HEAD", "OPTIONS"}
NOT_CONTENT = {"SignIn", "Receipt", "Attempt"}  # session rows do not count as a change


@dataclass(frozen=True)
class Address:
    """One rule and method of the application; `on` is the model its id names."""

    endpoint: str
    path: str
    method: str
    guard: str
    on: type | None

    def at(self, row_id):
        return self.path.replace("<id>", row_id)


def addresses(app, method):
    """Every address that answers `method`, with its guard."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods:
            view = app.view_functions[rule.endpoint]
            yield Address(rule.endpoint, rule.rule, method, view.guard, getattr(view, "on", None))


def guarded(app, method, *, with_row):
    found = [a for a in addresses(app, method) if a.guard != "public" and bool(a.on) == with_row]
    return sorted(found, key=lambda a: a.path)


def rows_of(model, alliance):
    """The rows of a model that belong to an alliance, or to its members."""
    if model is Alliance:
        return [alliance]
    if hasattr(model, "alliance"):
        return list(model.select().where(model.alliance == alliance))
    members = User.select(User.id).join(Membership).where(Membership.alliance == alliance)
    return list(model.select().where(model.user.in_(members)))


def is_visible(model, user, row):
    return model.visible_to(user).where(model.id == row.id).exists()


def content_hash():
    """A hash of everything stored but sessions: equal before and after when nothing changed."""
    seen = hashlib.sha256()
    for model in all_models():
        if model.__name__ not in NOT_CONTENT:
            rows = model.select().order_by(model._meta.primary_key).tuples()
            seen.update(repr((model.__name__, list(rows))).encode())
    return seen.hexdigest()


@contextmanager
def counted_queries():
    """The SQL statements that run inside the block, as a list."""
    seen, original = [], database.obj.execute_sql

    def execute_sql(sql, *args, **kwargs):
        seen.append(sql)
        return original(sql, *args, **kwargs)

    database.obj.execute_sql = execute_sql
    try:
        yield seen
    finally:
        del database.obj.execute_sql
