"""The page on which coordinators make an agenda, and settle it after the meeting."""

from flask import flash, g
from flask_login import current_user

from allies.agenda import service
from allies.agenda.choosing import SHOWN, own_items_to_choose, topics_to_choose
from allies.agenda.forms import BringsForm, ListForm, OwnItemForm, SettleForm
from allies.agenda.models import AgendaItem
from allies.agenda.order import ChangedMeanwhile, stepped
from allies.agenda.running import Agenda
from allies.agenda.views import bp
from allies.db import atomic
from allies.errors import Refused
from allies.i18n import _, day
from allies.meetings.models import Meeting
from allies.topics import service as topics
from allies.topics.models import Topic
from allies.web import allow, current_member, done, find, render

EDIT = "agenda/_edit.html"


@bp.get("/meetings/<id>/agenda")
@allow("agenda.change", on=Meeting)
def edit(meeting):
    return page(meeting)


@bp.post("/meetings/<id>/agenda/order")
@allow("agenda.change", on=Meeting)
def order(meeting):
    form = ListForm()
    if not form.validate_on_submit():
        return page(meeting, list_form=form)
    try:
        with atomic():
            arrange(meeting, form)
            press(meeting, form)
    except (ChangedMeanwhile, Refused) as error:
        return again(meeting, form, error, name="list_form")
    g.moved = {"id": form.up.data or form.down.data, "is_up": bool(form.up.data)}
    if form.save.data:
        flash(_("The agenda is noted."))
    return done(edit, meeting)


@bp.post("/meetings/<id>/agenda/add")
@allow("agenda.change", on=Meeting)
def add(meeting):
    form = OwnItemForm().at(meeting.alliance)
    if not form.validate_on_submit():
        return page(meeting, own_form=form)
    fact = {"title": form.title.data, "minutes": form.minutes.data, "seen": form.seen}
    try:
        service.add(meeting, by=current_member(meeting.alliance), **fact)
    except (ChangedMeanwhile, Refused) as error:
        return again(meeting, form, error, name="own_form")
    flash(_("It is on the agenda."))
    return done(edit, meeting)


@bp.post("/meetings/<id>/agenda/brings")
@allow("agenda.change", on=Meeting)
def brings(meeting):
    form = BringsForm().at(meeting.alliance)
    if not form.validate_on_submit():
        return page(meeting, brings_form=form)
    by = current_member(meeting.alliance)
    try:
        service.bring(meeting, by=by, text=form.brings.data, seen=form.seen)
    except ChangedMeanwhile as error:
        return again(meeting, form, error, name="brings_form")
    flash(_("Noted: members can read it now."))
    return done(edit, meeting)


@bp.post("/meetings/<id>/agenda/settle")
@allow("agenda.change", on=Meeting)
def settle(meeting):
    form = SettleForm().at(meeting.alliance)
    if not form.validate_on_submit():
        return page(meeting, settle_form=form)
    by = current_member(meeting.alliance)
    try:
        item = item_of(meeting, form.discussed.data or form.carry.data)
        if form.discussed.data and item.topic:
            topics.discuss(item.topic, by=by)
            flash(_("Noted. The alliance now waits for an answer from you."))
            return done(edit, meeting)
        to = service.carry(item, by=by, reason=form.reason.data)
    except ChangedMeanwhile as error:
        return again(meeting, form, error, name="settle_form")
    except Refused as refusal:
        form.refuse(refusal)
        return page(meeting, settle_form=form)
    flash(
        _("It is on the agenda of %(day)s.", day=day(to.starts_at))
        if to
        else _("It waits for the next meeting.")
    )
    return done(edit, meeting)


def arrange(meeting, form):
    """Note the list as it was sent, with the one item moved whose button was pressed."""
    in_order = form.item.data
    for item_id, step in ((form.up.data, -1), (form.down.data, 1)):
        if item_id in in_order:
            in_order = stepped(in_order, item_id, step)
    service.arrange(meeting, in_order, form.lengths, seen=form.seen)


def press(meeting, form):
    """Do what the pressed button says beside that; a row that is not there was taken meanwhile."""
    by = current_member(meeting.alliance)
    if form.topic.data:
        here = Topic.visible_to(current_user).where(Topic.alliance == meeting.alliance_id)
        service.put_on(meeting, found(here.where(Topic.id == form.topic.data)), by=by)
    elif form.waiting.data:
        waits = AgendaItem.waiting(meeting.alliance)
        service.put_back(meeting, found(waits.where(AgendaItem.id == form.waiting.data)), by=by)
    elif form.off.data:
        service.remove(item_of(meeting, form.gone.data), by=by)


def item_of(meeting, item_id):
    item = found(AgendaItem.of_meeting(meeting).where(AgendaItem.id == item_id))
    item.meeting, item.alliance = meeting, meeting.alliance
    return item


def found(rows):
    row = rows.first()
    if row is None:
        raise ChangedMeanwhile
    return row


def again(meeting, form, error, *, name):
    """The agenda as it is now, with what was typed still in the form."""
    form.form_errors = [str(error)]
    return page(find(Meeting, meeting.id), **{name: form})


def page(meeting, *, list_form=None, own_form=None, brings_form=None, settle_form=None):
    """The page of an agenda; with a form that was sent, it is to be mended."""
    is_wrong = any((list_form, own_form, brings_form, settle_form))
    agenda = Agenda(meeting)
    most = min(SHOWN, agenda.room)
    topics_too = bool(most) and meeting.is_open
    return render(
        "agenda/edit.html",
        part=EDIT,
        status=422 if is_wrong else 200,
        meeting=meeting,
        agenda=agenda,
        next_meeting=service.coming(meeting.alliance) if meeting.is_cancelled else None,
        topics=topics_to_choose(meeting.alliance, most) if topics_too else [],
        most_topics=most,
        waiting=own_items_to_choose(meeting.alliance, most) if most else [],
        moved=g.get("moved") or {},
        list_form=(list_form or ListForm(formdata=None)).of(meeting),
        own_form=(own_form or OwnItemForm(formdata=None)).of(meeting),
        brings_form=(brings_form or BringsForm(formdata=None, obj=meeting)).of(meeting),
        settle_form=settle_form or SettleForm(formdata=None),
    )
