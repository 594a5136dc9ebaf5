"""Somebody with a trace in every table, and a search for what is left of it."""

import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest

from allies.accounts.models import Device, Passphrase, SignIn, User
from allies.advice.models import Advice, Round
from allies.alliances.models import Membership
from allies.audit import record
from allies.crypto import digest, token
from allies.db import now
from allies.invitations.models import Invitation
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Delivery, Link
from allies.notifications.post import Folder
from allies.passkeys.models import Passkey
from allies.people.models import Identity, NewEmail, Reason, Reveal
from allies.rights.models import Objection
from allies.second_step.models import CodeApp, RecoveryCode
from allies.topics.models import Support, Topic

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clean_instance(app):
    """No mail and no list of the erased from another test."""
    instance = app.config["ALLIES"].instance
    shutil.rmtree(instance / "mail", ignore_errors=True)
    (instance / "erasures").unlink(missing_ok=True)


class Trace(SimpleNamespace):
    """A user, a membership, and the secrets and words that are theirs alone."""

    @property
    def words(self):
        """What must be found in the export, and nowhere once they left."""
        return [self.name, self.email, self.phone, f"notitie-{self.canary}", self.objection]


@pytest.fixture
def trace(app, veere, member):
    """trace("kanarieA") makes an ally of Veere who left something in every table."""

    def make(canary, alliance=veere):
        carla = member("carla")
        user = User.create()
        facts = {
            "name": f"{canary} de Kreek",
            "email": f"{canary}@example.org".lower(),
            "phone": f"+3161{sum(map(ord, canary)):07}",
        }
        Identity.enrol(user, **facts)
        membership = Membership.create(
            alliance=alliance, user=user, role="ally", alias=f"Vogel {canary}"
        )
        whose = {"membership": membership}
        secret = token() + token()
        device = Device.create(id=digest(token()), user=user, ends_at=now() + DAY)
        SignIn.create(id=digest(secret), user=user, device=device, ends_at=now() + DAY)
        Passphrase.create(user=user, hash=f"hash-{canary}")
        key = f"passkey-{canary}".encode()
        Passkey.create(user=user, credential_id=key, public_key=key)
        CodeApp.create(user=user, secret=CodeApp.seal("secret", user.id, f"geheim-{canary}"))
        RecoveryCode.create(id=digest(f"code-{canary}"), user=user)
        waiting = NewEmail.seal("email", user.id, f"nieuw-{canary}@example.org".lower())
        NewEmail.create(user=user, email=waiting, ends_at=now() + DAY)
        meeting = Meeting.create(alliance=alliance, starts_at=now() + DAY, duration=60)
        Rsvp.create(meeting=meeting, **whose, answer="yes", note=f"notitie-{canary}")
        topics = [
            Topic.create(
                alliance=alliance, proposed_by=membership, title=f"Thema {state} {canary}",
                what="Weer een winkel dicht", state=state, submitted_on=now().date(),
            )
            for state in ("submitted", "returned", "approved", "discussed")
        ]  # fmt: skip
        others = Topic.create(
            alliance=alliance, title="Van een ander", what="x", state="approved",
            submitted_on=now().date(), past_support=2,
        )  # fmt: skip
        Support.create(topic=others, **whose)
        round = Round.select().where(Round.alliance == alliance).first()
        advice = Advice.create(round=round, **whose, mood="calm", text=f"advies {canary}")
        delivery = Delivery.create(**whose)
        mail = Folder(app.config["ALLIES"].instance / "mail")
        mail.path.mkdir(exist_ok=True)
        (mail.path / f"{delivery.id}.eml").write_text(facts["email"])
        Link.create(id=digest(f"link-{canary}"), **whose, ends_at=now() + DAY)
        code = digest(f"invitation-{canary}")
        Invitation.create(
            alliance=alliance, role="ally", code_hash=code, ends_at=now() + DAY, place=membership
        )
        Reveal.create(
            alliance=alliance, **whose, field="name", reason=Reason.SAFETY,
            note=f"inzage-{canary}", by=carla, organisation="police",
        )  # fmt: skip
        objection = f"bezwaar-{canary}"
        Objection.create(alliance=alliance, **whose, text=objection)
        record(user, "account.signed-in")
        record(carla, "member.tried", membership, note=f"reden-{canary}")
        return Trace(
            user=user, membership=membership, canary=canary, secret=secret, topics=topics,
            advice=advice, supported=others, delivery=delivery, objection=objection, **facts,
        )  # fmt: skip

    return make


@pytest.fixture
def device_of(app):
    """A browser with the sign-in that a trace has."""

    def browser(found):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = found.secret
        return client

    return browser
