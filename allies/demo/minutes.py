"""The minutes of the demo region: fixed, open for remarks, half written; some not begun."""

from datetime import timedelta

from allies.agenda.models import AgendaItem
from allies.demo import outcomes
from allies.i18n import local
from allies.minutes.models import (
    CONTEST_TIME,
    Contest,
    Minutes,
    MinutesPart,
    MinutesRevision,
    MinutesState,
)
from allies.minutes.sentences import sentences_of


def load(content, loaded):
    """After the agendas: each part is about an item, by its kind or the title of its topic."""
    for facts in content["minutes"]:
        minutes = load_minutes(facts, loaded)
        texts = {part["about"]: part for part in facts["part"]}
        for position, item in enumerate(AgendaItem.of_meeting(minutes.meeting)):
            title = item.own_title
            wrote = texts.get(title or item.kind, {})
            load_part(wrote, minutes, loaded, item=item, title=title, position=position)


def load_minutes(facts, loaded):
    meeting = loaded.meetings[facts["meeting"]]
    state = MinutesState(facts["state"])
    times = {}
    if state != MinutesState.CONCEPT:
        times["published_at"] = loaded.at(days=facts["days"])
    if state == MinutesState.FIXED:
        times["fixed_at"] = times["published_at"] + CONTEST_TIME + timedelta(days=1)
    return Minutes.create(
        alliance=meeting.alliance,
        meeting=meeting,
        state=state,
        organisation=loaded.member(facts["by"], meeting.alliance.name).organisation,
        **times,
    )


def load_part(wrote, minutes, loaded, **about):
    text = {name: wrote.get(name, "") for name in ("heard", "advice")}
    owed = wrote.get("outcome")
    part = MinutesPart.create(
        alliance=minutes.alliance,
        minutes=minutes,
        revision=1 if wrote else 0,
        outcome=outcomes.load(owed, minutes.alliance.name, loaded) if owed else None,
        **text,
        **about,
    )
    if wrote and not minutes.is_fixed:
        MinutesRevision.create(
            part=part,
            revision=1,
            saved_at=minutes.published_at or loaded.at(days=-1),
            saved_by=minutes.organisation,
            **text,
        )
    for facts in wrote.get("contest", ()):
        load_contest(facts, part, loaded)


def load_contest(facts, part, loaded):
    made_on = local(loaded.at(days=facts["days"])).date()
    person = None if part.minutes.is_fixed else facts["person"]
    Contest.create(
        alliance=part.alliance,
        part=part,
        membership=person and loaded.member(person, part.alliance.name),
        sentence=sentences_of(part)[facts["sentence"]] if "sentence" in facts else facts["said"],
        remark=facts["remark"],
        made_on=made_on,
        **({"state": facts["state"], "reply": facts["reply"]} if "state" in facts else {}),
        answered_on=made_on + timedelta(days=1) if "state" in facts else None,
    )
