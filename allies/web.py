"""All that knows htmx, and the only ways into a view: @allow and @public.

A view gets its row already found and permitted. A change runs in one
transaction with its receipt; a browser is then sent on with 303, htmx gets the
part in the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from htmx_flask import request as htmx_request

from allies import fresh, held, policy
from allies.accounts import service as accounts
from allies.alliances.models import coordinates_anywhere
from allies.alliances.words import role_name
from allies.db import atomic
from allies.entrance import SAFE, ask_to_sign_in, check_form, check_sender
from allies.outcomes.words import STATES as OUTCOME_STATES
from allies.receipts import SentForm, keep_receipt, receipt_of
from allies.trouble import wants_part

bp = Blueprint("web", __name__)
bp.add_app_template_filter(role_name, "role")
bp.add_app_template_filter(OUTCOME_STATES.get, "outcome")


@dataclass(frozen=True)
class Done:
    """A change that was made; how it is shown is decided after the commit."""

    view: Callable
    row: Any = None
    part: str | None = None

    @property
    def location(self):
        values = {"id": self.row.id} if self.row is not None else {}
        return url_for(_endpoint(self.view), **values)

    def respond(self):
        if not wants_part() or _takes_forms(self.view):
            return redirect(self.location, 303)
        g.part = self.part
        return call(self.view, self.row)


@dataclass(frozen=True)
class ShownOnce(Done):
    """A change whose answer is a page shown this one time; sent again it leads to `view`."""

    page: str = ""

    def respond(self):
        return self.page


def done(view, row=None, part=None):
    """End a change: show `view` of `row`. Under htmx its part, or the part named here.

    A view of another feature goes by its endpoint: one does not import those of others.
    """
    if isinstance(view, str):
        view = current_app.view_functions[view]
    return Done(view, row, part)


def render(template, part=None, status=200, **context):
    """A page, or under htmx its part with any messages beside it."""
    if wants_part() and (part := g.get("part") or part):
        body = render_template(part, **context)
        return body + render_template("_messages.html", oob=True), status
    return render_template(template, **context), status


def render_form(template, form, **context):
    """The page of a form; 422 when it was sent and something in it is to be mended."""
    return render(template, form=form, status=422 if form.is_submitted() else 200, **context)


def is_shown(address):
    """Is this the page that the browser shows? Under htmx the page its request came from."""
    shown = htmx_request.htmx.current_url
    return not shown or urlsplit(shown).path == address


def current_member(alliance):
    """The membership with which the signed-in user acts in this alliance."""
    return alliance.member(current_user)


def can(action, row=None):
    """May whoever is signed in do this? For templates."""
    return policy.can(current_user, action, row)


def public(view=None, *, has_token=True):
    """A view for everybody, signed in or not. Its forms carry a CSRF token all the same.

    Without `has_token` they need none, for what must always work and does no harm.
    """
    if view is None:
        return partial(public, has_token=has_token)

    @wraps(view)
    def guarded(**values):
        if request.method not in SAFE:
            check_form() if has_token else check_sender()
        result = view(**values)
        return result.respond() if isinstance(result, Done) else result

    return guarded_by("public", guarded)


def allow(action, on=None, poll=False):
    """A view for whoever `policy` allows `action`, on a row of the model `on`.

    Not signed in: to the sign-in page. A row the user can't see: 404, the same
    as a row that isn't there. Seen but not permitted: 403; also for a form that asks
    for a fresh sign-in, with the same form and the question who you are.
    """
    if action not in policy.RULES:
        raise KeyError(f"no rule for {action}")

    def decorate(view):
        @wraps(view)
        def guarded(id=None):
            if not current_user.is_authenticated:
                return ask_to_sign_in(poll)
            current_app.extensions["request_limit"].count(current_user.sign_in.id)
            row = find(on, id) if on else None
            if request.method not in SAFE:
                check_form()
            if not policy.can(current_user, action, row):
                abort(403)
            if request.method not in SAFE and action in policy.FRESH and not fresh.is_proven():
                return fresh.ask()
            if accounts.is_long_unseen(current_user.sign_in) and (
                not poll or coordinates_anywhere(current_user)
            ):
                accounts.touch(current_user.sign_in)
            return call(view, row) if request.method in SAFE else carry_out(view, row)

        return guarded_by(action, guarded, on)

    return decorate


def guarded_by(guard, view, on=None):
    """Mark a view with its guard; create_app refuses to start with one that has none."""
    vars(view).update(guard=guard, on=on)
    return view


def find(model, row_id):
    row = model.visible_to(current_user).where(model.id == row_id).first()
    return row or abort(404)


def call(view, row):
    """Run a view without its guard, which has let this row through."""
    plain = getattr(view, "__wrapped__", view)
    return plain() if row is None else plain(row)


def carry_out(view, row):
    """Run a changing view in one transaction with its receipt; answer a form sent again."""
    form = sent_form(current_user.id, request.path)
    with atomic() as transaction:
        if receipt := receipt_of(form):
            return answer_again(receipt)
        said_before = len(session.get("_flashes", ()))
        result = call(view, row)
        if isinstance(result, Done):
            flashes = session.get("_flashes", [])[said_before:]
            said = "\n".join(text for _category, text in flashes)
            keep_receipt(form, location=result.location, part=result.part or "", message=said)
            held.was_sent(current_user.id, form.key)
        else:
            transaction.rollback()
    return result.respond() if isinstance(result, Done) else result


def sent_form(sender, path):
    """The form at hand, as its receipt knows it."""
    key = request.form.get("once", "")[:64]
    return SentForm(sender, key, path, list(request.form.items(multi=True)))


def answer_again(receipt):
    """The answer to a form that was carried out before: the same page, the same message."""
    if receipt.message:
        flash(receipt.message)
    endpoint, values = current_app.url_map.bind("").match(receipt.location, method="GET")
    view: Any = current_app.view_functions[endpoint]
    row = find(view.on, values["id"]) if view.on else None
    return done(view, row, receipt.part).respond()


def _endpoint(view):
    feature = view.__module__.removeprefix("allies.").split(".")[0]
    return f"{feature}.{view.__name__}"


def _takes_forms(view):
    """Does this view answer a POST itself? Then it can't be asked for its page during one."""
    return any(
        "POST" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(_endpoint(view))
    )
