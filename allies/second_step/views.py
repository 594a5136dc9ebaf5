"""The second step at the sign-in; setting up the code app, and printing codes."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user

from allies import fresh
from allies.accounts import service as accounts
from allies.demo import cast
from allies.entrance import safe_next
from allies.i18n import _, _n
from allies.limits import count_try, forget_tries
from allies.second_step import service
from allies.second_step.forms import CodeAppForm, CodeForm
from allies.second_step.offer import Offer
from allies.signing_in import INCOMPLETE, WAITING, forget_session, waiting_user, welcome
from allies.web import ShownOnce, allow, done, public, render, render_form

bp = Blueprint("second_step", __name__)
TRIES = 6  # wrong codes in 15 minutes; only who knows the passphrase gets to try one


@bp.before_app_request
def complete_first():
    """Whoever has no second step yet makes one before anything else that is not for everybody.

    When it was made elsewhere meanwhile, it is asked here too: this sign-in ends.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if INCOMPLETE not in session or not current_user.is_authenticated:
        return None
    if view is None or vars(view).get("guard") == "public":
        return None
    if service.is_asked(current_user):
        accounts.end_sign_in(current_user.session_token)
        forget_session()
        return redirect(url_for("accounts.sign_in"), 303)
    return None if view is code_app else redirect(url_for("second_step.code_app"), 303)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def code():
    after = safe_next(request.values.get("next", "/"))
    user = waiting_user()
    if user is None:
        return start_again(after)
    form = CodeForm()
    if form.validate_on_submit():
        tries = count_try("second step", {user.id: TRIES}, key=current_app.config["SECRET_KEY"])
        if service.accepts(user, form.code.data):
            forget_tries(tries)
            return arrive(user, after, form)
        form.code.errors = [_("This code does not work. Wait for the next one and type that.")]
    demo_code = shown_code(user)
    return render_form("second_step/code.html", form, after=after, demo_code=demo_code)


def start_again(after):
    if session.pop(WAITING, None):
        flash(_("That took a while. Please sign in once more."))
    return redirect(url_for("accounts.sign_in", next=after if after != "/" else None), 303)


def arrive(user, after, form):
    """Signed in; who used a printed code hears how many are left."""
    is_printed = not service.is_of_app(form.code.data)
    has_app = service.has_app(user)
    where = after if has_app else url_for("second_step.code_app")
    response = welcome(user, where, own_device=form.own_device.data)
    if is_printed:
        left = service.printed_left(user)
        flash(
            _n(
                "You used a printed code. %(num)d is left.",
                "You used a printed code. %(num)d are left.",
                left,
            )
        )
    return response


def shown_code(user):
    """The code to type, for whoever plays somebody in the demonstration; else None."""
    is_demo = current_app.config["ALLIES"].demo and cast.is_played(user)
    return service.next_code(user) if is_demo else None


@bp.route("/account/code-app", methods=["GET", "POST"])
@allow("account.change")
def code_app():
    if request.method == "GET" and not current_user.sign_in.is_fresh:
        return fresh.ask()  # now, not after the code that holds half a minute
    if "code" not in request.form:
        return offer_page(CodeAppForm(formdata=None), Offer.new(current_user.id))
    form = CodeAppForm()
    offer = Offer.read(form.offer.data or "", current_user.id)
    step = offer.step_of(form.code.data) if offer and form.validate() else None
    if step is None:
        form.code.errors = [*form.code.errors] or [why_not(offer)]
        return offer_page(form, offer or Offer.new(current_user.id), status=422)
    service.set_code_app(current_user, offer.secret, step)
    session.pop(INCOMPLETE, None)
    if not service.printed_left(current_user):
        return printed(service.new_printed_codes(current_user), is_first=True)
    flash(_("Your code app works. One that you had before does not any more."))
    return done("accounts.keys")


def why_not(offer):
    if offer is None:
        return _("This took too long. Begin again with this new square.")
    return _("This code does not fit. Is the clock of your phone right? Wait for the next code.")


def offer_page(form, offer, status=200):
    name = current_app.config["ALLIES"].public_name
    return render(
        "second_step/code_app.html",
        status=status,
        form=form,
        offer=offer,
        name=name,
        has_app=service.has_app(current_user),
        is_incomplete=INCOMPLETE in session,
    )


@bp.post("/account/recovery-codes")
@allow("account.change")
def recovery_codes():
    return printed(service.new_printed_codes(current_user))


def printed(codes, *, is_first=False):
    """The page with the new codes: now, and never again."""
    facts = {"codes": codes, "is_first": is_first}
    keys = current_app.view_functions["accounts.keys"]
    return ShownOnce(keys, page=render_template("second_step/printed.html", **facts))
