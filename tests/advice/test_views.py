"""Advice through the browser: who may do what when, and what becomes of bad input."""

import re
from datetime import timedelta

import pytest

from allies.advice.models import Advice, Round
from allies.advice.states import State
from allies.audit import AuditLine
from allies.db import now
from allies.i18n import local
from tests.advice.rounds import ADVICE, FIELDS, OUTCOME, end, fresh, state_of
from tests.walk import counted_queries

STATES = ("draft", "open", "ended", "closed", "told")
SENT = {"confirm": {}, "withdraw": {}, "answer": ADVICE, "close": {}, "outcome": OUTCOME}

# What somebody gets for an action, in each of STATES: 303 done, 409 too late or too early,
# 403 not for you, 404 not there for you. Carla of the police asked; Daan is of the municipality.
ANSWERS = {
    ("anna", "confirm"): (404, 403, 403, 403, 403),
    ("anna", "withdraw"): (404, 403, 403, 403, 403),
    ("anna", "answer"): (404, 303, 409, 409, 409),
    ("anna", "close"): (404, 403, 403, 403, 403),
    ("anna", "outcome"): (404, 403, 403, 403, 403),
    ("carla", "confirm"): (409, 409, 409, 409, 409),
    ("carla", "withdraw"): (303, 409, 409, 409, 409),
    ("carla", "answer"): (403, 403, 403, 403, 403),
    ("carla", "close"): (409, 303, 303, 409, 409),
    ("carla", "outcome"): (409, 409, 409, 303, 409),
    ("daan", "confirm"): (303, 409, 409, 409, 409),
    ("daan", "withdraw"): (303, 409, 409, 409, 409),
    ("daan", "answer"): (403, 403, 403, 403, 403),
    ("daan", "close"): (409, 303, 303, 409, 409),
    ("daan", "outcome"): (409, 409, 409, 303, 409),
    ("eva", "confirm"): (404, 404, 404, 403, 403),
    ("eva", "withdraw"): (404, 404, 404, 403, 403),
    ("eva", "answer"): (404, 404, 404, 403, 403),
    ("eva", "close"): (404, 404, 404, 403, 403),
    ("eva", "outcome"): (404, 404, 404, 403, 403),
    **{("dirk", action): (404, 404, 404, 404, 404) for action in SENT},
    **{("sanne", action): (404, 404, 404, 404, 404) for action in SENT},
}
AFTER = {
    "confirm": State.OPEN,
    "withdraw": None,
    "answer": State.OPEN,
    "close": State.CLOSED,
    "outcome": State.OUTCOME_GIVEN,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("persona", "action"), ANSWERS)
def test_every_action_in_every_state_by_everybody(
    client_of, cast, at_state, persona, action, state
):
    round = at_state(state)
    before = fresh(round).state

    answer = client_of(getattr(cast, persona)).post(f"/advice/{round.id}/{action}", SENT[action])

    assert answer.status_code == ANSWERS[persona, action][STATES.index(state)]
    assert state_of(round) == (AFTER[action] if answer.status_code == 303 else before)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("anna", (404, 200, 200, 200, 200)),
        ("carla", (200, 200, 200, 200, 200)),
        ("eva", (404, 404, 404, 200, 200)),
        ("dirk", (404, 404, 404, 404, 404)),
    ],
)
def test_who_sees_a_round_when(client_of, cast, at_state, persona, seen, state):
    round = at_state(state)
    device = client_of(getattr(cast, persona))

    for path in (f"/advice/{round.id}", f"/advice/{round.id}/board"):
        assert device.get(path).status_code == seen[STATES.index(state)]
    assert (round.id in device.get("/advice").text) == (seen[STATES.index(state)] == 200)


# -- asking


def ask(device, alliance, **fields):
    sent = {k: v for k, v in (FIELDS | fields).items() if v is not None}
    return device.post(f"/alliances/{alliance.id}/advice/new", sent)


def newest(alliance):
    return Round.select().where(Round.alliance == alliance).order_by(Round.asked_at.desc()).first()


def test_a_coordinator_asks_and_the_other_organisation_opens(client_of, cast, veere):
    asked = ask(client_of(cast.carla), veere)
    round = newest(veere)
    assert (asked.status_code, asked.location) == (303, f"/advice/{round.id}")
    assert (round.question, round.options) == (FIELDS["question"], ["Ja", "Nee"])

    daan = client_of(cast.daan)
    assert f"/advice/{round.id}/confirm" in daan.get(f"/advice/{round.id}").text
    assert daan.post(f"/advice/{round.id}/confirm").status_code == 303
    assert client_of(cast.anna).get(f"/advice/{round.id}").status_code == 200


@pytest.mark.parametrize(
    ("persona", "status"), [("anna", 403), ("eva", 403), ("dirk", 404), ("sanne", 404)]
)
def test_asking_is_for_coordinators_of_the_alliance(client_of, cast, veere, persona, status):
    device = client_of(getattr(cast, persona))

    assert device.get(f"/alliances/{veere.id}/advice/new").status_code == status
    assert ask(device, veere).status_code == status


def test_options_are_trimmed(client_of, cast, veere):
    ask(client_of(cast.carla), veere, options="  Ja \r\n\r\nNee\r\n")

    assert newest(veere).options == ["Ja", "Nee"]


def test_the_reason_of_an_acute_question_is_read_by_coordinators_only(client_of, cast, veere):
    reason = "Het verhaal wordt per uur groter."
    ask(client_of(cast.carla), veere, acute="y", reason=reason)
    round = newest(veere)

    assert state_of(round) == State.OPEN
    assert reason in client_of(cast.daan).get(f"/advice/{round.id}").text
    assert reason not in client_of(cast.anna).get(f"/advice/{round.id}").text


def at(moment):
    return local(moment).strftime("%Y-%m-%dT%H:%M")


def test_an_end_time_of_ones_own(client_of, cast, veere):
    moment = (now() + timedelta(days=2)).replace(second=0, microsecond=0)

    answer = ask(client_of(cast.carla), veere, hours=None, until=at(moment))

    assert answer.status_code == 303
    assert newest(veere).ends_at == moment


BAD = {
    "nothing asked": {"question": ""},
    "only spaces": {"question": " \n "},
    "nothing known": {"known": ""},
    "nothing unknown": {"unknown": ""},
    "nothing to share": {"shareable": ""},
    "no end": {"hours": None},
    "another number of hours": {"hours": "3"},
    "hours in words": {"hours": "vier"},
    "an end in the past": {"hours": None, "until": "2020-01-01T12:00"},
    "an end far away": {"hours": None, "until": "2099-01-01T12:00"},
    "a year that computers fear": {"hours": None, "until": "0001-01-01T00:00"},
    "an hour the clock skips": {"hours": None, "until": "2027-03-28T02:30"},
    "no moment at all": {"hours": None, "until": "morgen"},
    "five thousand emoji": {"question": "😀" * 5000},
    "six options": {"options": "a\nb\nc\nd\ne\nf"},
    "two equal options": {"options": "Ja\nNee\n ja"},
    "a long option": {"options": "x" * 121},
    "another attribution": {"attribution": "untraceable"},
    "acute without a reason": {"acute": "y"},
    "a name in the question": {"question": "Wat vindt u van dhr. Jan Jansen?"},
    "a name in what is known": {"known": "Mevrouw Pietersen belde."},
    "a phone number in what is unknown": {"unknown": "Wie 0612345678 is."},
    "an address to share": {"shareable": "Mail naar jan@example.org."},
    "a phone number in an option": {"options": "Bel 0612345678\nNee"},
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_what_will_not_do_is_said_beside_the_field_and_the_text_is_kept(
    client_of, cast, veere, fields
):
    before = Round.select().count()

    answer = ask(client_of(cast.carla), veere, **fields)

    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text or "attribution" in fields
    assert 'class="summary"' in answer.text
    typed = (FIELDS | fields)["question"] or FIELDS["known"]
    assert typed.strip() in answer.text or not typed.strip()
    assert Round.select().count() == before


def test_all_there_is_to_mend_is_said_at_once(client_of, cast, veere):
    answer = ask(client_of(cast.carla), veere, question="", hours=None)

    assert answer.text.count('class="wrong"') == 2


def marked(page):
    """The words a page marks, in order."""
    return re.findall(r"<mark>\s*<[^>]*>([^<]*)<", page)


def test_every_found_word_is_told_once_in_the_summary_and_named_at_its_field(
    client_of, cast, veere
):
    question = "Wat zegt dhr. Jansen? Bel 0612345678, dhr. Jansen neemt op."
    known = "Mail jan@example.org."

    page = ask(client_of(cast.carla), veere, question=question, known=known).text
    summary = page.split('class="summary"')[1].split("</ul>")[0]

    assert marked(page) == marked(summary) == ["dhr. Jansen", "0612345678", "jan@example.org"]
    assert summary.count("<li>") == 2
    assert re.findall(r'id="(\w+)-error"', page) == ["question", "known"]
    assert "“dhr. Jansen”, “0612345678”." in page.split('id="question-error"')[1]
    assert "“jan@example.org”." in page.split('id="known-error"')[1]


def test_a_found_word_is_named_and_there_is_no_way_around_it(client_of, cast, veere):
    device = client_of(cast.carla)

    for way in ({}, {"flagged": "1"}):
        answer = ask(device, veere, question="Wat zegt dhr. Jansen?", **way)
        assert answer.status_code == 422
        assert "Jansen" in marked(answer.text)[0]


# -- answering


def test_an_ally_answers_and_may_change_it(client_of, cast, opened, member):
    anna, path = client_of(cast.anna), f"/advice/{opened.id}/answer"

    first = anna.post(path, ADVICE)
    second = anna.post(path, ADVICE | {"mood": "calm"})

    assert (first.status_code, second.status_code) == (303, 303)
    (advice,) = Advice.select().where(Advice.round == opened)
    assert (advice.option, advice.mood, advice.text) == (1, "calm", ADVICE["text"])


def test_an_option_may_be_sent_in_its_own_words(client_of, cast, opened):
    client_of(cast.anna).post(f"/advice/{opened.id}/answer", ADVICE | {"option": "Ja"})

    assert Advice.get(Advice.round == opened).option == 0


def test_the_same_form_twice_is_one_answer(client_of, cast, opened):
    anna, path = client_of(cast.anna), f"/advice/{opened.id}/answer"
    once = ADVICE | {"once": "k" * 22}

    answers = [anna.post(path, once) for _ in range(2)]

    assert {(a.status_code, a.location) for a in answers} == {(303, f"/advice/{opened.id}")}
    assert Advice.select().where(Advice.round == opened).count() == 1
    assert fresh(opened).version == opened.version + 1


@pytest.mark.parametrize(
    "fields",
    [
        {"mood": ""},
        {"mood": "furious"},
        {"option": ""},
        {"option": "2"},
        {"option": "-1"},
        {"option": "²"},
        {"option": "Misschien"},
        {"text": "😀" * 5000},
        {"text": "Vraag het aan mevrouw Jansen, 06 12345678."},
    ],
)
def test_an_answer_that_will_not_do_is_kept_on_the_page_only(client_of, cast, opened, fields):
    answer = client_of(cast.anna).post(f"/advice/{opened.id}/answer", ADVICE | fields)

    assert answer.status_code == 422
    assert (ADVICE | fields)["text"] in answer.text
    assert not Advice.select().where(Advice.round == opened).exists()


def test_without_options_words_are_asked(client_of, cast, ask, member):
    round = ask(options=(), is_acute=True, reason="Nu.")
    anna, path = client_of(cast.anna), f"/advice/{round.id}/answer"

    assert anna.post(path, {"mood": "calm", "text": ""}).status_code == 422
    assert anna.post(path, {"mood": "calm", "text": "Wacht even af."}).status_code == 303


HTMX = {"HX-Request": "true"}
WRITTEN = "Dit had ik net helemaal uitgeschreven."


def send(device, round, headers=None, **fields):
    return device.post(f"/advice/{round.id}/answer", ADVICE | fields, headers=headers)


def test_too_late_shows_what_was_written_so_that_it_can_be_copied(client_of, cast, opened):
    answer = send(client_of(cast.anna), end(opened), text=WRITTEN)

    assert answer.status_code == 409
    assert WRITTEN in answer.text


@pytest.mark.parametrize("state", ["ended", "closed", "told"])
@pytest.mark.parametrize("fields", [{}, {"mood": "", "option": ""}])
def test_too_late_under_htmx_the_round_comes_as_it_stands_with_the_text_to_copy(
    client_of, cast, at_state, state, fields
):
    round = at_state(state)

    answer = send(client_of(cast.anna), round, HTMX, text=WRITTEN, **fields)

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == f"#round-{round.id}"
    assert answer.headers["HX-Reswap"] == "outerHTML"
    assert answer.text.lstrip().startswith(f'<article id="round-{round.id}"')
    assert f"/advice/{round.id}/answer" not in answer.text
    copied = answer.text.split(f'id="late-{round.id}">')[1].split("</section>")[0]
    assert WRITTEN in copied
    assert f'data-copy="late-{round.id}"' in copied
    assert answer.text.count("data-focus") == 1
    assert WRITTEN not in client_of(cast.anna).get(f"/advice/{round.id}").text


def test_too_late_without_words_has_nothing_to_copy(client_of, cast, opened):
    answer = send(client_of(cast.anna), end(opened), HTMX, text="")

    assert answer.status_code == 409
    assert "data-focus" in answer.text
    assert "late-" not in answer.text


def test_what_was_sent_in_time_still_shows_after_a_change_that_came_too_late(
    client_of, cast, opened
):
    anna = client_of(cast.anna)
    send(anna, opened)

    answer = send(anna, end(opened), HTMX, text=WRITTEN)

    part = answer.text.split(f'id="answer-{opened.id}"')[1]
    assert part.index(WRITTEN) < part.index(ADVICE["text"])


def test_the_part_itself_says_that_the_advice_is_there(client_of, cast, opened):
    anna = client_of(cast.anna)
    for text in ("Eerst dit.", "Dan dat."):
        part = send(anna, opened, HTMX, text=text).text
        note = part.split("data-focus")[1]
        assert part.count("data-focus") == 1
        assert part.index("</h2>") < part.index('class="note good"') < part.index(text)
        assert "</svg>" in note.split("</p>")[0]
        assert part.count('class="note good"') == 1


def test_without_javascript_the_page_says_on_top_that_the_advice_is_there(client_of, cast, opened):
    anna = client_of(cast.anna)

    page = anna.get(send(anna, opened).location).text

    assert 'class="note good"' in page.split('id="messages"')[1].split("</div>")[0]


def test_htmx_gets_the_answer_part_in_one_round_trip(client_of, cast, opened):
    answer = client_of(cast.anna).post(
        f"/advice/{opened.id}/answer", ADVICE, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<section id="answer-{opened.id}"')
    assert ADVICE["text"] in answer.text
    assert "<html" not in answer.text


# -- what asks for care


def folds(page):
    """What is folded away on a page, fold by fold."""
    return [fold.split("</details>")[0] for fold in page.split("<details")[1:]]


@pytest.mark.parametrize(("number", "is_told"), [(2, False), (3, True)])
def test_closing_is_folded_and_tells_how_many_are_silent_from_three_answers_on(
    client_of, cast, opened, veere, number, is_told
):
    for ally in list(veere.allies)[:number]:
        Advice.create(round=opened, membership=ally, option=0, mood="calm")

    (fold,) = folds(client_of(cast.carla).get(f"/advice/{opened.id}").text)

    assert f'action="/advice/{opened.id}/close"' in fold
    assert bool(re.search(rf"\b{12 - number}\b", re.sub(r"<form.*", "", fold))) == is_told


@pytest.mark.parametrize("persona", ["carla", "daan"])
def test_withdrawing_is_folded_and_opening_is_not(client_of, cast, draft, persona):
    page = client_of(getattr(cast, persona)).get(f"/advice/{draft.id}").text

    (fold,) = folds(page)
    assert f'action="/advice/{draft.id}/withdraw"' in fold
    assert f'action="/advice/{draft.id}/confirm"' not in fold
    assert (f'action="/advice/{draft.id}/confirm"' in page) == (persona == "daan")


def test_the_form_of_an_outcome_is_folded_for_who_does_not_owe_it(client_of, cast, closed):
    path, action = f"/advice/{closed.id}", f'action="/advice/{closed.id}/outcome"'

    carla, daan = (client_of(user).get(path).text for user in (cast.carla, cast.daan))
    assert action in carla
    assert folds(carla) == []
    (fold,) = folds(daan)
    assert action in fold

    bad = client_of(cast.daan).post(f"{path}/outcome", {"state": "not"})
    assert bad.status_code == 422
    assert "<details open" in bad.text


def test_an_outcome_given_in_their_place_is_in_the_audit_log(client_of, cast, closed, member):
    client_of(cast.daan).post(f"/advice/{closed.id}/outcome", OUTCOME)

    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.action, line.subject) == ("outcome.given", closed.outcome.id)
    assert line.actor == member("daan").id


def test_a_link_leads_to_the_own_advice_while_it_can_be_given(client_of, cast, opened):
    link, path = f'href="#answer-{opened.id}"', f"/advice/{opened.id}"

    page = client_of(cast.anna).get(path).text
    assert page.index(opened.question) < page.index(link) < page.index(opened.known)
    assert f'<section id="answer-{opened.id}"' in page
    assert link not in client_of(cast.carla).get(path).text
    end(opened)
    assert link not in client_of(cast.anna).get(path).text


def test_on_the_board_the_number_stands_apart_from_the_time(client_of, cast, opened, veere):
    for ally in list(veere.allies)[:3]:
        Advice.create(round=opened, membership=ally, option=0, mood="calm")

    assert re.search(r" · \s*\w", client_of(cast.anna).get(f"/advice/{opened.id}/board").text)


# -- what is read


def test_allies_see_who_advised_what_by_alias_until_the_outcome_is_there(
    client_of, cast, closed, member
):
    page = client_of(cast.bram).get(f"/advice/{closed.id}").text
    assert "Scholekster" in page
    assert ADVICE["text"] in page

    client_of(cast.carla).post(f"/advice/{closed.id}/outcome", OUTCOME)

    page = client_of(cast.bram).get(f"/advice/{closed.id}").text
    assert "Scholekster" not in page
    assert ADVICE["text"] in page
    assert OUTCOME["text"] in page


@pytest.mark.parametrize("path", ["", "/board"])
def test_a_partner_reads_numbers_and_outcome_but_nobodys_words(client_of, cast, told, path):
    page = client_of(cast.eva).get(f"/advice/{told.id}{path}").text

    assert re.search(r"Ja</span> <b>1</b>", page)
    for secret in ("Begin bij de school.", "Scholekster", told.known, told.unknown):
        assert secret not in page
    assert (OUTCOME["text"] in page) == (path == "")


def test_an_overdue_outcome_shows_to_the_whole_alliance(client_of, cast, closed):
    closed.outcome.due_at = now() - timedelta(hours=1)
    closed.outcome.save()

    for persona in ("anna", "carla", "eva"):
        device = client_of(getattr(cast, persona))
        assert 'class="state urgent"' in device.get(f"/advice/{closed.id}").text
        assert 'class="state urgent"' in device.get("/advice").text


def test_the_text_check_reads_an_outcome_too(client_of, cast, closed):
    text = "Wij belden met mevrouw Jansen."

    answer = client_of(cast.carla).post(
        f"/advice/{closed.id}/outcome", {"state": "not", "text": text}
    )

    assert answer.status_code == 422
    assert text in answer.text
    assert state_of(closed) == State.CLOSED


def test_an_outcome_without_a_choice_asks_kindly_for_one(client_of, cast, closed):
    page = client_of(cast.carla).post(f"/advice/{closed.id}/outcome", {"text": "Gedaan."}).text

    assert "Kies er één." in page.split('class="wrong"')[1].split("</p>")[0]


def test_what_may_be_shared_stands_alone(client_of, cast, opened):
    page = client_of(cast.anna).get(f"/advice/{opened.id}").text

    block = page.split(f'id="share-{opened.id}">')[1].split("</div>")[0]
    assert re.sub(r"<[^>]*>", "", block).strip() == opened.shareable
    assert f'data-copy="share-{opened.id}"' in page


def test_markup_in_a_text_is_only_text(client_of, cast, ask):
    trick = '<b hx-post="/sign-out" hx-trigger="load">x</b>'
    round = ask(question=trick, options=[trick], is_acute=True, reason="Nu.")

    page = client_of(cast.anna).get(f"/advice/{round.id}").text

    assert "<b hx-post" not in page
    assert page.count("&lt;b hx-post") >= 2


# -- the list


def test_the_list_has_open_ones_first_then_drafts_then_the_rest(client_of, cast, draft, opened):
    page = client_of(cast.carla).get("/advice").text
    found = list(dict.fromkeys(re.findall(r'/advice/([\w-]{16})"', page)))
    ranks = [{State.OPEN: 0, State.DRAFT: 1}.get(Round.get_by_id(i).state, 2) for i in found]

    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_twenty_rounds_a_page(client_of, cast, veere):
    copy_rounds(veere, 45)
    device = client_of(cast.carla)

    pages = [
        re.findall(r'href="/advice/[\w-]{16}"', device.get(f"/advice?page={n}").text)
        for n in range(1, 5)
    ]

    assert [len(p) for p in pages] == [20, 20, 9, 0]
    assert len({link for page in pages for link in page}) == 49


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", ""])
def test_a_page_number_that_is_none_is_no_trouble(client_of, cast, number):
    assert client_of(cast.carla).get(f"/advice?page={number}").status_code == 200


def test_the_list_costs_the_same_for_more_rounds(client_of, cast, veere):
    device = client_of(cast.carla)
    costs = []
    for more in (0, 6):
        copy_rounds(veere, more)
        with counted_queries() as queries:
            device.get("/advice")
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 4


def test_a_round_costs_the_same_for_more_answers(client_of, cast, opened, veere):
    device, costs = client_of(cast.bram), []
    for allies in (list(veere.allies)[:1], list(veere.allies)[1:]):
        for ally in allies:
            Advice.create(round=opened, membership=ally, option=0, mood="calm")
        with counted_queries() as queries:
            assert device.get(f"/advice/{opened.id}").status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 4


def copy_rounds(alliance, number):
    told = Round.get(Round.alliance == alliance, Round.state == State.OUTCOME_GIVEN)
    facts = {k: v for k, v in told.__data__.items() if k not in {"id", "outcome"}}
    for _ in range(number):
        Round.create(**facts, outcome=copy_of(told.outcome))


def copy_of(outcome):
    return type(outcome).create(**{k: v for k, v in outcome.__data__.items() if k != "id"})
