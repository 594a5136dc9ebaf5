"""A browser in front of the sign-in page, and the codes of Anna's app."""

import pyotp

from allies.accounts.models import User
from allies.accounts.service import start_sign_in
from allies.demo.loader import APP_SECRET, PASSPHRASE
from allies.second_step.models import CodeApp


def code_of_anna():
    """What her app shows now."""
    return pyotp.TOTP(APP_SECRET).now()


class Door:
    """A browser of its own; `network` is where its requests come from."""

    def __init__(self, app, network="127.0.0.1"):
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = network

    def get(self, path):
        return self.client.get(path)

    def post(self, path, data, page="/sign-in"):
        token = self.client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.client.post(path, data={"csrf_token": token, **data})

    def type_passphrase(self, email="anna@example.org", passphrase=PASSPHRASE, path="/sign-in"):
        return self.post(path, {"email": email, "passphrase": passphrase})

    def type_code(self, code=None, path="/sign-in/code", **fields):
        code = code_of_anna() if code is None else code
        return self.post(path, {"code": code, **fields}, page="/sign-in/code")

    def enter(self, **fields):
        """Both steps; the half minute is free again, so that a test can enter twice in it."""
        first = self.type_passphrase()
        if first.location == "/sign-in/code":
            CodeApp.update(last_step=0).execute()
            return self.type_code(**fields)
        return first

    def cookie(self, name="table"):
        found = self.client.get_cookie(name)
        return found and found.value

    def copy_to(self, other, *names):
        for name in names:
            other.client.set_cookie(name, self.cookie(name))

    @property
    def is_in(self):
        return self.get("/meetings").status_code == 200


def signed_in(app, user, device=None):
    """A door behind which this user is signed in, as on an own device when one is given."""
    door = Door(app)
    secret = start_sign_in(User.get_by_id(user.id), device=device)
    with door.client.session_transaction() as session:
        session["_user_id"] = secret
    return door
