"""Whole days of the audit log may go behind an anchor: the one permitted delete."""

FINAL = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
DROP = "DROP TRIGGER audit_line_no_delete"
MAKE = "CREATE TRIGGER audit_line_no_delete BEFORE DELETE ON audit_line"
IS_KEPT = "OLD.id > COALESCE((SELECT MAX(id) FROM audit_anchor), 0)"


def up(migrator, db):
    db.execute_sql(DROP)
    db.execute_sql(f"{MAKE} WHEN {IS_KEPT} {FINAL}")


def down(migrator, db):
    db.execute_sql(DROP)
    db.execute_sql(f"{MAKE} {FINAL}")
