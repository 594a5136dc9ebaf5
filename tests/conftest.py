"""The cast is always there: every test starts with the demo region in a database of its own."""

import base64
import secrets
import shutil
from types import SimpleNamespace

import pytest

from allies import config, create_app, db, migrate
from allies.accounts.models import User
from allies.accounts.service import start_sign_in
from allies.alliances.models import Alliance, Membership
from allies.audit import AuditLine
from allies.demo import cast as demo_cast
from allies.demo import loader
from allies.queue import waker
from allies.sealing import Sealed

pytest_plugins = ["tests.tooling.browser_plugin"]


def settings_in(folder, **environ):
    """Settings for a database in this folder; environ overrides, without the ALLIES_ prefix."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    values = {"SECRET_KEY": key, "DATA_KEYS": key, "INDEX_KEY": key, "DEMO": "1", **environ}
    return config.load({f"ALLIES_{k}": v for k, v in values.items()}, instance=folder)


@pytest.fixture(scope="session")
def app_of_worker(tmp_path_factory):
    """One application a test process, with a demo database to copy from."""
    settings = settings_in(tmp_path_factory.mktemp("instance"))
    app = create_app(settings)
    app.testing = True
    db.open_connection()
    migrate.upgrade(settings)
    loader.load()
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.database.close()
    shutil.copy(settings.instance / "allies.db", settings.instance / "demo.db")
    return app


@pytest.fixture
def app(app_of_worker):
    """The application with a fresh copy of the demo region, and an empty queue."""
    settings = app_of_worker.config["ALLIES"]
    instance = settings.instance
    db.database.close()
    for leftover in (*instance.glob("allies.db*"), *instance.glob("jobs.db*")):
        leftover.unlink()
    # A queue opened before would write to the file that is gone, or without its locks: a test
    # that reads a file of SQLite ends those of this process (sqlite.org, How To Corrupt).
    waker.connect(settings)
    shutil.copy(instance / "demo.db", instance / "allies.db")
    app_of_worker.extensions["request_limit"].counts.clear()
    db.open_connection()
    yield app_of_worker
    db.database.close()


@pytest.fixture
def create(app):
    """create_app for a second application; what a process has one of is the first one's again."""
    database, keyring, key = db.database.obj, Sealed.keyring, AuditLine.audit_key
    yield create_app
    db.database.initialize(database)
    Sealed.keyring, AuditLine.audit_key = keyring, key
    waker.connect(app.config["ALLIES"])


@pytest.fixture
def cast(app):
    """Users by persona: cast.anna, cast.carla and so on."""
    return SimpleNamespace(**{p: demo_cast.user_of(p) for p in demo_cast.PERSONAS})


@pytest.fixture
def member(cast):
    """member("anna") is her membership; member("sanne", "Middelburg") the one there."""

    def find(persona, alliance=None):
        mine = Membership.user == getattr(cast, persona)
        rows = Membership.select().join(Alliance).where(mine)
        return rows.where(Alliance.name == alliance).get() if alliance else rows.get()

    return find


@pytest.fixture
def veere(app):
    return Alliance.get(Alliance.name == "Veere")


@pytest.fixture
def middelburg(app):
    return Alliance.get(Alliance.name == "Middelburg")


@pytest.fixture
def client_of(app):
    """A signed-in test client for a user; every call gives a device of its own."""

    def sign_in(user):
        client = app.test_client()
        secret = start_sign_in(User.get_by_id(user.id))
        with client.session_transaction() as session:
            session["_user_id"] = secret
        return Device(client)

    return sign_in


class Device:
    """A browser: it fetches the CSRF token it needs before it posts."""

    def __init__(self, client):
        self.client = client

    def get(self, *args, **kwargs):
        return self.client.get(*args, **kwargs)

    def post(self, path, data=None, **kwargs):
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **kwargs)

    @property
    def token(self):
        page = self.client.get("/meetings")
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]
