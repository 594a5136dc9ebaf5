"""The list of who was erased, in the database and beside it (TRUST T27).

A backup that is put back knows people who have left since. The list outside the
database outlives that, and tells whom to forget again. It holds ids that are of
nobody any more, and days; for as long as a backup is kept.
"""

from datetime import date, timedelta
from pathlib import Path

from allies import files
from allies.errors import ConfigError
from allies.i18n import today
from allies.migrate import locked
from allies.queue import waker
from allies.rights.models import Erasure

BACKUPS_KEPT = timedelta(days=35)


def note(ids):
    """Put these ids on the list, in the transaction at hand."""
    for each in ids:
        Erasure.insert(id=each, on=today()).on_conflict_ignore().execute()


def prune():
    """Forget who was erased so long ago that no backup knows them, here and in the file."""
    Erasure.delete().where(Erasure.on < today() - BACKUPS_KEPT).execute()
    write_down()


def write_down():
    """Bring the list outside up to date: what stood there and what is in the database."""
    path = file()
    with locked(path.with_suffix(".lock")):
        known = read(path) | {row.id: row.on for row in Erasure.select()}
        recent = {key: day for key, day in known.items() if day >= today() - BACKUPS_KEPT}
        files.replace(
            path, "".join(f"{key} {day.isoformat()}\n" for key, day in sorted(recent.items()))
        )


def read(path):
    """{id: day} of a list, or nothing where there is none. Raises ConfigError for a damaged one."""
    try:
        lines = Path(path).read_text().splitlines()
        return {key: date.fromisoformat(day) for key, day in (line.split(" ") for line in lines)}
    except FileNotFoundError:
        return {}
    except ValueError:
        raise ConfigError(
            f"{path} is damaged. It lists who was erased: take out what is no id and day."
        ) from None


def file():
    """Where the list of this installation is."""
    return waker.settings.instance / "erasures"
