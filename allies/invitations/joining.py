"""The address of joining: a code, then who you are and how you sign in (PRODUCT 4.7, TRUST T26)."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from allies import fresh
from allies.accounts.models import User
from allies.accounts.service import authenticate, close_sign_ins, set_passphrase
from allies.alliances.models import Role, memberships_of
from allies.db import atomic
from allies.errors import Refused
from allies.i18n import _, current_locale
from allies.invitations import service
from allies.invitations.codes import hash_of
from allies.invitations.forms import CodeForm, NewcomerForm, RulesForm
from allies.invitations.models import Invitation
from allies.invitations.views import bp
from allies.limits import count_try
from allies.passkeys import service as passkeys
from allies.passkeys.asking import NEW, given
from allies.platforms import platform_of
from allies.rights import leaving
from allies.second_step import service as second_step
from allies.signing_in import INCOMPLETE, NEWCOMER, count_sign_in_try, sender_network, welcome
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
    form = NewcomerForm(invitation)
    if form.is_submitted():
        count_form(invitation)
    if form.validate_on_submit():
        try:
            refuse_second_account(invitation, form)
            return arrive(*let_in(invitation, form), own_device=form.own_device.data)
        except Refused as refusal:
            form.credential.data = ""
            form.refuse(refusal)
    return render_form(
        "invitations/join.html",
        form,
        step="newcomer",
        is_way_back=invitation.place_id is not None,
        name=current_app.config["ALLIES"].public_name,
    )


def count_form(invitation):
    """Count a form before it is looked at: weighing a passphrase takes time."""
    limits = {invitation.code_hash: FORMS, sender_network(): FORMS_OF_ALL}
    count_try("join-form", limits, key=current_app.config["SECRET_KEY"])


def refuse_second_account(invitation, form):
    """Two accounts with one address and one passphrase would hide one another. Raises Refused.

    Nobody is signed in here with a passphrase alone, however well it fits.
    """
    if form.brings_passkey:
        return
    count_sign_in_try(form.email.data)
    user = authenticate(form.email.data, form.passphrase.data)
    if user and invitation.place_id and invitation.place.user_id == user.id:
        raise Refused("passphrase", _("This was your passphrase before. Choose a new one."))
    if user:
        raise Refused(
            "passphrase",
            _("You have an account with this already. Sign in first, then type your code again."),
        )


def let_in(invitation, form):
    """The new membership, and the printed codes of whoever chose a passphrase; all or nothing."""
    about = {"name": form.name.data, "email": form.email.data, "phone": form.phone.data}
    with atomic():
        membership = service.join(invitation, **about, locale=current_locale())
        user = User.get_by_id(membership.user_id)
        if form.brings_passkey:
            platform = platform_of(request.headers.get("User-Agent"))
            passkeys.add(user, given(NEW), platform=platform)
            return membership, []
        set_passphrase(user, form.passphrase.data)
        second_step.set_code_app(user, form.app.secret, form.step)
        return membership, second_step.new_printed_codes(user)


def join_again(invitation):
    """Step two for somebody who is signed in: one press. An ally may move house with it."""
    places = places_to_leave(invitation)
    form = RulesForm(places)
    if form.validate_on_submit():
        if session.get(INCOMPLETE):  # a second step first: a new sign-in would forget that
            return redirect(url_for("second_step.code_app"), 303)
        if not fresh.is_proven():  # the new sign-in below counts as one that was proved just now
            return fresh.ask()
        left = next((m for m in places if m.id == form.leave.data), None)
        with atomic():
            membership = service.join_as(invitation, current_user)
            if left:
                leaving.leave(left)
            close_sign_ins(current_user)  # a new role begins with a new sign-in, on every device
        return arrive(membership)
    return render_form(
        "invitations/join.html", form, step="again", invitation=invitation, places=places
    )


def places_to_leave(invitation):
    """The places as an ally that somebody who becomes one elsewhere may give up with it."""
    if invitation.role != Role.ALLY:
        return []
    mine = memberships_of(current_user)
    return [m for m in mine if m.role == Role.ALLY and m.alliance_id != invitation.alliance_id]


def arrive(membership, codes=(), *, own_device=False):
    """To the start page, signed in, with the alias; first to the printed codes, shown this once."""
    user = User.get_by_id(membership.user_id)
    response = welcome(user, url_for("home.show"), own_device=own_device)
    session[NEWCOMER] = True
    flash(_("Welcome. Everybody here knows you as %(alias)s.", alias=membership.alias))
    if codes:
        response.status_code = 200
        del response.headers["Location"]
        facts = {"codes": codes, "is_first": True, "after": url_for("home.show")}
        response.set_data(render_template("second_step/printed.html", **facts))
    return response
