"""The addresses of topics for coordinators: the queue, the agenda, the outcome."""

from flask import flash
from flask_login import current_user

from allies.agenda import service as agenda
from allies.alliances.models import Alliance
from allies.errors import DomainError, Refused
from allies.i18n import _, _l
from allies.meetings.models import Meeting
from allies.outcomes import service as outcomes
from allies.outcomes.forms import OutcomeForm
from allies.paging import paged
from allies.topics import moderation as judge
from allies.topics import service
from allies.topics.forms import DeclineForm, Judgement, ReturnForm
from allies.topics.models import Topic, TopicState
from allies.topics.views import bp, desk_forms, page, scheduling, show
from allies.web import allow, current_member, done, render

QUEUED, DECIDED = "topics/_queued.html", "topics/_decided.html"


@bp.get("/alliances/<id>/moderation")
@allow("topic.moderate", on=Alliance)
def moderation(alliance):
    member = current_member(alliance)
    queue = Topic.waiting_for(current_user).where(Topic.alliance == alliance.id)
    topics, pages = paged(queue, "topics.moderation", id=alliance.id)
    return render(
        "topics/moderation.html",
        alliance=alliance,
        member=member,
        queue=[(topic, desk_forms(topic, member)) for topic in topics],
        page=pages,
    )


@bp.post("/topics/<id>/approve")
@allow("topic.approve", on=Topic)
def approve(topic):
    judge.approve(topic, by=current_member(topic.alliance), seen=Judgement().seen)
    flash(_("The topic is published."))
    return done(show, topic, part=DECIDED)


@bp.post("/topics/<id>/return")
@allow("topic.return", on=Topic)
def send_back(topic):
    form = ReturnForm()
    if not form.validate_on_submit():
        return page(topic, return_form=form, status=422, part=QUEUED)
    by = current_member(topic.alliance)
    judge.send_back(topic, by=by, question=form.asked, seen=form.seen)
    flash(_("The topic is back with its writer, with your question."))
    return done(show, topic, part=DECIDED)


@bp.post("/topics/<id>/decline")
@allow("topic.decline", on=Topic)
def decline(topic):
    form = DeclineForm()
    if not form.validate_on_submit():
        return page(topic, decline_form=form, status=422, part=QUEUED)
    by = current_member(topic.alliance)
    judge.decline(topic, by=by, ground=form.ground.data, seen=form.seen)
    if topic.state == TopicState.SUBMITTED:
        flash(_("Your proposal is noted. The other organisation decides with you."))
        return done(show, topic, part=QUEUED)
    flash(_("The topic is declined. Its text is destroyed."))
    return done(show, topic, part=DECIDED)


@bp.post("/topics/<id>/schedule")
@allow("topic.schedule", on=Topic)
def schedule(topic):
    form = scheduling(topic)
    if not form.validate_on_submit():
        return page(topic, schedule_form=form, status=422)
    chosen = Meeting.visible_to(current_user).where(Meeting.id == form.meeting.data).first()
    by = current_member(topic.alliance)
    try:
        if chosen:
            agenda.put_on(chosen, topic, by=by)
        else:
            agenda.take_off(topic, by=by)
    except Refused as refusal:
        form.refuse(refusal)
        return page(topic, schedule_form=form, status=422)
    flash(_("The topic is on the agenda.") if chosen else _("The topic is on no agenda now."))
    return done(show, topic)


@bp.post("/topics/<id>/discuss")
@allow("topic.discuss", on=Topic)
def discuss(topic):
    service.discuss(topic, by=current_member(topic.alliance))
    flash(_("Noted. The alliance now waits for an answer from you."))
    return done(show, topic)


@bp.post("/topics/<id>/outcome")
@allow("topic.outcome", on=Topic)
def outcome(topic):
    form = OutcomeForm()
    if not topic.outcome:
        raise DomainError(_l("You can answer once the topic has been discussed."))
    if not form.validate_on_submit():
        return page(topic, outcome_form=form, status=422)
    by = current_member(topic.alliance)
    outcomes.give(topic.outcome, by=by, state=form.state.data, text=form.text.data)
    flash(_("Thank you. Everybody gets a message."))
    return done(show, Topic.visible_to(current_user).where(Topic.id == topic.id).get())
