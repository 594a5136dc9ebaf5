"""One-time keys: the same form sent twice is carried out once and answered alike (TRUST R06)."""

import hashlib
import hmac
from dataclasses import dataclass

from peewee import CharField, DateField

from allies.db import BaseModel
from allies.errors import DomainError
from allies.i18n import _l, today

PROOFS = ("proof_passphrase", "proof_code", "proof_passkey", "proof_demo")  # see `fresh`
IGNORED = {"csrf_token", "once", *PROOFS}


class Receipt(BaseModel):
    """A form that was carried out, and where its sender was sent. Holds no field of it."""

    id = CharField(max_length=64, primary_key=True)  # hash of the sender and the form's key
    fingerprint = CharField(max_length=64)  # keyed by the form's own secret: it tells nothing
    location = CharField(max_length=200)
    part = CharField(max_length=60, default="")
    message = CharField(max_length=300)
    day = DateField(default=today, index=True)

    class Meta:
        without_rowid = True  # neither time nor order: beside the sign-ins they would name people


@dataclass(frozen=True)
class SentForm:
    """A form as it came in: from whom, with which one-time key (or none), to where, and its fields.

    `sender` is the id of a user or of a link, `fields` are (name, value) pairs.
    """

    sender: str
    key: str
    path: str
    fields: list[tuple[str, str]]

    @property
    def id(self):
        return hashlib.sha256(f"{self.sender}\0{self.key}".encode()).hexdigest()

    @property
    def fingerprint(self):
        said = [f"{k}={v}" for k, v in sorted(self.fields) if k not in IGNORED]
        text = "\0".join([self.path, *said])
        return hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()


def receipt_of(form):
    """The receipt of this form if it was carried out before; None also without a key.

    Raises DomainError when the key came back with other text: two different
    answers must not look like one.
    """
    receipt = Receipt.get_or_none(Receipt.id == form.id) if form.key else None
    if receipt and receipt.fingerprint != form.fingerprint:
        raise DomainError(
            _l("This form was sent before with other text. Open it again to change it.")
        )
    return receipt


def keep_receipt(form, *, location="", part="", message=""):
    """Note that this form has been carried out, in the transaction that did it."""
    if form.key:
        Receipt.create(
            id=form.id,
            fingerprint=form.fingerprint,
            location=location,
            part=part,
            message=message[:300],
        )
