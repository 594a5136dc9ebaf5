"""The addresses of meetings for coordinators: changing, cancelling, planning again."""

from flask import flash, request

from allies.errors import Refused
from allies.i18n import _, _l
from allies.meetings import changing, places
from allies.meetings.changing import Change
from allies.meetings.coming import bp
from allies.meetings.forms import AgainForm, CancelForm, ChangeForm, PlaceForm
from allies.meetings.marks import mark_of, untouched
from allies.meetings.models import Meeting
from allies.meetings.views import show
from allies.venues import service as venues
from allies.web import allow, current_member, done, render

CHANGED = {
    Change.NOTHING: _l("Nothing is different, so nobody gets a message."),
    Change.DETAILS: _l("Your change is noted. Nobody gets a message."),
    Change.TIME: _l("The time is changed. Everybody gets a message; their answers stay."),
    Change.DAY: _l("The meeting is moved. Everybody gets a message and is asked again."),
}


@bp.route("/meetings/<id>/edit", methods=["GET", "POST"])
@allow("meeting.change", on=Meeting)
def edit(meeting):
    form = ChangeForm(data=facts_of(meeting)).at(meeting.alliance)
    if form.validate_on_submit():
        by, facts = current_member(meeting.alliance), form.when | {"brings": form.brings.data}
        try:
            change = changing.change(
                meeting, by=by, seen=form.seen.data, reason=form.why_here.data, **facts
            )
        except Refused as refusal:
            form.refuse_when(refusal)
            if form.seen.errors:
                form.renew(changing.as_it_is(meeting), untouched(form.seen.data, facts))
        else:
            flash(str(CHANGED[change]))
            return done(show, meeting)
    return edit_page(meeting, form=form)


@bp.post("/meetings/<id>/venue")
@allow("meeting.invite", on=Meeting)
def venue(meeting):
    form = PlaceForm().offer(meeting.alliance)
    if form.validate_on_submit():
        try:
            is_told = changing.choose_venue(
                meeting,
                by=current_member(meeting.alliance),
                venue=venue_of(form, meeting.alliance),
                seen=form.seen.data,
                reason=form.reason.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            told = _("The place is noted. Everybody gets a message.")
            flash(told if is_told else _("The place is noted."))
            say_if_known_place(changing.as_it_is(meeting))
            return done(show, meeting)
    return edit_page(meeting, place_form=form)


@bp.route("/meetings/<id>/cancel", methods=["GET", "POST"])
@allow("meeting.cancel", on=Meeting)
def cancel(meeting):
    changing.check_may_cancel(meeting)
    form = CancelForm()
    if form.validate_on_submit():
        by = current_member(meeting.alliance)
        try:
            changing.cancel(meeting, by=by, seen=form.seen.data, reason=form.why.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The meeting is cancelled. Everybody gets a message."))
            return done(show, meeting)
    return page_of("cancel", meeting, form)


@bp.route("/meetings/<id>/again", methods=["GET", "POST"])
@allow("meeting.change", on=Meeting)
def again(meeting):
    changing.check_is_cancelled(meeting)
    # without the old moment: a new one must be chosen, not pressed by accident
    form = AgainForm(data=facts_of(meeting) | {"starts_at": None}).offer(meeting.alliance)
    if form.validate_on_submit():
        try:
            changing.plan_again(
                meeting,
                by=current_member(meeting.alliance),
                seen=form.seen.data,
                reason=form.reason.data,
                venue=venue_of(form, meeting.alliance),
                **form.when,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The meeting is planned again. Everybody gets a message."))
            say_if_known_place(changing.as_it_is(meeting))
            return done(show, meeting)
    return page_of("again", meeting, form)


def edit_page(meeting, *, form=None, place_form=None):
    """The page with both forms that change a meeting; what was sent in one of them is kept."""
    changing.check_may_change(meeting)
    facts = facts_of(meeting)
    other = form or ChangeForm(formdata=None, data=facts)
    place = place_form or PlaceForm(formdata=None, data=facts).offer(meeting.alliance)
    return page_of("edit", meeting, place_form or other, form=other, place_form=place)


def page_of(name, meeting, sent, **forms):
    """A page that changes a meeting, of the meeting as it is now; `sent` is the form at hand.

    409 when somebody else changed it first; what was typed stands in the form.
    """
    status = 200
    if request.method == "POST":
        status = 409 if sent.seen.errors else 422
        meeting = changing.as_it_is(meeting)
    forms = forms or {"form": sent}
    for form in forms.values():
        form.seen.data = mark_of(meeting)
    answers = changing.answers_to(meeting)
    return render(f"meetings/{name}.html", status=status, meeting=meeting, answers=answers, **forms)


def facts_of(meeting):
    """What a form about a meeting begins with."""
    names = ("starts_at", "duration", "is_extra", "brings")
    return {name: getattr(meeting, name) for name in names} | {"venue": meeting.venue_id or ""}


def venue_of(form, alliance):
    """The new place that was described, added to the register; else the one chosen, if any.

    When the meeting is then refused, the transaction of the request takes the place back too.
    """
    if form.new_place:
        return venues.add(alliance, by=current_member(alliance), **form.new_place)
    return form.chosen


def say_if_known_place(meeting):
    """Warn who chose the place of last year: each meeting elsewhere is what was agreed."""
    if places.last_year_here(meeting):
        flash(_("You met at this place last year too. You can still choose another."))
