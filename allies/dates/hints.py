"""What may keep people from coming on a date: holidays, feasts, another meeting close by.

A hint forbids nothing; it is read by who proposes a date and by who answers.
"""

from datetime import timedelta

from allies.dates import almanac
from allies.i18n import _, day, local

CLOSE = timedelta(days=2)  # so near that one of two meetings is one too many
EVENING = 17  # o'clock
DAY = timedelta(days=1)
REMEMBRANCE = (5, 4)  # month and day: all of the country is silent at 20:00


def hints_on(moment, meetings=()):
    """What is known against this moment, in words. `meetings` are the others of the alliance."""
    date = local(moment).date()
    hints = [_("School holiday: %(name)s.", name=n) for n in almanac.school_holidays_on(date)]
    feasts = almanac.feasts_on(date)
    hints += [_("Feast: %(name)s.", name=name) for name in feasts]
    if local(moment).hour >= EVENING:
        hints += evening_hints(date, is_feast=bool(feasts))
    close = [m for m in meetings if abs(local(m.starts_at).date() - date) <= CLOSE]
    hints += [_("Another meeting is close by: %(day)s.", day=day(m.starts_at)) for m in close]
    return hints


def evening_hints(date, *, is_feast):
    """What is known against the evening of a day."""
    hints = []
    if (date.month, date.day) == REMEMBRANCE:
        hints.append(_("Remembrance of the dead, at 20:00."))
    if not is_feast:
        tomorrow = almanac.feasts_on(date + DAY)
        hints += [_("The evening before %(name)s.", name=name) for name in tomorrow]
    return hints


def hints_for(moments, meetings=()):
    """{moment: its hints}, for those that have any."""
    found = {moment: hints_on(moment, meetings) for moment in moments}
    return {moment: hints for moment, hints in found.items() if hints}


def unknown_years(moments):
    """The years of these moments of which not all school holidays are known yet."""
    years = sorted({local(moment).year for moment in moments})
    return [year for year in years if not almanac.knows_schools_in(year)]
