"""Answers to a meeting, told in a sentence."""

from allies.i18n import _, _n


def tell_counts(meeting):
    """ "11 come, 1 maybe, 2 don't, 1 has not answered": what there is to tell, in this order."""
    counts = meeting.counts
    maybe = (_("%(num)d maybe", num=counts["maybe"]), counts["maybe"])
    if meeting.is_open:
        told = [
            (_n("%(num)d comes", "%(num)d come", counts["yes"]), True),
            maybe,
            (_n("%(num)d doesn't", "%(num)d don't", counts["no"]), counts["no"]),
            (
                _n("%(num)d has not answered", "%(num)d have not answered", counts.open),
                counts.open,
            ),
        ]
    else:
        told = [
            (_n("%(num)d said yes", "%(num)d said yes", counts["yes"]), True),
            maybe,
            (_n("%(num)d said no", "%(num)d said no", counts["no"]), counts["no"]),
        ]
    return ", ".join(text for text, is_told in told if is_told) + "."
