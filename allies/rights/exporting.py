"""One's own data: as a file for a machine, and in words for a person (GDPR art. 15 and 20)."""

import json
from datetime import date, datetime

from allies import keeping
from allies.db import now
from allies.i18n import day, moment
from allies.keeping import About
from allies.rights.words import NAMES, PLAIN, VALUES, YES_NO


def tables_of(user):
    """(Keeping, own rows) of every table that has rows of this user, in the order of the page."""
    parts = [each for about in About for each in keeping.keepings()[about]]
    found = [(each, each.export(user)) for each in parts]
    return [(each, rows) for each, rows in found if rows]


def as_json(user):
    """Everything kept of a user, as JSON text: names in English, moments in ISO 8601."""
    tables = [
        {
            "table": each.model._meta.table_name,
            "what": str(each.told),
            "kept": str(each.term),
            "rows": rows,
        }
        for each, rows in tables_of(user)
    ]
    document = {"made_at": now().isoformat(timespec="seconds"), "data": tables}
    return json.dumps(document, ensure_ascii=False, indent=2, default=plain)


def in_words(user):
    """The same for a page: (Keeping, [[(name, value) of a row]]), all in the reader's language."""
    return [(each, [row_in_words(row) for row in rows]) for each, rows in tables_of(user)]


def row_in_words(row):
    told = [(name, value) for name, value in row.items() if value not in (None, "")]
    return [(NAMES[name], value_in_words(name, value)) for name, value in told]


def value_in_words(name, value):
    """What a value is called; itself where there is no other word for it."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return (VALUES.get(type(value)) or PLAIN.get(name) or {}).get(value, value)


def plain(value):
    """A value that JSON has no form for."""
    return value.isoformat() if isinstance(value, date) else str(value)
