"""The pages of an agenda for everybody at the table: on paper, and on the screen in the room."""

from flask import Blueprint, request

from allies.agenda.reports import ON_SCREEN
from allies.agenda.running import Agenda
from allies.agenda.words import carried_words, heading, report_words
from allies.db import now
from allies.meetings.models import Meeting
from allies.web import allow, render

bp = Blueprint("agenda", __name__)
bp.add_app_template_filter(heading)
bp.add_app_template_filter(carried_words)
bp.add_app_template_filter(report_words)
bp.add_app_template_global(Agenda, "agenda_of")
NOTHING_NEW = ("", 204)


@bp.get("/meetings/<id>/agenda/paper")
@allow("agenda.show", on=Meeting)
def paper(meeting):
    return render("agenda/paper.html", meeting=meeting, agenda=Agenda(meeting))


@bp.get("/meetings/<id>/room")
@allow("agenda.show", on=Meeting)
def room(meeting):
    return render("agenda/room.html", **on_screen(meeting))


@bp.get("/meetings/<id>/room/now")
@allow("agenda.show", on=Meeting, poll=True)
def room_now(meeting):
    """The part of the screen that follows the clock; 204 when it would be the same."""
    shown = on_screen(meeting)
    if request.args.get("seen") == shown["seen"]:
        return NOTHING_NEW
    return render("agenda/_room.html", **shown)


def on_screen(meeting):
    """What the screen in the room shows: the item of this moment, or the one stepped to."""
    agenda, moment = Agenda(meeting), now()
    chosen = agenda.of_item(request.args.get("item"))
    slot = None if meeting.is_cancelled else chosen or agenda.at(moment)
    left = slot.minutes_left(moment) if slot and slot.starts_at <= moment else None
    is_early = moment < meeting.starts_at
    seen = [meeting.agenda_version, slot.number if slot else is_early, left]
    return {
        "meeting": meeting,
        "agenda": agenda,
        "slot": slot,
        "chosen": chosen,
        "left": left,
        "is_early": is_early and not meeting.is_cancelled,
        "most": ON_SCREEN,
        "seen": "-".join(map(str, seen)),
    }
