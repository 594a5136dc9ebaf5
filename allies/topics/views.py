"""The addresses of topics for everybody: reading, putting forward, rewriting, supporting."""

from flask import Blueprint, flash, request
from flask_login import current_user

from allies.alliances.models import Alliance, Role, shown_memberships
from allies.db import now
from allies.errors import DomainError, Refused
from allies.forms import clean
from allies.i18n import _, _l, day
from allies.meetings.models import Meeting
from allies.outcomes.forms import OutcomeForm
from allies.paging import paged
from allies.topics import moderation, service, words
from allies.topics.forms import DeclineForm, ReturnForm, ScheduleForm, TopicForm
from allies.topics.models import PUBLISHED, Topic, TopicState, count_support
from allies.web import allow, can, current_member, done, render, render_form

bp = Blueprint("topics", __name__)
bp.add_app_template_filter(words.standing)
bp.add_app_template_filter(words.status)
bp.add_app_template_filter(words.marked)
bp.add_app_template_filter(words.THEMES.get, "theme")
bp.add_app_template_filter(words.GROUNDS.get, "ground")
bp.add_app_template_filter(words.EXPLAINED.get, "explained")
LONGEST_SEARCH = 100
SUPPORT = "topics/_support.html"


@bp.get("/topics")
@allow("topic.list")
def index():
    state = request.args.get("state")
    state = state if state in words.STATES else None
    sought = clean(request.args.get("q"))[:LONGEST_SEARCH]
    rows = Topic.listed(current_user, state=state, words=sought)
    topics, pages = paged(rows, "topics.index", state=state, q=sought or None)
    memberships = shown_memberships(current_user)
    only_partner = all(m.role == Role.PARTNER for m in memberships)
    return render(
        "topics/index.html",
        topics=topics,
        page=pages,
        memberships=memberships,
        support=count_support(topics),
        states=[(s, w) for s, w in words.STATES.items() if s in PUBLISHED or not only_partner],
        state=state,
        sought=sought,
    )


@bp.get("/topics/<id>")
@allow("topic.show", on=Topic)
def show(topic):
    return page(topic)


@bp.route("/alliances/<id>/topics/new", methods=["GET", "POST"])
@allow("topic.new", on=Alliance)
def new(alliance):
    if request.method == "GET" and request.args.get("scope") != "development":
        return render("topics/gate.html", alliance=alliance)
    form = TopicForm()
    if form.validate_on_submit():
        try:
            topic = service.put_forward(alliance, by=current_member(alliance), **form.topic)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Thank you. The coordinators read it, and then you hear from them."))
            return done(show, topic)
    return render_form("topics/new.html", form, alliance=alliance)


@bp.route("/topics/<id>/rewrite", methods=["GET", "POST"])
@allow("topic.rewrite", on=Topic)
def rewrite(topic):
    if not topic.may_be_rewritten:
        raise DomainError(_l("This topic has been decided on, so it can't be changed any more."))
    form = TopicForm(obj=topic)
    if form.validate_on_submit():
        service.rewrite(topic, **form.topic)
        flash(_("Thank you. The coordinators read it again."))
        return done(show, topic)
    return render_form("topics/rewrite.html", form, topic=topic)


@bp.post("/topics/<id>/support")
@allow("topic.support", on=Topic)
def support(topic):
    said = service.support(topic, by=current_member(topic.alliance))
    flash(_("Noted: this lives around you too.") if said else _("Your answer is taken back."))
    return done(show, topic, part=SUPPORT)


def page(topic, *, status=200, part="topics/_topic.html", **forms):
    """The page of a topic, also when something on it could not be carried out."""
    member = current_member(topic.alliance)
    return render(
        "topics/show.html",
        part=part,
        status=status,
        topic=topic,
        member=member,
        support=count_support([topic]),
        supports=topic.is_published and topic.is_supported_by(member),
        **(desk_forms(topic, member, **forms) if can("topic.moderate", topic) else {}),
    )


def desk_forms(
    topic, member, *, return_form=None, decline_form=None, schedule_form=None, outcome_form=None
):
    """What a coordinator can do now with a topic: the forms for its state."""
    if topic.state == TopicState.SUBMITTED:
        return {
            "may_judge": moderation.may_judge(topic, member),
            "return_form": (return_form or ReturnForm(formdata=None)).beside(topic),
            "decline_form": (decline_form or DeclineForm(formdata=None)).beside(topic),
        }
    if topic.state == TopicState.APPROVED:
        return {"schedule_form": schedule_form or scheduling(topic, formdata=None)}
    if topic.outcome and not topic.outcome.is_given:
        return {"outcome_form": outcome_form or OutcomeForm(formdata=None)}
    return {}


def scheduling(topic, **options):
    """The form with the coming meetings of the topic's alliance."""
    coming = topic.alliance.meetings.where(Meeting.starts_at > now(), Meeting.is_on())
    labels = {m.id: day(m.starts_at) for m in coming.order_by(Meeting.starts_at)}
    chosen = topic.meeting_id if topic.meeting_id in labels else ""
    return ScheduleForm(data={"meeting": chosen}, **options).offer(labels)
