"""What coordinators, operators and security did: an append-only chain (TRUST T09).

Every line carries an HMAC-SHA256 over itself and the line before, so an edited,
removed, swapped or inserted line shows; whether lines are gone from the end shows
beside the head of the chain that was kept elsewhere. An ally's topic, support,
RSVP or advice is never in here, and no free text: only a salted hash of it.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from peewee import BlobField, CharField, IntegerField, TextField

from allies.db import BaseModel, UtcField, atomic, database, now

FIELDS = ("id", "at", "actor", "alliance", "action", "subject", "note_hash")
KEPT = timedelta(days=183)  # half a year


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


class AuditNote(BaseModel):
    """The free text of a line, outside the chain: it can go while the chain stays whole."""

    id = IntegerField(primary_key=True)  # the number of its line
    text = TextField()


class AuditAnchor(BaseModel):
    """Where the chain begins after old days were dropped: the last line that is gone, signed."""

    id = IntegerField(primary_key=True)  # the number of that line
    mac = BlobField()
    signature = BlobField()

    @property
    def is_ours(self):
        return self.signature == _signature(self.id, self.mac)


@atomic
def record(by, action, subject=None, *, note=""):
    """Add a line, in the transaction of the act itself.

    `by` is a Membership, a User, or the word "system" or "operator"; `subject`
    the row that was acted on, if any.
    """
    number, mac = head()
    line = AuditLine(
        id=number + 1,
        at=_moment_of(action),
        actor=by if isinstance(by, str) else by.id,
        alliance=_alliance_id(subject) or _alliance_id(by) or "",
        action=action,
        subject=subject.id if subject else "",
        note_hash=_salted(note) if note else "",
    )
    values = (getattr(line, field) for field in FIELDS)
    line.mac = chained(mac, *values)
    line.save(force_insert=True)
    if note:
        AuditNote.create(id=line.id, text=note)
    return line


def head():
    """(number, mac) of the last line; whoever keeps it elsewhere finds lines gone from the end."""
    last = AuditLine.select().order_by(AuditLine.id.desc()).first() or newest_anchor()
    return (last.id, bytes(last.mac)) if last else (0, b"")


def newest_anchor():
    return AuditAnchor.select().order_by(AuditAnchor.id.desc()).first()


def first_broken_line(heads=()):
    """The number of the first line that does not fit, or None when all fit.

    `heads` are (number, mac) as `head` once gave them; those of dropped lines are passed over.
    """
    for anchor in AuditAnchor.select().order_by(AuditAnchor.id):
        if not anchor.is_ours:
            return anchor.id
    anchor = newest_anchor()
    number, mac = (anchor.id, bytes(anchor.mac)) if anchor else (0, b"")
    kept = {n: m for n, m in heads if n >= number}
    if kept.get(number, mac) != mac:
        return number
    for line_id, at, *values, line_mac in _bytes_of("audit_line", *FIELDS, "mac"):
        mac, number = chained(mac, line_id, at + b"+00:00", *values), number + 1
        if line_id != b"%d" % number or line_mac != mac or kept.get(number, mac) != mac:
            return number
    return number + 1 if any(n > number for n in kept) else None


def first_broken_note():
    """The number of the first note that is not the text of its line, or None."""
    hashes = dict(AuditLine.select(AuditLine.id, AuditLine.note_hash).tuples())
    for note_id, text in _bytes_of("audit_note", "id", "text"):
        number = int(note_id)
        salt, _colon, _hash = hashes.get(number, "").partition(":")
        if not salt or hashes[number] != _salted(text, salt):
            return number
    return None


@atomic
def prune():
    """Drop the whole days that are older than half a year, behind a signed anchor.

    A line goes only with everything before it, so a clock that jumped leaves no hole.
    """
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    kept = AuditLine.select().where(AuditLine.at >= midnight - KEPT).order_by(AuditLine.id).first()
    old = AuditLine.select().order_by(AuditLine.id.desc())
    last = (old.where(AuditLine.id < kept.id) if kept else old).first()
    if last is None:
        return
    mac = bytes(last.mac)
    AuditAnchor.create(id=last.id, mac=mac, signature=_signature(last.id, mac))
    AuditNote.delete().where(AuditNote.id <= last.id).execute()
    AuditLine.delete().where(AuditLine.id <= last.id).execute()


def _bytes_of(table, *columns):
    """The rows by id as they are in the file: whoever tampers need not write what we can read."""
    wanted = ", ".join(f"CAST({column} AS BLOB)" for column in columns)
    return database.execute_sql(f"SELECT {wanted} FROM {table} ORDER BY id")  # noqa: S608


def chained(previous, *values):
    """What the mac of a line with these FIELDS must be behind a line with mac `previous`."""
    parts = [previous, *map(_as_bytes, values)]
    text = b"".join(len(part).to_bytes(4) + part for part in parts)
    return hmac.digest(AuditLine.audit_key, text, "sha256")


def _signature(number, mac):
    # no mac of a line is as short as this word, so it can't stand for one
    return chained(b"anchor", number, mac)


def _as_bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def _moment_of(action):
    """To the second; what people do with their own account only by the day (TRUST T20): the
    log must not tell when each alias was there."""
    moment = now().replace(microsecond=0)
    is_own = action.startswith("account.")
    return moment.replace(hour=0, minute=0, second=0) if is_own else moment


def _alliance_id(row):
    return getattr(row, "alliance_id", None)


def _salted(note, salt=None):
    salt = salt or secrets.token_hex(16)
    salted = salt.encode() + _as_bytes(note)
    return f"{salt}:{hashlib.sha256(salted).hexdigest()}"
