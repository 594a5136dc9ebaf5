"""Fill a fresh database with what is measured: python -m bench.fill, in a copy of the tree.

The demo region, and on top of it a Veere of 45 allies with 45 points on a round, 25 topics and
900 sign-ins: one sign-in may ask for 240 pages a minute, and the measuring asks for more. Prints
as JSON the addresses, and the cookies and tokens to ask for them with.
"""

import json
from datetime import timedelta

from flask import session
from flask_wtf.csrf import generate_csrf

from allies import config, create_app, db, migrate
from allies.accounts.models import SignIn, User
from allies.advice.models import Advice, Mood, Round
from allies.advice.states import State
from allies.alliances.models import Alliance, Membership, Organisation, Role
from allies.crypto import digest, token
from allies.db import now
from allies.demo import cast, loader
from allies.i18n import local
from allies.meetings.models import Meeting
from allies.notifications.models import Link
from allies.topics.models import Support, Theme, Topic, TopicState

ALLIES, TOPICS, SIGN_INS = 45, 25, 900
OPTIONS = ["Nu al iets zeggen", "Eerst afwachten", "Samen een avond houden"]
SAID = (
    "Bij ons in de straat praten mensen er veel over. Vertel vooral wat er al wel zeker is, "
    "en zeg ook eerlijk wat nog niet bekend is."
)


def main() -> None:
    config.ensure_secrets(config.ROOT / "instance")
    settings = config.load()
    app = create_app(settings)
    db.open_connection()
    migrate.upgrade(settings)
    loader.load()
    with db.atomic():
        facts = make_crowd(app)
    print(json.dumps(facts))


def make_crowd(app):
    """The larger Veere; returns what the measuring needs to know."""
    veere = Alliance.get(Alliance.name == "Veere")
    allies = list(veere.allies)
    for number in range(len(allies), ALLIES):
        alias = f"Bank {number}"
        user = User.create()
        allies.append(Membership.create(alliance=veere, user=user, role=Role.ALLY, alias=alias))
    make_topics(veere, allies)
    watched, answered = make_round(veere, allies), make_round(veere, allies)
    ally, coordinator = cast.user_of("mina"), cast.user_of("dirk")
    coming = Meeting.is_on() & (Meeting.starts_at > now())
    meeting = Meeting.listed_for(ally).where(coming).get()
    return {
        "crowd": [signed_in(app, allies[n % ALLIES].user) for n in range(SIGN_INS)],
        "ally": signed_in(app, ally),
        "coordinator": signed_in(app, coordinator),
        "round": f"/advice/{watched.id}",
        "board": f"/advice/{watched.id}/board?seen=0",
        "poll": f"/advice/{watched.id}/board?seen={watched.version}",
        "answer": f"/advice/{answered.id}/answer",
        "meeting": f"/meetings/{meeting.id}",
        "link": f"/n/{make_link(ally, meeting)}",
    }


def make_topics(alliance, allies):
    for number in range(TOPICS):
        topic = Topic.create(
            alliance=alliance,
            proposed_by=allies[number],
            title=f"Wonen en toerisme in de kernen, deel {number + 1}",
            what=SAID,
            theme=Theme.HOUSING,
            state=TopicState.APPROVED,
            submitted_on=local(now()).date(),
            decided_on=local(now()).date(),
        )
        for supporter in allies[number : number + 3]:
            Support.create(topic=topic, membership=supporter)


def make_round(alliance, allies):
    round = Round.create(
        alliance=alliance,
        state=State.OPEN,
        organisation=Organisation.POLICE,
        question="Er is onrust over de opvang aan de haven. Wat raadt u ons aan?",
        known=SAID,
        unknown=SAID,
        shareable=SAID,
        options=OPTIONS,
        opened_at=now(),
        ends_at=now() + timedelta(hours=4),
        asked=len(allies),
    )
    moods = list(Mood)
    for number, ally in enumerate(allies):
        chosen = {"option": number % len(OPTIONS), "mood": moods[number % len(moods)]}
        Advice.create(round=round, membership=ally, text=SAID, **chosen)
    return round


def make_link(user, meeting):
    """The link in a message that asks this user to the meeting."""
    secret = token()
    member = meeting.alliance.member(user)
    Link.create(
        id=digest(secret), membership=member, meeting_id=meeting.id, ends_at=meeting.starts_at
    )
    return secret


def signed_in(app, user):
    """The cookie of a new sign-in, and the CSRF token that goes with it."""
    secret = token() + token()
    SignIn.create(id=digest(secret), user=user, ends_at=now() + timedelta(hours=1))
    with app.test_request_context():
        session["_user_id"] = secret
        csrf = generate_csrf()
        value = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "csrf": csrf}


if __name__ == "__main__":
    main()
