"""Whole days of the audit log may go behind an anchor: the one permitted delete."""

FINAL = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
DROP = "DROP TRIGGER audit_line_no_delete"
MAKE = "CREATE TRIGGER audit_line_no_delete BEFORE DELETE ON audit_line"
IS_KEPT = "OLD.id > COALESCE((SELECT MAX(id) FROM audit_anchor), 0)"
# INSERT OR REPLACE takes a row away without a DELETE: nothing is added but at the end.
ONLY_AT_THE_END = (
    "CREATE TRIGGER {table}_only_at_the_end BEFORE INSERT ON {table} "
    "WHEN NEW.id <= (SELECT MAX(id) FROM {table}) {final}"
)
TABLES = ("audit_line", "audit_anchor")


def up(migrator, db):
    db.execute_sql(DROP)
    db.execute_sql(f"{MAKE} WHEN {IS_KEPT} {FINAL}")
    for table in TABLES:
        db.execute_sql(ONLY_AT_THE_END.format(table=table, final=FINAL))


def down(migrator, db):
    for table in TABLES:
        db.execute_sql(f"DROP TRIGGER {table}_only_at_the_end")
    db.execute_sql(DROP)
    db.execute_sql(f"{MAKE} {FINAL}")
