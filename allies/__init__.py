"""Allies: meetings, topics and quick advice for a confidential group of residents."""

import sys
from datetime import timedelta

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect, generate_csrf
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from allies import cli, config, db, headers, held, i18n, keys, logs, trouble, web
from allies.accounts.unsent import bp as accounts_pages
from allies.actions.views import bp as actions_pages
from allies.advice.desk import bp as advice_pages
from allies.agenda.desk import bp as agenda_pages
from allies.alliances.views import bp as alliances_pages
from allies.alliances.views import user_of
from allies.assets import Assets
from allies.attendance.views import bp as attendance_pages
from allies.audit import AuditLine
from allies.calendars.views import bp as calendars_pages
from allies.compression import CompressEverything
from allies.crypto import Keyring
from allies.dates.views import bp as dates_pages
from allies.errors import ConfigError
from allies.forms import new_once
from allies.guests.views import bp as guests_pages
from allies.health import bp as health_pages
from allies.home.views import bp as home_pages
from allies.invitations.joining import bp as invitations_pages
from allies.limits import RequestLimit
from allies.meetings.planner import bp as meetings_pages
from allies.minutes.desk import bp as minutes_pages
from allies.notifications.views import bp as notifications_pages
from allies.outcomes import models as _outcomes  # noqa: F401
from allies.passkeys.views import bp as passkeys_pages
from allies.people.views import bp as people_pages
from allies.promises.views import bp as promises_pages
from allies.queue import waker
from allies.reminders.views import bp as reminders_pages
from allies.rights import registered as _registered  # noqa: F401
from allies.rights.objecting import bp as rights_pages
from allies.sealing import Sealed
from allies.second_step.views import bp as second_step_pages
from allies.topics.desk import bp as topics_pages
from allies.venues.views import bp as venues_pages
from allies.year.views import bp as year_pages

BLUEPRINTS = (
    web.bp,
    accounts_pages,
    home_pages,
    meetings_pages,
    agenda_pages,
    venues_pages,
    dates_pages,
    reminders_pages,
    guests_pages,
    calendars_pages,
    topics_pages,
    invitations_pages,
    advice_pages,
    alliances_pages,
    notifications_pages,
    passkeys_pages,
    people_pages,
    second_step_pages,
    rights_pages,
    promises_pages,
    minutes_pages,
    actions_pages,
    attendance_pages,
    year_pages,
    health_pages,
)
MAX_BODY = 64 * 1024


def create_app(settings=None):
    """The application. Raises ConfigError for an unsafe setting or a view without a guard."""
    settings = settings or config.load()
    app = Flask(__name__, static_folder=None, template_folder=str(config.ROOT / "templates"))
    configure(app, settings)
    connect(app, settings)
    extend(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.init(app)
    refuse_unguarded(app)
    return app


def start():
    """The application for a server or a command: a bad setting is one line and exit code 2."""
    logs.init()
    try:
        return create_app()
    except ConfigError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def configure(app, settings):
    app.config.update(
        ALLIES=settings,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        SESSION_COOKIE_NAME="__Host-table" if settings.is_https else "table",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_CHECK_DEFAULT=False,  # the guards check, after they know who may see the row
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,  # a seventh of a millisecond more than 4, and 7% less to send
        COMPRESS_MIN_SIZE=300,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def connect(app, settings):
    db.connect(settings.database)
    waker.connect(settings)
    keyring = Keyring(settings.data_keys, settings.index_key, settings.reload_data_keys)
    Sealed.keyring, AuditLine.audit_key = keyring, keyring.audit_key
    keys.check_start(keyring)
    app.before_request(db.open_connection)
    app.teardown_request(db.close_connection)


def extend(app, settings):
    login = LoginManager(app)
    login.session_protection = None  # it signs out a phone that moves from wifi to mobile
    login._session_identifier_generator = lambda: ""
    login.user_loader(user_of)
    app.extensions["csrf"] = CSRFProtect(app)
    app.extensions["request_limit"] = RequestLimit()
    Htmx(app)
    CompressEverything(app)
    i18n.init(app)
    trouble.init(app)
    published = settings.instance / "assets"
    assets = Assets(config.ROOT / "static", published)
    app.wsgi_app = assets.serve(app.wsgi_app, published)
    if settings.proxies:  # never trust more headers than there are proxies: anybody can send one
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
    headers.init(app, assets.style_source, is_https=settings.is_https)
    app.jinja_env.globals.update(
        can=web.can,
        csrf_token=generate_csrf,
        new_once=new_once,
        public_name=settings.public_name,
        static_url=assets.url,
        unsent=held.is_waiting,
        inline_css=assets.inline_css,
    )


def refuse_unguarded(app):
    for endpoint, view in app.view_functions.items():
        if not getattr(view, "guard", None):
            raise ConfigError(f"The view {endpoint} has neither @allow nor @public.")
