"""The addresses of the register of places, for coordinators."""

from flask import Blueprint, flash

from allies.alliances.models import Alliance
from allies.errors import Refused
from allies.i18n import _
from allies.meetings import places
from allies.meetings.telling import describe_place
from allies.venues import service
from allies.venues.forms import PlaceForm
from allies.venues.models import Venue
from allies.web import allow, current_member, done, render, render_form

bp = Blueprint("venues", __name__)


@bp.get("/alliances/<id>/venues")
@allow("venue.list", on=Alliance)
def index(alliance):
    register = places.register_of(alliance)
    return render(
        "venues/index.html",
        alliance=alliance,
        areas=places.areas_of(register),
        register=[p for p in register if not p.venue.is_retired],
        retired=[p for p in register if p.venue.is_retired],
    )


@bp.route("/alliances/<id>/venues/new", methods=["GET", "POST"])
@allow("venue.change", on=Alliance)
def new(alliance):
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            service.add(alliance, by=current_member(alliance), **form.place)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The place is on the list."))
            return done(index, alliance)
    return render_form("venues/new.html", form, alliance=alliance)


@bp.route("/venues/<id>", methods=["GET", "POST"])
@allow("venue.change", on=Venue)
def edit(venue):
    form = PlaceForm(obj=venue)
    if form.validate_on_submit():
        try:
            by = current_member(venue.alliance)
            describe_place(venue, by=by, seen=form.seen.data, **form.place)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The place is changed."))
            return done(index, venue.alliance)
    form.seen.data = service.mark_of(venue)
    coming = service.coming_at(venue)
    is_shown = bool(service.shown(coming))
    return render_form("venues/edit.html", form, venue=venue, coming=coming, is_shown=is_shown)


@bp.post("/venues/<id>/remove")
@allow("venue.change", on=Venue)
def remove(venue):
    if service.remove(venue, by=current_member(venue.alliance)):
        flash(_("The place is no longer used. You find it at the bottom of the list."))
    else:
        flash(_("The place is removed."))
    return done(index, venue.alliance)


@bp.post("/venues/<id>/return")
@allow("venue.change", on=Venue)
def bring_back(venue):
    service.bring_back(venue, by=current_member(venue.alliance))
    flash(_("The place is on the list again."))
    return done(index, venue.alliance)
