"""What the items of an agenda are called, and how often one was carried over."""

from allies.agenda.models import ItemKind
from allies.i18n import _, _l
from allies.outcomes.words import STATES

HEADINGS = {
    ItemKind.ADVICE: _l("What was done with our advice"),
    ItemKind.BRINGS: _l("What police and municipality bring"),
}


def heading(item):
    """The title of an item, whatever its kind; of an own item and a topic as it was written."""
    return HEADINGS.get(item.kind) or item.own_title


def report_words(report):
    """How it stood with one outcome at the moment of its report."""
    if report.is_given:
        return STATES[report.outcome.state]
    return _("Overdue") if report.is_overdue else _("Still to come")


def carried_words(times):
    """ "carried over twice"; nothing for what was not carried over."""
    if times < 2:
        return _("carried over once") if times else ""
    if times == 2:
        return _("carried over twice")
    return _("carried over %(num)d times", num=times)
