"""Answers to a meeting, told in a sentence."""

from allies.i18n import _, _n


def tell_counts(meeting):
    """ "11 come, 1 maybe, 2 don't, 1 has not answered.": what there is to tell, in this order."""
    return ", ".join(coming(meeting.counts) if meeting.is_open else said(meeting.counts)) + "."


def coming(counts):
    yes, maybe, no = counts["yes"], counts["maybe"], counts["no"]
    yield _n("%(num)d comes", "%(num)d come", yes) if yes else _("Nobody comes yet")
    if maybe:
        yield _("%(num)d maybe", num=maybe)
    if no:
        yield _n("%(num)d doesn't", "%(num)d don't", no)
    if counts.open:
        yield _n("%(num)d has not answered", "%(num)d have not answered", counts.open)


def said(counts):
    yes, maybe, no = counts["yes"], counts["maybe"], counts["no"]
    yield _n("%(num)d said yes", "%(num)d said yes", yes) if yes else _("Nobody said yes")
    if maybe:
        yield _("%(num)d maybe", num=maybe)
    if no:
        yield _n("%(num)d said no", "%(num)d said no", no)
