"""The page behind the link in a message (TRUST T15, T16).

Looking never changes anything, so a mail scanner that opens every link answers
for nobody. The page shows a date and three buttons and no more.
"""

import re
from contextlib import nullcontext

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import force_locale
from flask_login import current_user

from allies.alliances.models import Role
from allies.db import atomic, now
from allies.errors import DomainError
from allies.guests import service as guests
from allies.guests.models import Guest
from allies.i18n import _l
from allies.limits import count_try
from allies.meetings import answering
from allies.meetings.models import Answer, Meeting
from allies.notifications.forms import THANKS, AnswerForm
from allies.notifications.models import Link
from allies.people.models import NewEmail
from allies.receipts import keep_receipt, receipt_of
from allies.signing_in import sender_network
from allies.web import public, render, sent_form

bp = Blueprint("notifications", __name__)
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
UNKNOWN_TRIES = 30  # of one network in 15 minutes


@bp.route("/n/<token>", methods=["GET", "POST"])
@public
def follow(token):
    link = find(token)
    if link.new_email_id:
        return proof_page(link, token)
    if link.meeting_id is None:
        return redirect("/", 303)
    with in_language_of(link):
        if request.method == "POST":
            return take_answer(token)
        meeting = meeting_of(link)
        if meeting.is_cancelled:
            return render("notifications/off.html", meeting=meeting)
        return page(meeting, token)


def proof_page(link, token):
    """The button that proves a new address, for whoever is signed in as its owner."""
    if not NewEmail.alive(link.new_email_id):
        abort(404)
    if current_user.is_authenticated and current_user.id == link.membership.user_id:
        return render("people/proof.html", waiting=True, token=token)
    with in_language_of(link):
        return render("people/sign_in_first.html")


def find(token):
    """The link of this token, else the page for everything that is not there.

    Only tries with a well-formed unknown token count. A valid link opens whatever
    others on the same network do; what keeps it from being guessed is its 128 bits.
    """
    if not TOKEN.fullmatch(token):
        abort(404)
    link = Link.behind(token)
    if link is None:
        limits = {sender_network(): UNKNOWN_TRIES}
        count_try("link", limits, key=current_app.config["SECRET_KEY"])
        abort(404)
    return link


def meeting_of(link):
    """The meeting this link answers, until it starts. Who presses just too late is told so."""
    meeting = Meeting.get_or_none(Meeting.id == link.meeting_id)
    if not meeting or meeting.is_draft or not may_answer(link, meeting):
        abort(404)
    if now() >= meeting.starts_at:
        if request.method == "POST":
            raise DomainError(_l("It has started, so you can't change your answer any more."))
        abort(404)
    return meeting


def may_answer(link, meeting):
    """Is who got this link asked for this meeting: as its guest, or as an ally of its alliance?"""
    if link.guest_id:
        here = (Guest.id == link.guest_id) & (Guest.meeting == meeting.id)
        return Guest.select().where(here).exists()
    member = link.membership
    return member.alliance_id == meeting.alliance_id and member.role == Role.ALLY


@atomic
def take_answer(token):
    """Keep the answer to the link and the meeting as they are at this very moment, once a form.

    One that arrives again late undoes no newer answer; one to another day changes nothing.
    """
    link = find(token)
    meeting = meeting_of(link)
    if meeting.is_cancelled:
        raise DomainError(_l("This appointment is not on any more. You need not answer."))
    form = AnswerForm()
    if not form.validate_on_submit():
        return page(meeting, token, form=form, status=422)
    sent = sent_form(link.id, "link")  # not the path: that holds the token
    answer = Answer(form.answer.data)
    if not receipt_of(sent):
        if not form.is_about(meeting):
            return page(meeting, token, has_changed=True, status=409)
        keep_answer(link, meeting, answer)
        keep_receipt(sent)
    flash(str(THANKS[answer]))  # now, in the language of this page
    return redirect(url_for("notifications.follow", token=token), 303)


def keep_answer(link, meeting, answer):
    if link.guest_id:
        guests.answer(Guest.get_by_id(link.guest_id), answer)
    else:
        answering.answer(meeting, by=link.membership, answer=answer)


def page(meeting, token, *, form=None, has_changed=False, status=200):
    return render(
        "notifications/answer.html",
        meeting=meeting,
        token=token,
        form=form or AnswerForm(formdata=None),
        has_changed=has_changed,
        status=status,
    )


def in_language_of(link):
    """The language of the message, unless this browser has chosen one. A guest's is Dutch."""
    chosen = "locale" in session or current_user.is_authenticated
    return nullcontext() if chosen or link.guest_id else force_locale(link.membership.user.locale)
