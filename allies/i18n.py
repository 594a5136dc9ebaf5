"""Two languages and one clock: Dutch unless chosen otherwise, times as on Walcheren."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n
from flask_login import current_user

__all__ = ["N_", "_", "_l", "_n"]  # the rest is defined here

LOCALES = {"nl": "Nederlands", "en": "English"}
ZONE = ZoneInfo("Europe/Amsterdam")
DAY, DAY_YEAR, CLOCK = "EEEE d MMMM", "EEEE d MMMM y", "HH.mm"


def N_(text):
    """Mark a source string that is translated where it is shown."""
    return text


def init(app):
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.config["BABEL_DEFAULT_TIMEZONE"] = ZONE.key
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=chosen_locale)
    app.jinja_env.filters.update(
        day=day,
        clock=clock,
        clock_to_clock=clock_to_clock,
        moment=moment,
    )
    app.context_processor(lambda: {"locale": current_locale()})


def chosen_locale():
    """The language chosen on this device, else on the account, else Dutch."""
    if not has_request_context():
        return "nl"
    if "locale" in session:
        return session["locale"] if session["locale"] in LOCALES else "nl"
    return current_user.locale if current_user.is_authenticated else "nl"


def out_to(address):
    """This address with the language in it, for a browser that forgets the rest meanwhile."""
    return f"{address}?out={current_locale()}"


def comes_out():
    """Did somebody just go out here? Then the page goes on in the language of `out_to`."""
    if request.args.get("out") not in LOCALES:
        return False
    session.setdefault("locale", request.args["out"])
    return True


def current_locale():
    return str(get_locale())


def local(moment):
    """A UTC moment on the clock of Walcheren."""
    return moment.astimezone(ZONE)


def at_local_time(naive):
    """The moment of a local wall time. ValueError for an hour the clock skips (02:30 in March)."""
    aware = naive.replace(tzinfo=ZONE)
    moment = aware.astimezone(UTC)
    if moment.astimezone(ZONE).replace(tzinfo=None) != naive:
        raise ValueError("this wall time does not exist")
    return moment


def bounds_of(year):
    """When a year begins and when the next one does, on the clock of Walcheren."""
    return tuple(at_local_time(datetime(y, 1, 1)) for y in (year, year + 1))  # noqa: DTZ001


def today():
    """The day it is on Walcheren."""
    return local(datetime.now(UTC)).date()


def day(when):
    """ "dinsdag 24 november", of a date or a moment; with the year when that is not this one."""
    date = local(when).date() if isinstance(when, datetime) else when
    return format_date(date, DAY if date.year == today().year else DAY_YEAR)


def clock(moment):
    """ "19.30 uur" in Dutch, "19:30" in English."""
    if current_locale() == "en":
        return format_datetime(moment, "HH:mm")
    return f"{format_datetime(moment, CLOCK)} uur"


def clock_to_clock(start, end):
    """ "19.30 – 21.30 uur": from when to when on one day."""
    return f"{clock(start).removesuffix(' uur')} – {clock(end)}"


def moment(moment):
    """Day and time in one phrase: "dinsdag 24 november om 19.30 uur"."""
    return _("%(day)s at %(time)s", day=day(moment), time=clock(moment))
