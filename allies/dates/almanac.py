"""School holidays and feasts on Walcheren, as the holidays package knows them.

Walcheren lies in Zuid, the southern of the three parts in which schools have
their holidays. Names are in the reader's language.
"""

from datetime import date, timedelta
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple

from allies.i18n import current_locale

REGION = "Zuid"
LANGUAGES = {"nl": "nl", "en": "en_US"}
SCHOOL, FEAST = ("school",), ("public", "optional")
BREAKS_A_YEAR = 5  # autumn, Christmas, spring, May and summer
DAY = timedelta(days=1)


class Period(NamedTuple):
    """Days in a row with one name."""

    name: str
    first: date
    last: date


def _the_netherlands():
    """The one country we need. Its package imports all 250, for 17 MB of memory a process."""
    found = find_spec("holidays")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("holidays")
    file = Path(found.origin).parent / "countries" / "netherlands.py"
    spec = spec_from_file_location("holidays_of_the_netherlands", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(str(file))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Netherlands


COUNTRY = _the_netherlands()


@lru_cache(maxsize=64)
def _days(categories, year, language):
    """The days of a year that have a name, with its names."""
    known = COUNTRY(
        years=year, expand=False, subdiv=REGION, categories=categories, language=language
    )
    return {day: known.get_list(day) for day in known}


def _names(categories, day):
    return _days(categories, day.year, LANGUAGES[current_locale()]).get(day, [])


def school_holidays_on(day):
    """The names of the school holidays that this day lies in."""
    return _names(SCHOOL, day)


def feasts_on(day):
    """The names of the feasts of this day."""
    return _names(FEAST, day)


def knows_schools_in(year):
    """Were all school holidays of this year set, when the package was made?"""
    names = {name for names in _days(SCHOOL, year, "nl").values() for name in names}
    return len(names) >= BREAKS_A_YEAR


def periods(first, last):
    """The school holidays and feasts between two days, these included, in order."""
    found = []
    for categories in (SCHOOL, FEAST):
        going_on: dict[str, Period] = {}
        for number in range((last - first).days + 1):
            day = first + number * DAY
            names = _names(categories, day)
            found += [going_on.pop(name) for name in list(going_on) if name not in names]
            for name in names:
                period = going_on.get(name, Period(name, day, day))
                going_on[name] = period._replace(last=day)
        found += going_on.values()
    return sorted(found, key=lambda period: (period.first, period.last))
