"""Time the check of the audit log: python -m bench.auditlog (goal: 100,000 lines in 2 s)."""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from allies import audit, db
from allies.audit import AuditAnchor, AuditLine, AuditNote
from allies.db import now

LINES = 100_000
GOAL = 2.0
BATCH = 1000


def seconds() -> float:
    """How long the check of a whole chain of that many lines takes, from the file."""
    with tempfile.TemporaryDirectory() as folder:
        db.connect(f"sqlite:///{Path(folder) / 'audit.db'}")
        db.open_connection()
        db.database.create_tables([AuditLine, AuditNote, AuditAnchor])
        AuditLine.audit_key = bytes(32)
        fill()
        began = time.perf_counter()
        broken = audit.first_broken_line([audit.head()])
        taken = time.perf_counter() - began
        db.database.close()
    if broken is not None:
        raise RuntimeError(f"the chain is broken at line {broken}")
    return taken


def fill() -> None:
    """The lines that `audit.record` would write, many at a time."""
    mac, start = b"", now().replace(microsecond=0)
    with db.atomic():
        for first in range(1, LINES + 1, BATCH):
            rows = []
            for number in range(first, first + BATCH):
                at = start + timedelta(seconds=number)
                values = (number, at, "0123456789abcdef", "alliance00000000", "meeting.planned",
                          "meeting000000000", "")  # fmt: skip
                mac = audit.chained(mac, *values)
                rows.append((*values, mac))
            fields = [getattr(AuditLine, name) for name in (*audit.FIELDS, "mac")]
            AuditLine.insert_many(rows, fields).execute()


def main() -> int:
    taken = seconds()
    print(f"audit log, {LINES:,} lines verified in {taken:.2f} s (goal {GOAL:.0f} s)")
    return int(taken > GOAL)


if __name__ == "__main__":
    sys.exit(main())
