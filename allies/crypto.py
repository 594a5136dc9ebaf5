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
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PLAIN_BYTES = 320  # room for the longest e-mail address (254, RFC 5321) and for any name
LENGTH_BYTES = 2
NONCE_BYTES, TAG_BYTES = 12, 16
SEALED_BYTES = 1 + NONCE_BYTES + PLAIN_BYTES + TAG_BYTES
MOST_KEYS = 255  # the version is one byte


@dataclass
class Keyring:
    """The keys of one installation: `data_keys` newest first, `index_key` for good.

    `reload` reads the data keys anew: it is asked when a value is younger than the
    newest key here, because they were replaced while this program ran.
    """

    data_keys: tuple[bytes, ...]
    index_key: bytes
    reload: Callable[[], tuple[bytes, ...]] | None = None

    @property
    def newest(self):
        """The version of the newest key; they count from the oldest, 1."""
        return len(self.data_keys)

    def seal(self, text, table, column, row, *, version=None):
        """Encrypt `text` for one field of one row. Raises ValueError when it is too long."""
        plain = text.encode()
        if len(plain) > PLAIN_BYTES - LENGTH_BYTES:
            raise ValueError("too long to seal")
        padded = (len(plain).to_bytes(LENGTH_BYTES) + plain).ljust(PLAIN_BYTES, b"\0")
        return self._encrypted(padded, version or self.newest, table, column, row)

    def unseal(self, sealed, table, column, row):
        """Decrypt what `seal` made for this field of this row. Raises InvalidTag for any other."""
        padded = self._decrypted(sealed, table, column, row)
        length = int.from_bytes(padded[:LENGTH_BYTES])
        return padded[LENGTH_BYTES : LENGTH_BYTES + length].decode()

    def reseal(self, sealed, table, column, row):
        """The same value under the newest key. Raises InvalidTag like `unseal`."""
        padded = self._decrypted(sealed, table, column, row)
        return self._encrypted(padded, self.newest, table, column, row)

    def fits(self, sealed, table, column, row):
        """Was this sealed with these keys, for this field of this row?"""
        try:
            self._decrypted(sealed, table, column, row)
        except InvalidTag:
            return False
        return True

    def blind_index(self, value, column):
        """The value to look a field up by without opening it; equal for equal values."""
        key = _derive(self.index_key, f"index:{column}")
        return hmac.digest(key, value.encode(), "sha256")

    @property
    def audit_key(self):
        return _derive(self.index_key, "audit")

    def _encrypted(self, padded, version, table, column, row):
        nonce, bound = os.urandom(NONCE_BYTES), _bound(version, table, column, row)
        return (
            bytes([version])
            + nonce
            + self._box(version, table, column).encrypt(nonce, padded, bound)
        )

    def _decrypted(self, sealed, table, column, row):
        if len(sealed) != SEALED_BYTES:
            raise InvalidTag
        version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if version > self.newest and self.reload:
            self._take(self.reload())
        if not 0 < version <= self.newest:
            raise InvalidTag
        box, bound = self._box(version, table, column), _bound(version, table, column, row)
        return box.decrypt(bytes(nonce), bytes(body), bound)

    def _take(self, keys):
        """Go on with these keys, when they are ours with new ones in front."""
        if keys[-self.newest :] == self.data_keys:
            self.data_keys = keys

    def _box(self, version, table, column):
        # Versions count from the oldest key, so adding a new one in front changes none.
        key = self.data_keys[-version]
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
