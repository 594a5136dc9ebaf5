"""A phone with a passkey, in software: what a test changes in it, a thief would change too."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40
ES256, P256 = -7, 1


@dataclass
class Phone:
    """One passkey. `count` goes up by one with every answer, unless a test sets it."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    raw_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, challenge):
        """The credential of a new passkey, as a page sends it."""
        about = self.raw_id, self._public_key()
        attested = bytes(16) + len(about[0]).to_bytes(2) + about[0] + about[1]
        data = self._data(self.flags | NEW_KEY) + attested
        sealed = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", challenge)
        return self._written(clientDataJSON=client, attestationObject=sealed)

    def show(self, challenge):
        """The credential with which this passkey signs in."""
        self.count += 1
        data = self._data(self.flags)
        client = self._client("webauthn.get", challenge)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._written(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags):
        return (
            hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)
        )

    def _client(self, kind, challenge):
        facts = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(facts).encode()

    def _public_key(self):
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32), point.y.to_bytes(32)
        return cbor2.dumps({1: 2, 3: ES256, -1: P256, -2: x, -3: y})

    def _written(self, **response):
        encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
        raw_id = bytes_to_base64url(self.raw_id)
        return json.dumps(
            {"id": raw_id, "rawId": raw_id, "type": "public-key", "response": encoded}
        )
