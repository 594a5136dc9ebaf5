"""Beginning a sign-in in this browser: the steps to it, its cookie, the cookie of an own device."""

from datetime import timedelta

from flask import current_app, redirect, request, session, url_for
from flask_login import current_user, login_user

from allies import held
from allies.accounts import own_devices, service
from allies.accounts.models import SignIn, User
from allies.db import now
from allies.limits import count_try, forget_tries, network_of
from allies.people.models import Identity, normal_email
from allies.platforms import platform_of
from allies.second_step import service as second_step

WAITING = "waiting"  # in the cookie: who gave the right passphrase, when, and which it was
PATIENCE = timedelta(minutes=5)  # between the two steps
INCOMPLETE = "incomplete"  # in the cookie: an account that has no second step yet
NEWCOMER = "newcomer"  # in the cookie: somebody who just joined has not seen the start page yet
OF_ACCOUNT, OF_NETWORK, OF_OWNER = 10, 60, 10  # wrong tries in 15 minutes


def take_first_step(user, after):
    """The passphrase was right: sign in on an own device, else ask for the second step.

    Whoever has none yet is let in, to make one before anything else.
    """
    if own_device_of(user):
        return welcome(user, after)
    if not second_step.is_asked(user):
        response = welcome(user, url_for("second_step.code_app"))
        session[INCOMPLETE] = True
        return response
    session[WAITING] = [user.id, int(now().timestamp()), service.fingerprint(user)]
    return redirect(url_for("second_step.code", next=after if after != "/" else None), 303)


def waiting_user():
    """Who gave the right passphrase here less than five minutes ago, or None.

    Nobody when it was changed since: then what somebody knew is worth nothing any more.
    """
    user_id, since, passphrase = session.get(WAITING, ("", 0, ""))
    if not 0 <= now().timestamp() - since <= PATIENCE.total_seconds():
        return None
    user = User.get_or_none(User.id == user_id, User.disabled_at.is_null())
    return user if user and service.fingerprint(user) == passphrase else None


def welcome(user, after, *, own_device=False):
    """Begin a sign-in with a cookie of its own.

    Of an earlier session the language stays, and what its user had not sent yet (see `held`).
    With `own_device` this browser is kept as one of the user's own, unless it is already.
    """
    kept = held.keepsakes(user)
    if current_user.is_authenticated:
        service.end_sign_in(current_user.session_token)
    forget_session()
    session.update(kept)
    response = redirect(after, 303)
    platform = platform_of(request.headers.get("User-Agent"))
    device = own_device_of(user)
    if own_device and not device:
        before = device_secret()
        secret, device = own_devices.mark(user, platform=platform, instead_of=before)
        keep_device(response, secret)
    user.session_token = service.start_sign_in(user, device=device, platform=platform)
    login_user(user)
    session.permanent = True
    return response


def renew():
    """Note that whoever is signed in showed it just now, with a new cookie; the old one is dead."""
    login_user(SignIn.user_of(service.renew_sign_in(current_user.sign_in)))


def forget_session():
    """Empty the cookie of this browser, but for the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def device_cookie():
    """The name of the cookie of an own device; over https no other host can set it."""
    return "__Host-phone" if current_app.config["ALLIES"].is_https else "phone"


def device_secret():
    """What this browser holds as somebody's own device, or ""."""
    return request.cookies.get(device_cookie(), "")


def own_device_of(user):
    """This browser as a device of this user's own, or None; somebody else's counts for nothing."""
    secret = device_secret()
    device = own_devices.known(secret) if secret else None
    return device if device and device.user_id == user.id else None


def keep_device(response, secret):
    response.set_cookie(
        device_cookie(),
        secret,
        max_age=own_devices.VALID,
        secure=current_app.config["ALLIES"].is_https,
        httponly=True,
        samesite="Lax",
    )


def drop_device(response):
    """Take the cookie of an own device away, for browsers that don't know Clear-Site-Data."""
    response.delete_cookie(device_cookie(), secure=current_app.config["ALLIES"].is_https)


def sign_in_by_passphrase(email, passphrase):
    """The user with this address and passphrase, or None. Raises TooMany (TRUST T22).

    On an own device its owner's tries count apart, so no stranger can use them up; they are
    tries at the passphrase of that owner and of nobody else in the mailbox.
    """
    owner = owner_here(email)
    if owner:
        tries = count_owner_try(owner)
        if service.knows_passphrase(owner, passphrase):
            forget_tries(tries)
            return owner
        if len(Identity.users_with_email(email)) == 1:
            return None  # nobody else to be: no try that others could be kept out with
    tries = count_sign_in_try(email)
    user = service.authenticate(email, passphrase)
    if user:
        forget_tries(tries)
    return user


def owner_here(email):
    """Whose own device this is, when the address typed is theirs; else None."""
    secret = device_secret()
    device = own_devices.known(secret) if secret else None
    if device is None or device.user.disabled_at:
        return None
    return device.user if device.user in Identity.users_with_email(email) else None


def count_owner_try(owner):
    limits = {f"owner {owner.id}": OF_OWNER}
    return count_try("sign-in", limits, key=current_app.config["SECRET_KEY"])


def count_sign_in_try(email):
    """Count one try at a passphrase from anywhere. Raises TooMany.

    There is no limit for everybody together: a stranger could use that up for all.
    """
    limits = {f"account {normal_email(email)}": OF_ACCOUNT, sender_network(): OF_NETWORK}
    return count_try("sign-in", limits, key=current_app.config["SECRET_KEY"])


def sender_network():
    """The network this request comes from."""
    return network_of(request.remote_addr or "127.0.0.1")
