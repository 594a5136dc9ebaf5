"""Loading the demo region: the content of walcheren.toml around today, as real rows."""

import tomllib
from datetime import time, timedelta
from pathlib import Path

from allies.accounts.models import User
from allies.accounts.service import set_passphrase
from allies.alliances.models import Alliance, Membership, Region
from allies.db import atomic, now
from allies.demo import actions, advice, agenda, dates, guests, minutes, people, topics
from allies.i18n import at_local_time, local
from allies.meetings.models import Meeting, Rsvp
from allies.people.models import Identity
from allies.second_step.service import set_code_app
from allies.venues.models import Venue

CONTENT = Path(__file__).with_name("walcheren.toml")
PASSPHRASE = "een tafel vol mosselen"  # noqa: S105 - of invented people, on localhost only
APP_SECRET = "ALLIESDEMOWALCHERENZEELANDANNA22"  # noqa: S105 - of Anna's code app; as public


class Loaded:
    """What has been made so far, by the keys of the content file."""

    def __init__(self, moment):
        self.moment = moment
        self.alliances, self.users, self.members = {}, {}, {}
        self.venues, self.meetings = {}, {}

    def member(self, person, alliance):
        return self.members[person, alliance]

    def at(self, *, days=0, hours=0):
        return self.moment + timedelta(days=days, hours=hours)


@atomic
def load():
    """Fill an empty database with the demo region."""
    content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    loaded = Loaded(now())
    load_people(content, loaded)
    people.load(content, loaded)
    load_meetings(content, loaded)
    dates.load(content, loaded)
    topics.load(content, loaded)
    agenda.load(content, loaded)
    minutes.load(content, loaded)
    actions.load(content, loaded)
    guests.load(content, loaded)
    advice.load(content, loaded)


def load_people(content, loaded):
    region = Region.create(name=content["region"]["name"])
    for person in content["person"]:
        user = loaded.users[person["key"]] = User.create()
        contact = {key: person[key] for key in ("name", "email", "phone")}
        Identity.enrol(user, **contact)
        for part in person["membership"]:
            name = part["alliance"]
            if name not in loaded.alliances:
                loaded.alliances[name] = Alliance.create(region=region, name=name)
            loaded.members[person["key"], name] = Membership.create(
                alliance=loaded.alliances[name],
                user=user,
                role=part["role"],
                organisation=part.get("organisation"),
                alias=part["alias"],
            )
    set_passphrase(loaded.users["anna"], PASSPHRASE)
    set_code_app(loaded.users["anna"], APP_SECRET, step=0)


def load_meetings(content, loaded):
    for facts in content["venue"]:
        loaded.venues[facts["key"]] = Venue.create(
            alliance=loaded.alliances[facts["alliance"]],
            name=facts["name"],
            area=facts["area"],
            address=facts["address"],
            transport=facts.get("transport", ""),
            is_step_free=facts.get("step_free", False),
            has_discreet_entrance=facts.get("discreet_entrance", False),
            has_kitchen=facts.get("kitchen", False),
        )
    for facts in content["meeting"]:
        day = local(loaded.at(days=facts["days"])).replace(tzinfo=None)
        clock = time.fromisoformat(facts["time"])
        meeting = loaded.meetings[facts["key"]] = Meeting.create(
            alliance=loaded.alliances[facts["alliance"]],
            starts_at=at_local_time(day.combine(day.date(), clock)),
            duration=facts["duration"],
            venue=loaded.venues.get(facts.get("venue")),
            brings=facts.get("brings", ""),
            came=facts.get("came"),
        )
        for rsvp in facts.get("rsvp", ()):
            Rsvp.create(
                meeting=meeting,
                membership=loaded.member(rsvp["person"], facts["alliance"]),
                answer=rsvp["answer"],
                note=rsvp.get("note", ""),
            )
