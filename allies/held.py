"""What somebody sent after their sign-in had lapsed, kept until they are back (PRODUCT 4.7).

It is sealed with a random key that only the cookie of this browser holds, names nobody
outside its seal, and goes after 15 minutes. Whoever else signs in here ends it at once.
"""

import json
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app, flash, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError

from allies import policy
from allies.accounts.models import HeldForm, SignIn
from allies.crypto import NONCE_BYTES, digest
from allies.db import atomic, now
from allies.errors import TooMany
from allies.forms import new_once
from allies.i18n import _
from allies.limits import count_try
from allies.trouble import sent_fields, trouble, typed_text, wants_part

COOKIE = "held"  # in the session: {key: moment it ends, in seconds}
TERM = timedelta(minutes=15)
AT_ONCE = 3  # in one browser; the cookie must stay small
OF_A_NETWORK = 20  # in 15 minutes
SECRETS = ("code", "credential", "passphrase", "proof")  # in the name of a field: never kept


@dataclass(frozen=True)
class Held:
    """A form that waits: for which user, to where, with which (name, value) pairs."""

    key: str
    user_id: str
    path: str
    fields: list

    @property
    def id(self):
        return digest(self.key)

    @property
    def once(self):
        return next(value for name, value in self.fields if name == "once")

    @property
    def texts(self):
        return typed_text(self.fields)


def hold(network):
    """Keep the form at hand, which came from our own site.

    False when nobody was signed in here, when it was not drawn for this very browser,
    when it holds no text, or when too much is held already.
    """
    user_id = lapsed_user_id()
    fields = [(k, v) for k, v in sent_fields() if not any(word in k for word in SECRETS)]
    if user_id is None or not typed_text(fields) or not is_drawn_here() or is_harmful():
        return False
    if "once" not in dict(fields):
        fields.append(("once", new_once()))
    if any(each.once == dict(fields)["once"] for each in waiting(user_id)):
        return True  # pressed twice
    return is_room(network) and keep(user_id, fields)


def is_harmful():
    """Would this form do something that asks who you are? Nobody sends that by one press later."""
    view = current_app.view_functions[request.endpoint or ""]
    return getattr(view, "guard", None) in policy.FRESH


def ask_to_come_back():
    """The answer to a form that is held: sign in, then it can be sent."""
    sign_in = url_for("accounts.sign_in", next=url_for("accounts.unsent"))
    title, text = (
        _("You are signed out"),
        _("We keep your text for 15 minutes. It is not sent yet."),
    )
    if wants_part():
        return trouble(401, title, text, link=(_("Sign in"), sign_in))
    flash(f"{title}. {text}")
    return redirect(sign_in, 303)


def is_drawn_here():
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return False
    return True


def is_room(network):
    if len(live_keys()) >= AT_ONCE:
        return False
    try:
        count_try("held", {network: OF_A_NETWORK}, key=current_app.config["SECRET_KEY"])
    except TooMany:
        return False
    return True


@atomic
def keep(user_id, fields):
    HeldForm.delete().where(HeldForm.ends_at <= now()).execute()
    key, ends_at = secrets.token_urlsafe(32), now() + TERM
    row_id, nonce = digest(key), secrets.token_bytes(NONCE_BYTES)
    said = json.dumps([user_id, request.path, fields]).encode()
    sealed = nonce + _box(key).encrypt(nonce, said, row_id.encode())
    HeldForm.create(id=row_id, sealed=sealed, ends_at=ends_at)
    session[COOKIE] = {**live_keys(), key: int(ends_at.timestamp())}
    return True


def waiting(user_id):
    """The forms that wait in this browser for this user, the oldest first."""
    keys = {digest(key): key for key in live_keys()}
    if not keys:
        return []
    rows = HeldForm.select().where(HeldForm.id.in_(list(keys)), HeldForm.ends_at > now())
    opened = (_open(row, keys[row.id]) for row in rows.order_by(HeldForm.ends_at))
    return [held for held in opened if held and held.user_id == user_id]


def is_waiting():
    """May something be waiting here? Asks the cookie only."""
    return bool(live_keys())


@atomic
def let_go(keys):
    """Destroy what these keys open."""
    HeldForm.delete().where(HeldForm.id.in_([digest(key) for key in keys])).execute()
    session[COOKIE] = {k: end for k, end in live_keys().items() if k not in keys}


def let_go_all():
    """Destroy everything that waits in this browser."""
    if COOKIE in session:
        let_go(list(session[COOKIE]))
        session.pop(COOKIE)


def was_sent(user_id, once):
    """This form was carried out: what was held of it can go."""
    if is_waiting() and once:
        let_go([each.key for each in waiting(user_id) if each.once == once])


def keepsakes(user):
    """What of this browser's session stays when `user` signs in; what waits for others is let go.

    The token of the forms stays for whoever was signed in here before, so that a page
    that stands open in another tab can still be sent.
    """
    mine = [held.key for held in waiting(user.id)]
    if others := [key for key in session.get(COOKIE, {}) if key not in mine]:
        let_go(others)
    names = {COOKIE} | ({"csrf_token"} if lapsed_user_id() == user.id else set())
    return {name: session[name] for name in names if session.get(name)}


def lapsed_user_id():
    """The id of the user whose sign-in this cookie still names, lapsed or not, else None."""
    secret = session.get("_user_id")
    known = SignIn.get_or_none(SignIn.id == digest(secret)) if secret else None
    return known and known.user_id


def live_keys():
    moment = now().timestamp()
    return {key: end for key, end in session.get(COOKIE, {}).items() if end > moment}


def _open(row, key):
    sealed = bytes(row.sealed)
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        said = _box(key).decrypt(nonce, body, row.id.encode())
    except (InvalidTag, ValueError):
        return None
    user_id, path, fields = json.loads(said)
    return Held(key, user_id, path, [tuple(pair) for pair in fields])


def _box(key):
    return AESGCM(urlsafe_b64decode(key + "="))  # 32 bytes, without their padding
