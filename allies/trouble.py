"""What somebody sees when something did not go through, with what they typed kept."""

import logging
from itertools import islice
from math import ceil

from flask import current_app, render_template, request
from flask_wtf.csrf import CSRFError
from htmx_flask import request as htmx_request
from peewee import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from allies.db import BUSY_SECONDS, is_busy
from allies.errors import DomainError, TooMany, kind_and_place
from allies.i18n import _l, _n
from allies.receipts import PROOFS

log = logging.getLogger(__name__)

MOST_FIELDS = 40  # no form of ours has more; a stranger could send thousands to be drawn
KEEP_FROM = 20  # code points: a longer field, or one with a space, was typed, not chosen
NEVER_SHOWN = {"csrf_token", *PROOFS}
NOT_TYPED = {"once", "credential", "offer"}  # what a page puts in its own forms
TEXTS = {
    400: (_l("That did not arrive well"), _l("Please go back and try it again.")),
    403: (_l("This is not for you to do"), _l("This page is not for your role.")),
    405: (_l("That does not work here"), _l("Please go back and try it again.")),
    413: (_l("That is too much text"), _l("Go back: your text is still there. Make it shorter.")),
    415: (_l("Files can't be sent"), _l("Only text can be sent here.")),
}
STALE = (
    _l("This page was open for a long time"),
    _l("Nothing is lost. Please send it again."),
)
OPEN_AGAIN = _l("Your text is still here. Copy it, open this page again and send it there.")
BUSY = (_l("It is very busy"), _l("Your text is still here. Wait a moment, then send it again."))
SLOW_DOWN = _l("That was a lot at once")
TOO_LATE = _l("That is not possible any more")
BROKEN = (_l("Something went wrong with us"), _l("It is not your fault. Please try again later."))


def init(app):
    """Answer every error with one calm page, or under htmx with a message."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(CSRFError, stale)
    app.register_error_handler(
        DomainError, lambda error: trouble(409, TOO_LATE, error.args[0], resend=False)
    )
    app.register_error_handler(TooMany, too_often)
    app.register_error_handler(OperationalError, database_trouble)
    app.register_error_handler(HTTPException, http_trouble)
    app.register_error_handler(Exception, unexpected)


def trouble(status, title, text, *, resend=True, wait=BUSY_SECONDS, link=None):
    """The answer: under htmx a message beside the form, else a page that offers to send again.

    `wait` (seconds) is told to the browser with 429 and 503. `link` is (words, address)
    of where to go on from the message.
    """
    headers = {"Retry-After": str(wait)} if status in {429, 503} else {}
    if status == 413:
        headers["Connection"] = "close"  # the rest of the body is still on its way
    if wants_part():
        headers |= {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"}
        return render_template("_trouble.html", title=title, text=text, link=link), status, headers
    kept = sent_fields() if resend else []
    facts = {"title": title, "text": text, "kept": kept, "typed": typed_text(), "link": link}
    page = render_template("trouble.html", needs_sign_in=status == 401, **facts)
    return page, status, headers


def typed_text(fields=None):
    """The texts somebody wrote in these fields, or in the form at hand: no answer loses them."""
    fields = sent_fields() if fields is None else fields
    return [v for k, v in fields if k not in NOT_TYPED and (len(v) > KEEP_FROM or " " in v)]


def sent_fields():
    """The (name, value) pairs of this form that may be shown again; none when it was too big."""
    try:
        sent = request.form.items(multi=True) if request.method == "POST" else ()
    except RequestEntityTooLarge:
        return []
    shown = ((name, value) for name, value in sent if not never_shown(name))
    return list(islice(shown, MOST_FIELDS))


def never_shown(name):
    return name in NEVER_SHOWN or "passphrase" in name


def wants_part():
    """Does htmx ask for a part of the page that is open? Not when it restores a whole one."""
    htmx = htmx_request.htmx
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def not_found(error):
    """One static page for everything you may not see: the same bytes for everybody."""
    return render_template("not_found.html"), 404


def stale(error):
    """The form was drawn before somebody signed in here. A part of a page stays as it was drawn,
    so sending it again would not help."""
    title, text = STALE
    return trouble(400, title, OPEN_AGAIN if wants_part() else text)


def http_trouble(error):
    if isinstance(error, SecurityError):  # a foreign Host header: we have no page there
        return "Bad request", 400
    if error.code is None or error.code < 400:
        return error
    title, text = TEXTS.get(error.code, TEXTS[400])
    return trouble(error.code, title, text, resend=False)


def too_often(error):
    minutes = ceil(error.retry_after / 60)
    text = _n("Try again in %(num)d minute.", "Try again in %(num)d minutes.", minutes)
    return trouble(429, SLOW_DOWN, text, resend=bool(typed_text()), wait=error.retry_after)


def database_trouble(error):
    return trouble(503, *BUSY) if is_busy(error) else unexpected(error)


def unexpected(error):
    if current_app.testing:
        raise error
    log.error("%s in %s", kind_and_place(error), request.endpoint)
    return trouble(500, *BROKEN)
