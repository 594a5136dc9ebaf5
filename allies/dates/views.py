"""The addresses of finding a date: asking, answering, picking."""

from datetime import timedelta

from flask import Blueprint, abort, flash, request, url_for
from flask_login import current_user

from allies.alliances.models import Alliance
from allies.dates import almanac, ending, service
from allies.dates.counting import to_come
from allies.dates.forms import FITS, AskForm, PickForm, answer_form
from allies.dates.hints import CLOSE, hints_for, unknown_years
from allies.dates.models import DatePoll, PollState, ProposedDate
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import _, today
from allies.meetings.models import Meeting
from allies.meetings.rules import is_ahead
from allies.trouble import TOO_LATE, trouble
from allies.web import allow, can, current_member, done, find, render, render_form

bp = Blueprint("dates", __name__)
bp.app_context_processor(lambda: {"fits": FITS})
AHEAD = timedelta(days=366)  # of the holidays that are told


@bp.app_template_global()
def open_questions():
    """Those about dates that lists of the signed-in user show."""
    return list(DatePoll.open_for(current_user))


@bp.route("/alliances/<id>/dates/new", methods=["GET", "POST"])
@allow("date.ask", on=Alliance)
def new(alliance):
    draft = draft_at_hand(alliance)
    form = AskForm(data=first_facts(draft))
    asked = [m for m in form.moments if m and is_ahead(m)] if form.is_submitted() else []
    hints = hints_for(asked, others(alliance, draft and draft.id)) if asked else {}
    if form.validate_on_submit():
        try:
            poll = service.ask(
                alliance,
                by=current_member(alliance),
                dates=form.moments,
                duration=form.duration.data,
                is_extra=form.is_extra.data,
                draft=draft,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if not form.tells(hints):  # only now they stand above the form, not beside errors
                flash(_("Everybody gets a message and can say which dates suit."))
                return done(show, poll)
    # Asked with hints that nobody saw yet, it is taken back: not Done, so nothing is committed.
    return render_form(
        "dates/new.html",
        form,
        alliance=alliance,
        draft=draft,
        hints=hints,
        unknown=unknown_years(asked),
        periods=almanac.periods(today(), today() + AHEAD),
        open_ones=list(DatePoll.open_in(alliance)),
    )


@bp.get("/dates/<id>")
@allow("date.show", on=DatePoll)
def show(poll):
    return page(poll)


@bp.post("/dates/<id>/answer")
@allow("date.answer", on=DatePoll)
def answer(poll):
    form = answer_form(to_come(poll))
    if not form.validate_on_submit():
        return page(poll, form=form, status=422)
    try:
        service.answer(poll, by=current_member(poll.alliance), fits=form.fits)
    except DomainError as late:
        return too_late(poll, late)
    is_any = any(form.fits.values())
    flash(_("Thank you, your answers are noted.") if is_any else _("Noted: you don't know yet."))
    return done(show, poll)


@bp.post("/dates/<id>/pick")
@allow("date.pick", on=DatePoll)
def pick(poll):
    standings = sorted(to_come(poll), key=lambda s: s.rank)
    form = PickForm().offer(standings)
    if form.validate_on_submit():
        try:
            meeting = service.pick(
                poll,
                by=current_member(poll.alliance),
                proposed=ProposedDate.get_by_id(form.date.data),
                is_extra=form.is_extra.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        except DomainError as late:
            return too_late(poll, late)
        else:
            flash(_("The meeting is planned. Everybody gets a message."))
            return done("meetings.show", meeting)
    return page(poll, pick_form=form, status=422)


@bp.post("/dates/<id>/withdraw")
@allow("date.pick", on=DatePoll)
def withdraw(poll):
    try:
        ending.withdraw(poll, by=current_member(poll.alliance))
    except DomainError as late:
        return too_late(poll, late)
    flash(_("Your question is taken back. Nobody has to answer it any more."))
    return done(show, poll)


def page(poll, *, form=None, pick_form=None, status=200):
    """The page of a question, also when something on it could not be carried out."""
    member = current_member(poll.alliance)
    is_desk = can("date.pick", poll)
    coming = to_come(poll) if poll.is_open else []
    best = sorted(coming, key=lambda s: s.rank)
    if is_desk:
        pick_form = pick_form or PickForm(formdata=None, obj=poll).offer(best)
    else:
        form = form or answer_form(coming, member)
    return render(
        "dates/show.html",
        part="dates/_poll.html",
        status=status,
        poll=poll,
        member=member,
        coming=coming,
        best=best,
        hints=hints_of(poll, coming, is_desk=is_desk),
        form=form,
        pick_form=pick_form,
        allies=list(poll.alliance.allies) if is_desk and coming else [],
    )


def hints_of(poll, coming, *, is_desk):
    """Hints by moment; of drafts only coordinators know."""
    if not coming:
        return {}
    near = others(poll.alliance, poll.meeting_id)
    shown = [m for m in near if is_desk or not m.is_draft]
    return hints_for([s.starts_at for s in coming], shown)


def others(alliance, but_not=None):
    """The meetings to be held and the drafts of an alliance, but for the one asked about."""
    lately = now() - CLOSE
    near = Meeting.select().where(Meeting.alliance == alliance, Meeting.starts_at > lately)
    return [m for m in near if not m.is_cancelled and m.id != but_not]


def draft_at_hand(alliance):
    """The draft of the planner a date is sought for, or None."""
    wanted = request.form.get("draft") or request.args.get("draft")
    if not wanted:
        return None
    draft = find(Meeting, wanted)
    if draft.alliance_id != alliance.id:
        abort(404)
    if not draft.is_draft:
        raise DomainError(_("This meeting has its date already."))
    return draft


def first_facts(draft):
    """What the form of asking shows at first: the facts of the draft, if there is one."""
    if draft is None:
        return {}
    facts = {"draft": draft.id, "duration": draft.duration, "is_extra": draft.is_extra}
    return facts | {"date_1": draft.starts_at}


def too_late(poll, error):
    """The question is over since it was read: say so, and where to go on."""
    poll = DatePoll.get_by_id(poll.id)
    link = None
    if poll.state == PollState.PICKED and poll.meeting_id:  # else it may be a draft
        link = (_("To the meeting"), url_for("meetings.show", id=poll.meeting_id))
    return trouble(409, TOO_LATE, error.args[0], resend=False, link=link)
