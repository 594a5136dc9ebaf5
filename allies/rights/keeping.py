"""What is kept of objections, of who was erased, and in the audit log."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.audit import AuditLine, AuditNote
from allies.audit import prune as drop_old_days
from allies.i18n import _l, today
from allies.keeping import About, ids_of, keep, nobodys, of_members, rows, untraceable
from allies.rights import erasures
from allies.rights.models import Erasure, Objection

OBJECTIONS_KEPT = timedelta(days=365)


def objections_of(user):
    mine = Objection.select().join(Membership).where(Membership.user == user.id)
    return rows(mine.order_by(Objection.made_on), "made_on", "text", "answered_on", "answer")


def prune_objections():
    Objection.delete().where(Objection.answered_on < today() - OBJECTIONS_KEPT).execute()


def lines_about(ids):
    """The acts of whoever has these ids, and those upon them."""
    return AuditLine.actor.in_(ids) | AuditLine.subject.in_(ids)


def own_ids(user):
    return [user.id, *(m.id for m in Membership.select().where(Membership.user == user.id))]


def log_of(user):
    query = AuditLine.select().where(lines_about(own_ids(user)))
    return rows(query.order_by(AuditLine.id), "at", "action")


def notes_of(user):
    """The reasons this user wrote. Those about them by others are in the list of who looked."""
    ids = own_ids(user)
    query = AuditNote.select(AuditNote, AuditLine.at, AuditLine.action).join(
        AuditLine, on=(AuditNote.id == AuditLine.id), attr="line"
    )
    return [
        {"at": note.line.at, "action": note.line.action, "text": note.text}
        for note in query.where(AuditLine.actor.in_(ids)).order_by(AuditNote.id)
    ]


def erase_notes(leaver):
    """What was written about the leaver goes; the lines themselves tell nobody who it was."""
    ids = [leaver.user.id, *ids_of(leaver)]
    about = AuditLine.select(AuditLine.id).where(AuditLine.subject.in_(ids))
    AuditNote.delete().where(AuditNote.id.in_(about)).execute()


keep(
    Objection,
    about=About.YOU,
    what=_l("What you object to, and the answer."),
    term=_l("One year after the answer, or until you leave."),
    export=objections_of,
    erase=of_members(Objection.membership),
    prune=prune_objections,
)
keep(
    Erasure,
    about=About.LOGS,
    what=_l("Of who was erased only a number, so that no old backup brings them back."),
    term=_l("35 days."),
    export=nobodys,
    erase=untraceable,
    prune=erasures.prune,
)
keep(
    AuditLine,
    about=About.LOGS,
    what=_l(
        "The log of security and of what coordinators did: numbers instead of names. "
        "Never your topics, answers or advice."
    ),
    term=_l("6 months."),
    export=log_of,
    erase=untraceable,
    prune=drop_old_days,
)
keep(
    AuditNote,
    about=About.LOGS,
    what=_l("The reasons that coordinators and the administrator write in that log."),
    term=_l("6 months. What is about you: until you leave."),
    export=notes_of,
    erase=erase_notes,
)
