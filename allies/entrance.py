"""At the door: is a form from a page of ours, who signs in first, and where to after that."""

from urllib.parse import urlsplit

from flask import abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from allies import held
from allies.i18n import _
from allies.signing_in import sender_network
from allies.trouble import trouble, typed_text, wants_part

SAFE = {"GET", "HEAD", "OPTIONS"}
STOP_POLLING = 286


def check_form():
    """Refuse files, a form another site made this browser send, or one whose token is stale."""
    check_sender()
    current_app.extensions["csrf"].protect()


def check_sender():
    """The same but for the token."""
    if request.mimetype == "multipart/form-data":
        abort(415)
    if "Transfer-Encoding" in request.headers:  # of no known length, it is cut off in silence
        abort(411)
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin and urlsplit(origin).netloc != request.host):
        abort(403)


def safe_next(path, *, allow_public=False):
    """The page of ours that `path` names, else the start page (TRUST T33).

    The address is built anew from the page found, never passed on as it came.
    """
    try:
        endpoint, values = current_app.url_map.bind("").match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return "/"
    is_public = getattr(current_app.view_functions[endpoint], "guard", None) == "public"
    return url_for(endpoint, **values) if allow_public or not is_public else "/"


def ask_to_sign_in(poll):
    """The answer to whoever is not signed in; a form they sent is held for them where it can be."""
    if poll:
        return render_template("_signed_out.html"), STOP_POLLING
    if request.method in SAFE:
        return redirect(url_for("accounts.sign_in", next=request.path), 303)
    check_sender()
    if held.hold(sender_network()):
        return held.ask_to_come_back()
    if wants_part() or typed_text():
        return trouble(
            401,
            _("You are signed out"),
            _("Sign in in another tab, then send this again. Your text is still here."),
        )
    return redirect(url_for("accounts.sign_in"), 303)
