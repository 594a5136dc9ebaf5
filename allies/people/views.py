"""The addresses of who is at the table, of looks at names and contacts, and of one's own."""

from flask import Blueprint, current_app, flash, render_template, request
from flask_login import current_user

from allies import fresh
from allies.alliances.models import Alliance, Membership, memberships_of
from allies.errors import DomainError, Refused
from allies.i18n import _
from allies.limits import count_try
from allies.notifications.models import Link
from allies.paging import paged
from allies.people import service
from allies.people.forms import ContactForm, EmailForm, RevealForm
from allies.people.words import FIELDS, REASONS
from allies.phone_numbers import readable
from allies.web import ShownOnce, allow, current_member, done, render, render_form

bp = Blueprint("people", __name__)
NEW_ADDRESSES = 5  # in 15 minutes
bp.add_app_template_filter(FIELDS.get, "opened_field")
bp.add_app_template_filter(REASONS.get, "look_reason")
bp.add_app_template_filter(readable, "phone")


@bp.get("/alliances/<id>/members")
@allow("member.list", on=Alliance)
def members(alliance):
    return render("people/members.html", alliance=alliance, members=service.at_the_table(alliance))


@bp.get("/members/<id>")
@allow("member.show", on=Membership)
def member(member):
    return render("people/member.html", member=member, form=RevealForm(formdata=None))


@bp.post("/members/<id>/reveal")
@allow("member.reveal", on=Membership)
def reveal(row):
    form = RevealForm()
    if form.validate_on_submit():
        try:
            value = service.reveal(row, by=current_member(row.alliance), **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            facts = {"member": row, "field": form.field.data, "value": value}
            return ShownOnce(member, row, page=render_template("people/revealed.html", **facts))
    return render_form("people/member.html", form, member=row)


@bp.get("/account/looks")
@allow("account.show")
def looks():
    rows, pages = paged(service.looks_at(current_user), "people.looks")
    memberships = memberships_of(current_user)
    return render("people/looks.html", looks=rows, page=pages, memberships=memberships)


@bp.route("/account/contact", methods=["GET", "POST"])
@allow("account.change")
def contact():
    if request.method == "GET" and not current_user.sign_in.is_fresh:
        return fresh.ask()  # who holds an open phone learns no name or number from it
    if "name" not in request.form:
        own = service.own(current_user)
        return contact_page(ContactForm(None, data=own), EmailForm(formdata=None))
    form = ContactForm(data=service.own(current_user))
    if form.validate_on_submit():
        service.correct(current_user, **form.facts)
        flash(_("Your name and number are noted."))
        return done(contact)
    return contact_page(form, EmailForm(formdata=None))


@bp.post("/account/email")
@allow("account.change")
def email():
    form = EmailForm()
    if form.validate_on_submit():
        # Each of these sends a message to an address of anybody's choice.
        limits = {current_user.id: NEW_ADDRESSES}
        count_try("new-email", limits, key=current_app.config["SECRET_KEY"])
        service.ask_new_email(current_user, form.email.data)
        return done(proof)
    return contact_page(ContactForm(None, data=service.own(current_user)), form)


@bp.route("/account/email/proof", methods=["GET", "POST"])
@allow("account.change")
def proof():
    if request.method == "GET":
        waiting = service.new_email_of(current_user)
        return render("people/proof.html", waiting=waiting, token=None)
    link = Link.behind(request.form.get("token", ""))
    if link is None or link.new_email_id is None:
        raise DomainError(_("This link does not work any more. Ask for a new one."))
    service.prove_new_email(current_user, link.new_email_id)
    flash(_("Your new e-mail address is noted. Use it from now on to sign in."))
    return done(contact)


def contact_page(form, email_form):
    """The page of one's own name and contact; 422 when something in it is to be mended."""
    own = service.own(current_user)
    is_wrong = form.errors or email_form.errors
    return render(
        "people/contact.html",
        own=own,
        form=form,
        email_form=email_form,
        waiting=service.new_email_of(current_user),
        status=422 if is_wrong else 200,
    )
