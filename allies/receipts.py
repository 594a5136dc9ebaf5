"""One-time keys: the same form sent twice is carried out once and answered alike (TRUST R06)."""

import hashlib
import hmac

from peewee import CharField

from allies.db import BaseModel, UtcField, now
from allies.errors import DomainError
from allies.i18n import _l

IGNORED = {"csrf_token", "once"}


class Receipt(BaseModel):
    """A form that was carried out, and where its sender was sent. Holds no field of it."""

    id = CharField(max_length=64, primary_key=True)  # hash of the sender and the form's key
    fingerprint = CharField(
        max_length=64
    )  # keyed by the form's own secret, so it gives nothing away
    location = CharField(max_length=200)
    part = CharField(max_length=60, default="")
    message = CharField(max_length=300)
    at = UtcField(default=now, index=True)


def receipt_of(user_id, key, path, fields):
    """The receipt of this form if it was carried out before, else None.

    Raises DomainError when the key came back with other text: two different
    answers must not look like one.
    """
    receipt = Receipt.get_or_none(Receipt.id == _id(user_id, key))
    if receipt and receipt.fingerprint != _fingerprint(key, path, fields):
        raise DomainError(
            _l("This form was sent before with other text. Open it again to change it.")
        )
    return receipt


def keep_receipt(user_id, key, path, fields, *, location, part, message):
    """Note that this form has been carried out, in the transaction that did it."""
    Receipt.create(
        id=_id(user_id, key),
        fingerprint=_fingerprint(key, path, fields),
        location=location,
        part=part or "",
        message=message[:300],
    )


def _id(user_id, key):
    return hashlib.sha256(f"{user_id}\0{key}".encode()).hexdigest()


def _fingerprint(key, path, fields):
    parts = [path, *(f"{k}={v}" for k, v in sorted(fields) if k not in IGNORED)]
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
