"""The addresses of quick advice."""

from flask import Blueprint, flash, request
from flask_login import current_user

from allies.advice import service
from allies.advice.forms import AnswerForm, RoundForm
from allies.advice.models import Round
from allies.advice.words import MOODS
from allies.alliances.models import Alliance, Role, shown_memberships
from allies.errors import DomainError, Refused
from allies.i18n import _
from allies.outcomes.forms import OutcomeForm
from allies.paging import paged
from allies.trouble import wants_part
from allies.web import allow, current_member, done, find, render, render_form

bp = Blueprint("advice", __name__)
bp.add_app_template_filter(MOODS.get, "mood")
NOTHING_NEW = ("", 204)
ROUND, ANSWER = "advice/_round.html", "advice/_answer.html"


@bp.app_template_filter()
def mood_counts(tally):
    """(label, count) of every mood."""
    return [(MOODS[mood], count) for mood, count in tally.moods]


@bp.get("/advice")
@allow("advice.list")
def index():
    rounds, pages = paged(Round.listed_for(current_user), "advice.index")
    return render(
        "advice/index.html", memberships=shown_memberships(current_user), rounds=rounds, page=pages
    )


@bp.get("/advice/<id>")
@allow("advice.show", on=Round)
def show(round):
    return page(round)


@bp.get("/advice/<id>/board")
@allow("advice.poll", on=Round, poll=True)
def board(round):
    if request.args.get("seen", type=int) == round.version:
        return NOTHING_NEW
    if round.is_over and wants_part():  # the answer form above it has ended too
        return in_place(round, page(round))
    return render("advice/_board.html", round=round)


@bp.route("/alliances/<id>/advice/new", methods=["GET", "POST"])
@allow("advice.new", on=Alliance)
def new(alliance):
    form = RoundForm()
    if request.method == "GET" and not service.has_room(alliance):
        return render("advice/full.html", alliance=alliance)
    if form.validate_on_submit():
        try:
            round = service.ask(alliance, by=current_member(alliance), **form.facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(
                _("A coordinator of the other organisation gets a message.")
                if round.is_draft
                else _("Your question is open. All allies get a message now.")
            )
            return done(show, round)
    organisation = current_member(alliance).organisation
    needs_key = bool(service.other_keys(alliance, organisation))
    return render_form("advice/new.html", form, alliance=alliance, needs_key=needs_key)


@bp.post("/advice/<id>/confirm")
@allow("advice.confirm", on=Round)
def confirm(round):
    service.confirm(round, by=current_member(round.alliance))
    flash(_("The question is open. All allies get a message now."))
    return done(show, round, part=ROUND)


@bp.post("/advice/<id>/withdraw")
@allow("advice.withdraw", on=Round)
def withdraw(round):
    service.withdraw(round, by=current_member(round.alliance))
    flash(_("The question is withdrawn."))
    return done(index)


@bp.post("/advice/<id>/answer")
@allow("advice.answer", on=Round)
def answer(round):
    form = AnswerForm.of(round)
    try:
        service.must_be_open(round)
        if not form.validate_on_submit():
            return page(round, form=form, status=422, part=ANSWER)
        service.answer(round, by=current_member(round.alliance), **form.facts)
    except DomainError:
        if not wants_part():
            raise
        return too_late(find(Round, round.id), form)
    if not wants_part():  # the part says so itself, where it was sent
        flash(_("Thank you, your advice is on the board."))
    return done(show, round, part=ANSWER)


@bp.post("/advice/<id>/close")
@allow("advice.close", on=Round)
def close(round):
    service.close(round, by=current_member(round.alliance))
    flash(_("The question is closed. Tell the allies what was done with it within three days."))
    return done(show, round, part=ROUND)


@bp.post("/advice/<id>/outcome")
@allow("advice.outcome", on=Round)
def outcome(round):
    form = OutcomeForm()
    if not form.validate_on_submit():
        return page(round, outcome_form=form, status=422)
    by = current_member(round.alliance)
    service.give_outcome(round, by=by, state=form.state.data, text=form.text.data)
    flash(_("Everybody who was asked gets a message."))
    return done(show, round, part=ROUND)


def too_late(round, form):
    """The round as it stands now, in the place of a form that came too late; its text is kept."""
    return in_place(round, page(round, late=form, status=409))


def in_place(round, answer):
    """This answer (body, status) in the place of the whole round, whatever htmx asked for."""
    return *answer, {"HX-Retarget": f"#round-{round.id}", "HX-Reswap": "outerHTML"}


def page(round, *, form=None, outcome_form=None, late=None, status=200, part=ROUND):
    """The page of a round, also when something on it could not be carried out."""
    member = current_member(round.alliance)
    mine = round.answer_of(member) if member.role == Role.ALLY else None
    return render(
        "advice/show.html",
        part=part,
        status=status,
        round=round,
        member=member,
        mine=mine,
        late=late,
        form=form or AnswerForm.of(round, formdata=None, obj=mine),
        outcome_form=outcome_form or OutcomeForm(formdata=None),
    )
