"""Asking a browser for a passkey: the challenge in its cookie, and what it sent for that.

What a phone shows in its list of passkeys is the public name and a day: nothing
about the person or the group (PRODUCT 4.7).
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app, request, session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from allies.config import LOCAL_HOSTS
from allies.db import now
from allies.i18n import day, today
from allies.passkeys.models import Passkey
from allies.passkeys.service import ALGORITHMS, VALID, Answer

NEW, KNOWN = "new", "known"  # a passkey to make, or one to show; each has a challenge of its own
CHALLENGE_BYTES = 32
LONGEST = 8_000  # characters of an answer; an honest one has some hundreds
USUAL_PORTS = {"https": 443, "http": 80}
PATIENCE = int(VALID.total_seconds() * 1000)  # how long the browser waits for its user, in ms


def options(kind, user):
    """What the browser's passkey function wants, as a dictionary for JSON; notes the challenge."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session[_place(kind)] = [bytes_to_base64url(challenge), int(now().timestamp())]
    make = _options_for_new if kind == NEW else _options_for_known
    return json.loads(options_to_json(make(challenge, _passkeys_of(user))))


def given(kind, field="credential"):
    """What this form brings for the challenge that its browser was given less than 5 min ago."""
    encoded, at = session.get(_place(kind), ("", 0))
    is_recent = timedelta() <= now() - datetime.fromtimestamp(at, UTC) < VALID
    return Answer(
        credential=request.form.get(field, "")[:LONGEST],
        challenge=base64url_to_bytes(encoded) if is_recent else b"",
        rp_id=rp_id(),
        origins=tuple(_origins()),
    )


def rp_id():
    """The host that passkeys are bound to, as the settings name it."""
    return urlsplit(current_app.config["ALLIES"].base_url).hostname


def _options_for_new(challenge, known):
    name = f"{current_app.config['ALLIES'].public_name}, {day(today())}"
    return generate_registration_options(
        rp_id=rp_id(),
        rp_name=current_app.config["ALLIES"].public_name,
        user_name=name,
        user_id=secrets.token_bytes(16),  # names nobody: what we know them by is the passkey
        challenge=challenge,
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=known,
        supported_pub_key_algs=ALGORITHMS,
    )


def _options_for_known(challenge, known):
    return generate_authentication_options(
        rp_id=rp_id(),
        challenge=challenge,
        timeout=PATIENCE,
        allow_credentials=known,
        user_verification=UserVerificationRequirement.REQUIRED,
    )


def _passkeys_of(user):
    """The user's own, for a browser to offer or to leave out; none before the sign-in."""
    mine = Passkey.visible_to(user) if user.is_authenticated else ()
    return [PublicKeyCredentialDescriptor(id=bytes(p.credential_id)) for p in mine]


def _origins():
    """Where an answer may come from: our address, and in a demonstration on any port of it."""
    settings = current_app.config["ALLIES"]
    parts = urlsplit(settings.base_url)
    is_usual = parts.port in {None, USUAL_PORTS[parts.scheme]}  # browsers leave that one out
    yield f"{parts.scheme}://{parts.hostname}" + ("" if is_usual else f":{parts.port}")
    if settings.is_local and urlsplit(request.host_url).hostname in LOCAL_HOSTS:
        yield request.host_url.rstrip("/")


def _place(kind):
    return f"challenge-{kind}"
