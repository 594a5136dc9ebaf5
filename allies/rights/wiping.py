"""Taking the last bytes of what was deleted off the disk (TRUST T27, R21)."""

from peewee import OperationalError, SqliteDatabase

from allies.db import BUSY_SECONDS, database, is_busy


def wipe():
    """Empty the log in which SQLite still holds what was deleted. Is it done?

    The database itself zeroes what it deletes (`secure_delete`), but the old pages
    stay in the log beside it until then. Waits for nobody: while somebody reads it
    answers False, and has to be asked again.
    """
    if not isinstance(database.obj, SqliteDatabase):
        return True
    database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        is_in_use, *_pages = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OperationalError as error:
        if not is_busy(error):
            raise
        is_in_use = True
    finally:
        database.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return not is_in_use
