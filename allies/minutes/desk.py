"""The addresses of minutes for coordinators: writing, telling, answering, and the outcome."""

from flask import flash
from flask_login import current_user

from allies.actions import service as actions
from allies.actions.models import Action
from allies.errors import DomainError, Refused
from allies.i18n import _, _l
from allies.meetings.models import Meeting
from allies.minutes import contesting, service
from allies.minutes.forms import NewPartForm, ReplyForm, WritingForm
from allies.minutes.models import Contest, MinutesPart, MinutesRevision
from allies.minutes.service import SavedMeanwhile
from allies.minutes.views import bp, meeting_of, minutes_of, parts_of, show
from allies.outcomes import service as outcomes
from allies.outcomes.forms import OutcomeForm
from allies.paging import paged
from allies.web import allow, current_member, done, render, render_form


@bp.get("/meetings/<id>/minutes/write")
@allow("minutes.write", on=Meeting)
def write(meeting):
    return writing(meeting)


@bp.post("/meetings/<id>/minutes/begin")
@allow("minutes.write", on=Meeting)
def begin(meeting):
    service.begin(meeting, by=current_member(meeting.alliance))
    return done(write, meeting)


@bp.post("/meetings/<id>/minutes/parts")
@allow("minutes.write", on=Meeting)
def add_part(meeting):
    form = NewPartForm().at(meeting.alliance)
    if form.validate_on_submit():
        part = service.add_part(begun(meeting), title=form.title.data)
        return done(part_page, part)
    return writing(meeting, form=form, status=422)


@bp.post("/meetings/<id>/minutes/publish")
@allow("minutes.publish", on=Meeting)
def publish(meeting):
    service.publish(begun(meeting), by=current_member(meeting.alliance))
    flash(_("The minutes are out. Everybody gets a message and can read along for seven days."))
    return done(show, meeting)


@bp.get("/minutes-parts/<id>")
@allow("minutes.write", on=MinutesPart)
def part_page(part):
    must_be_concept(part)
    return shown(part)


@bp.post("/minutes-parts/<id>")
@allow("minutes.write", on=MinutesPart)
def save(part):
    form = WritingForm().at(part.alliance)
    if not form.validate_on_submit():
        return shown(part, form=form, status=422)
    try:
        keep(part, form)
    except Refused as refusal:
        form.refuse(refusal)
        return shown(part, form=form, status=422)
    except SavedMeanwhile:
        theirs = now_stored(part)
        return shown(theirs, form=form.read_again(theirs), is_theirs=True, status=422)
    flash(_("Saved, with what was agreed.") if form.agrees else _("Saved."))
    others = {other.id: other for other in parts_of(part.minutes)}
    return done(part_page, others.get(form.next.data, part))


@bp.get("/minutes-parts/<id>/earlier")
@allow("minutes.write", on=MinutesPart)
def earlier(part):
    before = MinutesRevision.select().where(
        MinutesRevision.part == part.id, MinutesRevision.revision < part.revision
    )
    newest_first = before.order_by(MinutesRevision.revision.desc())
    revisions, pages = paged(newest_first, "minutes.earlier", id=part.id)
    return render("minutes/earlier.html", piece=part, revisions=revisions, page=pages)


@bp.route("/contests/<id>/reply", methods=["GET", "POST"])
@allow("minutes.reply", on=Contest)
def reply(contest):
    if not contest.is_open:
        raise DomainError(contesting.ANSWERED)
    form, is_theirs = ReplyForm(obj=contest.part).at(contest.alliance), False
    if form.validate_on_submit():
        try:
            answer(contest, form)
        except Refused as refusal:
            form.refuse(refusal)
        except SavedMeanwhile:
            contest.part = now_stored(contest.part)
            form.read_again(contest.part)
            is_theirs = True
        else:
            flash(_("Your answer is there for everybody to read."))
            return done(show, meeting_of(contest.part))
    if not form.is_submitted():
        form.read_again(contest.part)
    return render_form(
        "minutes/reply.html", form, contest=contest, piece=contest.part, is_theirs=is_theirs
    )


@bp.route("/minutes-parts/<id>/outcome", methods=["GET", "POST"])
@allow("minutes.outcome", on=MinutesPart)
def outcome(part):
    if not part.outcome or part.outcome.is_given:
        raise DomainError(_l("No answer is owed here."))
    member, form = current_member(part.alliance), OutcomeForm()
    if form.validate_on_submit():
        outcomes.give(part.outcome, by=member, **form.facts)
        flash(_("Thank you. Everybody gets a message."))
        return done(show, meeting_of(part))
    return render_form("minutes/outcome.html", form, piece=part, member=member)


def writing(meeting, *, form=None, status=200):
    """The page from which minutes are written, also when no part could be added."""
    minutes = minutes_of(meeting)
    return render(
        "minutes/write.html",
        status=status,
        meeting=meeting,
        minutes=minutes,
        parts=parts_of(minutes),
        form=form or NewPartForm(formdata=None),
    )


def shown(part, *, form=None, is_theirs=False, status=200):
    """The page of one part, also when something on it was not saved. With `is_theirs` it shows
    what somebody else saved meanwhile beside what was sent."""
    form = form or WritingForm(formdata=None, obj=part).read_again(part)
    parts = parts_of(part.minutes)
    upcoming = parts[[p.id for p in parts].index(part.id) + 1 :]
    agreed = Action.visible_to(current_user).where(Action.part == part.id)
    return render(
        "minutes/part.html",
        status=status,
        piece=part,
        form=form,
        is_theirs=is_theirs,
        next_piece=upcoming[0] if upcoming else None,
        actions=list(agreed.order_by(Action.due_on, Action.id)),
    )


def keep(part, form):
    """Save the text of a part, and the action that was agreed on about it, if any."""
    by = current_member(part.alliance)
    if form.agrees:
        about = {"by": by, "part": part, "meeting": meeting_of(part)}
        actions.add(part.alliance, **about, **form.of_action)
    service.write(part, by=by, **form.of_text)


def answer(contest, form):
    by = current_member(contest.alliance)
    if not form.changes:
        contesting.keep_text(contest, by=by, reply=form.reply.data)
        return
    text = {name: form[name].data for name in ("seen", "reply", "heard", "advice")}
    contesting.change_text(contest, by=by, **text)


def begun(meeting):
    return minutes_of(meeting) or service.begin(meeting, by=current_member(meeting.alliance))


def must_be_concept(part):
    if not part.minutes.is_concept:
        raise DomainError(service.TOLD_ALREADY)


def now_stored(part):
    """This part as it is now, with what somebody else saved."""
    return MinutesPart.visible_to(current_user).where(MinutesPart.id == part.id).get()
