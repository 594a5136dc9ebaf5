"""What coordinators, operators and security did: an append-only chain (TRUST T09).

Every line carries an HMAC-SHA256 over itself and the line before, so an edited,
removed, swapped or inserted line shows. An ally's topic, support, RSVP or
advice is never in here, and no free text: only a salted hash of it.
"""

import hashlib
import hmac
import secrets

from peewee import BlobField, CharField, IntegerField, TextField

from allies.db import BaseModel, UtcField, atomic, now

FIELDS = ("id", "at", "actor", "alliance", "action", "subject", "note_hash")


class AuditLine(BaseModel):
    """One act. `actor` is a membership or user id, "system" or "operator"; ids only, no keys."""

    id = IntegerField(primary_key=True)
    at = UtcField(default=now)
    actor = CharField(max_length=16)
    alliance = CharField(max_length=16, default="", index=True)
    action = CharField(max_length=40)
    subject = CharField(max_length=16, default="")
    note_hash = CharField(max_length=97, default="")
    mac = BlobField()

    audit_key: bytes  # set once by create_app

    def mac_after(self, previous):
        """What this line's mac must be behind a line with mac `previous`."""
        parts = [previous, *(str(getattr(self, field)).encode() for field in FIELDS)]
        return hmac.digest(
            self.audit_key, b"".join(len(p).to_bytes(4) + p for p in parts), "sha256"
        )


class AuditNote(BaseModel):
    """The free text of a line, outside the chain: it can go while the chain stays whole."""

    id = IntegerField(primary_key=True)  # the number of its line
    text = TextField()


class AuditAnchor(BaseModel):
    """Where the chain begins after old days were dropped: the last line that is gone, signed."""

    id = IntegerField(primary_key=True)  # the number of that line
    mac = BlobField()
    signature = BlobField()


@atomic
def record(by, action, subject=None, *, note=""):
    """Add a line, in the transaction of the act itself.

    `by` is a Membership, a User, or the word "system" or "operator"; `subject`
    the row that was acted on, if any.
    """
    last = AuditLine.select().order_by(AuditLine.id.desc()).first()
    line = AuditLine(
        id=last.id + 1 if last else 1,
        at=now().replace(microsecond=0),
        actor=by if isinstance(by, str) else by.id,
        alliance=_alliance_id(subject) or _alliance_id(by) or "",
        action=action,
        subject=subject.id if subject else "",
        note_hash=_salted(note) if note else "",
    )
    line.mac = line.mac_after(bytes(last.mac) if last else b"")
    line.save(force_insert=True)
    return line


def first_broken_line():
    """The number of the first line that does not fit the chain, or None when all fit."""
    previous, expected = b"", 1
    for line in AuditLine.select().order_by(AuditLine.id).iterator():
        if line.id != expected or not hmac.compare_digest(
            line.mac_after(previous), bytes(line.mac)
        ):
            return expected
        previous, expected = bytes(line.mac), expected + 1
    return None


def _alliance_id(row):
    return getattr(row, "alliance_id", None)


def _salted(note):
    salt = secrets.token_hex(16)
    return f"{salt}:{hashlib.sha256((salt + note).encode()).hexdigest()}"
