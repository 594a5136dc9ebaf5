"""Encrypting single fields, finding them again, and hashing tokens.

A sealed field is AES-256-GCM (NIST SP 800-38D) under a key of its own for that
table and column, bound by its additional data to table, column, row and key
version: a value moved to another row does not open. All sealed values have one
length, so a length tells nothing. A blind index is HMAC-SHA256 under another
key; only e-mail addresses and phone numbers may have one.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PLAIN_BYTES = 320  # room for the longest e-mail address (254, RFC 5321) and for any name
LENGTH_BYTES = 2
NONCE_BYTES = 12


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation: `data_keys` newest first, `index_key` for good."""

    data_keys: tuple[bytes, ...]
    index_key: bytes

    def seal(self, text, table, column, row):
        """Encrypt `text` for one field of one row. Raises ValueError when it is too long."""
        plain = text.encode()
        if len(plain) > PLAIN_BYTES - LENGTH_BYTES:
            raise ValueError("too long to seal")
        padded = len(plain).to_bytes(LENGTH_BYTES) + plain
        version = len(self.data_keys)
        nonce = os.urandom(NONCE_BYTES)
        box = self._box(version, table, column)
        sealed = box.encrypt(
            nonce, padded.ljust(PLAIN_BYTES, b"\0"), _bound(version, table, column, row)
        )
        return bytes([version]) + nonce + sealed

    def unseal(self, sealed, table, column, row):
        """Decrypt what `seal` made for this field of this row. Raises InvalidTag for any other."""
        version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        box = self._box(version, table, column)
        padded = box.decrypt(bytes(nonce), bytes(body), _bound(version, table, column, row))
        length = int.from_bytes(padded[:LENGTH_BYTES])
        return padded[LENGTH_BYTES : LENGTH_BYTES + length].decode()

    def blind_index(self, value, column):
        """The value to look a field up by without opening it; equal for equal values."""
        key = _derive(self.index_key, f"index:{column}")
        return hmac.digest(key, value.encode(), "sha256")

    @property
    def audit_key(self):
        return _derive(self.index_key, "audit")

    def _box(self, version, table, column):
        # Versions count from the oldest key, so adding a new one in front changes none.
        key = self.data_keys[len(self.data_keys) - version]
        return AESGCM(_derive(key, f"field:{table}.{column}"))


def token():
    """128 random bits for a link, 22 URL-safe characters. Store only its `digest`."""
    return secrets.token_urlsafe(16)


def digest(secret):
    """What we keep of a token: its SHA-256. Tokens are random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _bound(version, table, column, row):
    return "\0".join((table, column, row, str(version))).encode()


@cache
def _derive(key, purpose):
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"allies:{purpose}".encode()).derive(key)
