"""What is known against a date, and what is not known yet."""

from datetime import date, datetime

import pytest
from flask_babel import force_locale

from allies.alliances.models import Membership
from allies.dates import almanac
from allies.dates.counting import Standing
from allies.dates.hints import hints_on, unknown_years
from allies.dates.models import Fit, ProposedDate
from allies.i18n import _, at_local_time
from allies.meetings.models import Meeting


def at(year, month, day, hour=19):
    return at_local_time(datetime(year, month, day, hour, 30))  # noqa: DTZ001


@pytest.fixture(params=["nl", "en"])
def reader(app, request):
    """The language of whoever reads."""
    with app.test_request_context(), force_locale(request.param):
        yield request.param


# As the government set them for region Zuid, apart from the package that tells us.
@pytest.mark.parametrize(
    ("first", "last", "dutch", "english"),
    [
        (date(2026, 12, 19), date(2027, 1, 3), "Kerstvakantie", "Christmas Break"),
        (date(2027, 2, 13), date(2027, 2, 21), "Voorjaarsvakantie", "Spring Break"),
        (date(2027, 4, 24), date(2027, 5, 2), "Meivakantie", "May Break"),
        (date(2027, 7, 24), date(2027, 9, 5), "Zomervakantie", "Summer Break"),
        (date(2027, 10, 23), date(2027, 10, 31), "Herfstvakantie", "Autumn Break"),
    ],
)
def test_school_holidays_are_those_of_the_south(reader, first, last, dutch, english):
    name = dutch if reader == "nl" else english

    for day in (first, last):
        assert almanac.school_holidays_on(day) == [name]
    for day in (first - almanac.DAY, last + almanac.DAY):
        assert almanac.school_holidays_on(day) == []
    whole = almanac.Period(name, first, last)
    assert whole in almanac.periods(first - almanac.DAY, last + almanac.DAY)


def test_a_feast_is_told_on_its_day_and_the_evening_before(reader):
    name = "Bevrijdingsdag" if reader == "nl" else "Liberation Day"

    (on_the_day,) = hints_on(at(2027, 5, 5))
    before = hints_on(at(2027, 5, 4))[-1]
    assert name in on_the_day
    assert name in before
    assert hints_on(at(2027, 5, 4, hour=10)) == []
    assert any("Nieuwjaarsdag" in h or "New Year" in h for h in hints_on(at(2026, 12, 31)))


def test_the_evening_of_the_fourth_of_may_is_for_remembrance(reader):
    hint = _("Remembrance of the dead, at 20:00.")

    for year in (2027, 2028):
        assert hint in hints_on(at(year, 5, 4))
    assert hint not in hints_on(at(2027, 5, 4, hour=10)) + hints_on(at(2027, 5, 3))


def test_an_ordinary_day_has_nothing_against_it(reader):
    assert hints_on(at(2027, 3, 9)) == []


@pytest.mark.parametrize(("days", "is_close"), [(-3, 0), (-2, 1), (0, 1), (2, 1), (3, 0)])
def test_another_meeting_within_two_days_is_told(reader, days, is_close):
    other = Meeting(starts_at=at(2027, 3, 9 + days), duration=120)

    assert len(hints_on(at(2027, 3, 9), [other])) == is_close


def test_two_days_are_counted_on_the_clock_of_walcheren(reader):
    """From early on one day until late on the second after it; in UTC that is a day more."""
    early, late = (
        at_local_time(datetime(2027, 3, 8, 0, 10)),  # noqa: DTZ001
        at_local_time(datetime(2027, 3, 10, 23, 50)),  # noqa: DTZ001
    )

    assert len(hints_on(early, [Meeting(starts_at=late, duration=60)])) == 1


def test_a_year_of_which_not_all_school_holidays_were_set_is_named(reader):
    assert unknown_years([at(2027, 3, 9), at(2060, 3, 9), at(2060, 3, 10)]) == [2060]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (["yes", "yes"], ["yes", "if-need-be", "if-need-be"]),  # most yes
        (["yes"], ["yes", "no"]),  # then fewest no
        (["yes", "no", "if-need-be"], ["yes", "no"]),  # then most if need be
    ],
)
def test_the_best_dates_come_first(better, worse):
    one, other = standing(at(2027, 3, 10), better), standing(at(2027, 3, 9), worse)

    assert sorted([other, one], key=lambda s: s.rank) == [one, other]


def test_of_equals_the_earliest_comes_first():
    early, late = standing(at(2027, 3, 9), ["yes"]), standing(at(2027, 3, 10), ["yes"])

    assert sorted([late, early], key=lambda s: s.rank) == [early, late]


@pytest.mark.parametrize(
    ("fits", "is_short"),
    [
        ([], False),  # nobody said anything yet
        (["yes"] * 2, False),
        (["yes"] * 3, True),  # half of the six
        (["yes", "yes", "if-need-be", "if-need-be"], False),
        (["no", "no"], False),
        (["no"] * 3, True),
    ],
)
def test_too_few_is_said_once_it_is_clear(fits, is_short):
    allies = [Membership(id=str(number)) for number in range(6)]

    assert standing(at(2027, 3, 9), fits).is_short(4, allies) == is_short


def test_in_a_group_smaller_than_agreed_silence_is_no_warning():
    allies = [Membership(id=str(number)) for number in range(6)]

    assert not standing(at(2027, 3, 9), ["no"]).is_short(8, allies)
    assert standing(at(2027, 3, 9), ["yes", "yes", "no"]).is_short(8, allies)


def standing(starts_at, fits):
    found = Standing(ProposedDate(starts_at=starts_at))
    found.answers = {str(number): Fit(fit) for number, fit in enumerate(fits)}
    return found
