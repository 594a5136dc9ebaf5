"""Beginning a sign-in in this browser: by passphrase, by joining, in the demo by one press."""

from flask import current_app, redirect, request, session
from flask_login import current_user, login_user

from allies.accounts import service
from allies.limits import count_try, network_of


def welcome(user, after):
    """Begin a sign-in with a cookie of its own; of an earlier session only the language stays."""
    if current_user.is_authenticated:
        service.end_sign_in(current_user.session_token)
    forget_session()
    user.session_token = service.start_sign_in(user)
    login_user(user)
    session.permanent = True
    return redirect(after, 303)


def forget_session():
    """Empty the cookie of this browser, but for the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def count_sign_in_try(email):
    """Count one try at a passphrase. Raises TooMany (TRUST T22).

    There is no limit for everybody together: a stranger could use it up for all.
    """
    account, network = email.lower(), sender_network()
    limits = {f"{account} from {network}": 10, account: 20, network: 60}
    return count_try("sign-in", limits, key=current_app.config["SECRET_KEY"])


def sender_network():
    """The network this request comes from."""
    return network_of(request.remote_addr or "127.0.0.1")
