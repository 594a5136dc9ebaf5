"""The demo region as data: whole, consistent, and written by its own house rules."""

import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from allies.textcheck import check

ALLIES = Path(__file__).parents[2] / "allies"
REGION = tomllib.loads((ALLIES / "demo" / "walcheren.toml").read_text("utf-8"))
WORDS = (ALLIES / "alliances" / "aliases.txt").read_text("utf-8").splitlines()

ALLIANCES = ["Middelburg", "Veere", "Vlissingen"]
PERSONAS = {
    "anna": {("Veere", "ally", None)},
    "bram": {("Veere", "ally", None)},
    "carla": {("Veere", "coordinator", "police")},
    "daan": {("Veere", "coordinator", "municipality")},
    "mina": {("Middelburg", "ally", None)},
    "dirk": {("Middelburg", "coordinator", "police")},
    "vera": {("Vlissingen", "ally", None)},
    "eva": {("Veere", "partner", None)},
    "piet": {(alliance, "coordinator", "police") for alliance in ALLIANCES},
    "sanne": {("Vlissingen", "coordinator", "municipality"), ("Middelburg", "ally", None)},
}
THEMES = {"housing", "living-together", "safety", "youth", "care"}
THEMES |= {"tourism", "energy-nature", "facilities", "economy", "other"}
SOUNDS = {"ij": "y", "ei": "y", "au": "ou", "ch": "g", "th": "t", "v": "f", "z": "s", "c": "k"}
OUTCOMES = {"taken-up", "partly", "not", "not-ours"}
TEXTS = ("title", "what", "where", "since", "effect", "question")
TEXTS += ("known", "unknown", "shareable", "reason", "text")
OF_MINUTES = ("heard", "advice", "text", "remark", "said", "reply")
KEYS = {
    "person": "key name email phone membership",
    "reveal": "alliance person by days field reason note",
    "venue": "key alliance name area address step_free discreet_entrance transport kitchen",
    "meeting": "key alliance days time duration came venue brings rsvp",
    "topic": "alliance title what where since effect theme state author days question ground"
    " meeting supporters outcome",
    "round": "alliance question known unknown shareable options state asked_by opened_hours hours"
    " acute reason answer outcome",
    "action": "meeting about owner text due_days state ended_days reason",
}


def people(alliance, role):
    """Keys of those who hold this role in the alliance, in the order of joining."""
    return [
        person["key"]
        for person in REGION["person"]
        for place in person["membership"]
        if (place["alliance"], place["role"]) == (alliance, role)
    ]


def of(table, alliance, **facts):
    """Rows of one alliance for which every fact holds."""
    wanted = {"alliance": alliance, **facts}
    return [row for row in REGION[table] if wanted.items() <= row.items()]


def texts():
    """Everything members and coordinators wrote in topics and rounds, one string each."""
    for row in REGION["topic"] + REGION["round"]:
        parts = [row, row.get("outcome", {}), *row.get("answer", [])]
        yield from (part[name] for part in parts for name in TEXTS if part.get(name))
        yield from row.get("options", [])
    for part in (part for minutes in REGION["minutes"] for part in minutes["part"]):
        for row in (part, part.get("outcome", {}), *part.get("contest", [])):
            yield from (row[name] for name in OF_MINUTES if row.get(name))
    yield from (row[name] for row in REGION["action"] for name in TEXTS if row.get(name))


def in_order(values):
    """Whether the values only climb or only fall."""
    return list(values) in (sorted(values), sorted(values, reverse=True))


def sound(word):
    """A word roughly as a bad telephone line carries it."""
    heard = word.lower()
    for written, spoken in SOUNDS.items():
        heard = heard.replace(written, spoken)
    return re.sub(r"d$", "t", re.sub(r"(.)\1", r"\1", heard))


def distance(one, other):
    """Letters to change, add or leave out to get from one word to the other (Levenshtein)."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, against in enumerate(other, 1):
            swapped = above[column - 1] + (letter != against)
            here.append(min(above[column] + 1, here[-1] + 1, swapped))
        above = here
    return above[-1]


# -- the alias list


def test_the_list_has_at_least_160_single_capitalised_words():
    assert len(set(WORDS)) == len(WORDS) >= 160
    assert [word for word in WORDS if not re.fullmatch(r"(IJ|[A-Z])[a-z]{2,}", word)] == []


def test_no_two_words_of_the_list_are_confused_on_the_phone():
    confused = [
        (one, other)
        for one, other in itertools.combinations(WORDS, 2)
        for a, b in [(sound(one), sound(other))]
        if distance(a, b) < 3 or a[:4] == b[:4] or a[-5:] == b[-5:]
    ]
    assert confused == []


# -- the people


def test_the_personas_are_exactly_the_agreed_cast():
    found = {
        person["key"]: {
            (place["alliance"], place["role"], place.get("organisation"))
            for place in person["membership"]
        }
        for person in REGION["person"]
        if not person["key"][-1].isdigit()
    }
    assert found == PERSONAS


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_an_alliance_has_twelve_allies(alliance):
    assert len(people(alliance, "ally")) == 12


def test_nobody_is_twice_in_the_region():
    for field in ("key", "name", "email", "phone"):
        assert max(Counter(person[field] for person in REGION["person"]).values()) == 1


def test_no_address_and_no_number_can_be_anybodys():
    assert all(person["email"].endswith("@example.org") for person in REGION["person"])
    # no number that begins so is given out
    assert all(re.fullmatch(r"\+316000000\d\d", person["phone"]) for person in REGION["person"])


def test_only_coordinators_have_an_organisation():
    for person in REGION["person"]:
        for place in person["membership"]:
            expected = {"police", "municipality"} if place["role"] == "coordinator" else {None}
            assert place.get("organisation") in expected


def test_an_alias_comes_from_the_list_and_names_one_membership():
    aliases = [place["alias"] for person in REGION["person"] for place in person["membership"]]
    assert set(aliases) <= set(WORDS)
    assert len(set(aliases)) == len(aliases)


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_aliases_tell_nothing_of_the_order_of_joining(alliance):
    aliases = [
        place["alias"]
        for person in REGION["person"]
        for place in person["membership"]
        if (place["alliance"], place["role"]) == (alliance, "ally")
    ]
    places = [WORDS.index(alias) for alias in aliases]
    assert not any(in_order(places[start : start + 6]) for start in range(7))
    assert not any(abs(one - other) == 1 for one, other in itertools.pairwise(places))


# -- venues and meetings


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_five_meetings_lie_around_today(alliance):
    days = [meeting["days"] for meeting in of("meeting", alliance)]
    assert len(days) == 5
    assert days == sorted(days)
    assert days[-1] - days[0] < 365
    assert [day < 0 for day in days] == [True, True, True, False, False]
    assert 6 <= days[3] <= 12


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_no_venue_is_used_twice_and_only_the_last_meeting_has_none(alliance):
    venues = [meeting.get("venue") for meeting in of("meeting", alliance)]
    own = {venue["key"] for venue in of("venue", alliance)}
    assert venues[4] is None
    assert len(set(venues)) == 5
    assert set(venues[:4]) <= own


def test_keys_of_venues_and_meetings_are_unique():
    for table in ("venue", "meeting"):
        keys = [row["key"] for row in REGION[table]]
        assert len(set(keys)) == len(keys)


def test_a_meeting_is_answered_once_by_allies_of_its_alliance():
    for meeting in REGION["meeting"]:
        answers = meeting.get("rsvp", [])
        who = [answer["person"] for answer in answers]
        assert len(set(who)) == len(who)
        assert set(who) <= set(people(meeting["alliance"], "ally"))
        assert {answer["answer"] for answer in answers} <= {"yes", "no", "maybe"}


@pytest.mark.parametrize(("key", "person"), [("veere-4", "anna"), ("middelburg-4", "mina")])
def test_the_open_meeting_still_waits_for_some(key, person):
    (meeting,) = [row for row in REGION["meeting"] if row["key"] == key]
    who = {answer["person"] for answer in meeting["rsvp"]}
    assert person not in who
    assert 6 <= len(who) <= 9


# -- topics


def test_veere_shows_every_state_of_a_topic():
    states = Counter(topic["state"] for topic in of("topic", "Veere"))
    assert states == {"returned": 1, "submitted": 2, "declined": 1, "approved": 4, "discussed": 2}
    assert of("topic", "Veere", state="returned", author="anna")
    assert len(of("topic", "Veere", state="approved", meeting="veere-4")) == 2


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_every_alliance_has_topics_in_moderation_on_the_agenda_and_discussed(alliance):
    states = {topic["state"] for topic in of("topic", alliance)}
    assert {"submitted", "approved", "discussed"} <= states
    assert len(of("topic", alliance)) >= 5


def test_a_topic_is_put_forward_and_supported_by_allies_of_its_alliance():
    for topic in REGION["topic"]:
        allies, supporters = people(topic["alliance"], "ally"), topic.get("supporters", [])
        assert topic["author"] in allies
        assert topic["author"] not in supporters
        assert set(supporters) <= set(allies)
        assert len(set(supporters)) == len(supporters)


def test_only_topics_the_others_can_see_have_supporters_or_a_meeting():
    for topic in REGION["topic"]:
        if topic["state"] not in ("approved", "discussed"):
            assert not {"supporters", "meeting", "outcome"} & set(topic)


def test_an_approved_topic_waits_for_a_coming_meeting_and_a_discussed_one_was_at_a_held_one():
    days = {(row["alliance"], row["key"]): row["days"] for row in REGION["meeting"]}
    for topic in REGION["topic"]:
        assert topic["days"] < 0
        if "meeting" in topic:
            held = days[topic["alliance"], topic["meeting"]]
            assert topic["days"] < held
            assert (held < 0) == (topic["state"] == "discussed")
        else:
            assert topic["state"] != "discussed"


def test_only_a_returned_topic_has_a_question_and_only_a_declined_one_a_ground():
    grounds = {"person", "incident", "operational", "double", "other"}
    for topic in REGION["topic"]:
        assert ("question" in topic) == (topic["state"] == "returned")
        assert ("ground" in topic) == (topic["state"] == "declined")
        assert topic.get("ground", "other") in grounds
        assert topic["theme"] in THEMES


def test_the_text_of_a_declined_topic_is_gone_and_no_other_is_empty():
    for topic in REGION["topic"]:
        empty = {topic[name] == "" for name in ("title", "what", "where", "since", "effect")}
        assert empty == {topic["state"] == "declined"}


# -- rounds


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_every_alliance_has_a_closed_round_with_its_outcome(alliance):
    closed = of("round", alliance, state="closed")
    assert [row for row in closed if "state" in row["outcome"]]


def test_the_one_open_round_waits_for_anna_and_has_five_answers():
    (row,) = [row for row in REGION["round"] if row["state"] == "open"]
    assert (row["alliance"], row["opened_hours"], row["hours"]) == ("Veere", -3, 24)
    assert len(row["answer"]) == 5
    assert "anna" not in [answer["person"] for answer in row["answer"]]


def test_the_draft_by_carla_was_never_opened():
    (row,) = [row for row in REGION["round"] if row["state"] == "draft"]
    assert (row["alliance"], row["asked_by"]) == ("Veere", "carla")
    assert not {"opened_hours", "answer", "outcome"} & set(row)


def test_a_round_is_asked_by_a_coordinator_and_answered_once_by_allies():
    for row in REGION["round"]:
        answers = row.get("answer", [])
        who = [answer["person"] for answer in answers]
        assert row["asked_by"] in people(row["alliance"], "coordinator")
        assert len(set(who)) == len(who)
        assert set(who) <= set(people(row["alliance"], "ally"))
        assert {answer["option"] for answer in answers} <= set(range(len(row["options"])))
        assert {answer["mood"] for answer in answers} <= {"calm", "tense", "alarmed", "not-mine"}
        assert 2 <= len(row["options"]) <= 5


def test_an_acute_round_gives_its_reason():
    assert all(row["acute"] == bool(row["reason"]) for row in REGION["round"])


def test_a_round_owes_its_outcome_three_days_after_closing():
    for row in REGION["round"]:
        if row["state"] == "closed":
            closing = (row["opened_hours"] + row["hours"]) / 24
            assert row["outcome"]["due_days"] == round(closing + 3)


# -- outcomes


def test_an_outcome_is_owed_by_a_coordinator_of_the_alliance():
    for row in REGION["topic"] + REGION["round"]:
        assert ("outcome" in row) == (row["state"] in ("discussed", "closed"))
        if "outcome" in row:
            assert row["outcome"]["by"] in people(row["alliance"], "coordinator")
            assert row["outcome"].get("state") in OUTCOMES | {None}
            assert ("state" in row["outcome"]) == ("text" in row["outcome"])


def test_every_kind_of_outcome_was_given_and_one_topic_and_one_round_are_overdue():
    outcomes = {
        table: [row["outcome"] for row in REGION[table] if "outcome" in row]
        for table in ("topic", "round")
    }
    given = {outcome.get("state") for rows in outcomes.values() for outcome in rows}
    assert given == OUTCOMES | {None}
    for rows in outcomes.values():
        assert len([row for row in rows if "state" not in row and row["due_days"] < 0]) == 1


# -- the words themselves


def test_only_the_agreed_keys_are_used():
    for table, keys in KEYS.items():
        assert {key for row in REGION[table] for key in row} == set(keys.split())


def test_texts_fit_their_fields():
    assert max(len(topic["title"]) for topic in REGION["topic"]) <= 100
    assert max(len(text) for text in texts()) <= 2000


def test_the_text_check_has_nothing_to_say_about_any_text():
    notes = [row["note"] for meeting in REGION["meeting"] for row in meeting.get("rsvp", [])]
    brought = [meeting["brings"] for meeting in REGION["meeting"]]
    assert [found for text in [*texts(), *notes, *brought] for found in check(text)] == []


def test_no_text_holds_a_number_an_address_or_two_names_in_a_row():
    found = [text for text in texts() if re.search(r"\d|@|[A-ZÀ-Þ]\w+ [A-ZÀ-Þ]\w+", text)]
    assert found == []


def test_no_text_calls_a_member_by_name_or_alias():
    named = {name for person in REGION["person"] for name in person["name"].split()[:1]}
    named |= {place["alias"] for person in REGION["person"] for place in person["membership"]}
    assert [text for text in texts() if named & set(re.findall(r"\w+", text))] == []


def test_no_text_is_used_twice():
    repeated = [text for text, times in Counter(texts()).items() if times > 1]
    assert repeated == []


def test_every_theme_lives_somewhere_on_walcheren():
    assert {topic["theme"] for topic in REGION["topic"]} == THEMES
