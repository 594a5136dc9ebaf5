"""The address of joining: a code, then who you are (PRODUCT 4.7, TRUST T26)."""

from flask import current_app, flash, redirect, request, session, url_for
from flask_login import current_user

from allies.accounts.models import User
from allies.accounts.service import authenticate, end_sign_in
from allies.db import atomic
from allies.i18n import _, current_locale
from allies.invitations import service
from allies.invitations.codes import hash_of
from allies.invitations.forms import CodeForm, NewcomerForm, RulesForm
from allies.invitations.models import Invitation
from allies.invitations.views import bp
from allies.limits import count_try
from allies.signing_in import count_sign_in_try, sender_network, welcome
from allies.web import public, render_form

ENTERED = "entered"  # in the cookie: the hash of the code that was typed, nothing else
WRONG_CODES = 20  # from one network in 15 minutes
FORMS, FORMS_OF_ALL = 20, 100  # with one code, and from one network, in 15 minutes


@bp.route("/join", methods=["GET", "POST"])
@public
def join():
    if "code" in request.form:
        return enter_code()
    invitation = Invitation.open_with(session.get(ENTERED, ""))
    if invitation is None:
        form = CodeForm(formdata=None)
        return refuse_code(form) if request.method == "POST" else code_page(form)
    return join_again(invitation) if current_user.is_authenticated else join_first(invitation)


def enter_code():
    """Step one: a code that works leads to step two. Only one that doesn't counts as a try."""
    form = CodeForm()
    if not form.validate():
        return code_page(form)
    code_hash = hash_of(form.code.data)
    with atomic() as transaction:
        limits = {sender_network(): WRONG_CODES}
        count_try("join", limits, key=current_app.config["SECRET_KEY"])
        invitation = Invitation.open_with(code_hash)
        if invitation:
            transaction.rollback()
    if invitation is None:
        return refuse_code(form)
    session[ENTERED] = code_hash
    return redirect(url_for("invitations.join"), 303)


def refuse_code(form):
    """One answer for a code that is wrong, used, withdrawn or too old."""
    form.code.errors = [_("This code does not work. Look at it again, or ask for a new one.")]
    return code_page(form)


def code_page(form):
    return render_form("invitations/join.html", form, step="code")


def join_first(invitation):
    """Step two for somebody without an account here, or who is not signed in to it."""
    form = NewcomerForm()
    if form.is_submitted():
        count_form(invitation)
    if form.validate_on_submit():
        count_sign_in_try(form.email.data)
        user = authenticate(form.email.data, form.passphrase.data)
        if user:  # the same person in one more alliance: two accounts would hide one another
            return arrive(service.join_as(invitation, user))
        about = {"name": form.name.data, "email": form.email.data, "locale": current_locale()}
        return arrive(service.join(invitation, passphrase=form.passphrase.data, **about))
    return render_form("invitations/join.html", form, step="newcomer")


def count_form(invitation):
    """Count a form before it is looked at: weighing a passphrase takes time."""
    limits = {invitation.code_hash: FORMS, sender_network(): FORMS_OF_ALL}
    count_try("join-form", limits, key=current_app.config["SECRET_KEY"])


def join_again(invitation):
    """Step two for somebody who is signed in: one press."""
    form = RulesForm()
    if form.validate_on_submit():
        membership = service.join_as(invitation, current_user)
        end_sign_in(current_user.session_token)  # a new role begins with a new sign-in
        return arrive(membership)
    return render_form("invitations/join.html", form, step="again", invitation=invitation)


def arrive(membership):
    """To the start page, signed in, with the alias that was drawn."""
    response = welcome(User.get_by_id(membership.user_id), url_for("home.show"))
    flash(_("Welcome. Everybody here knows you as %(alias)s.", alias=membership.alias))
    return response
