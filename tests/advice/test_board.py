"""The board: refreshes by itself, costs next to nothing, mixes with no other."""

import brotli
import pytest

from allies.advice import service
from allies.advice.models import Round
from allies.advice.states import State
from allies.db import new_id
from tests.advice.rounds import ADVICE, end, fresh
from tests.walk import counted_queries

HTMX = {"HX-Request": "true"}


def board_of(device, round, seen, **options):
    return device.get(f"/advice/{round.id}/board?seen={seen}", **options)


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_nothing_new_is_an_empty_204_for_two_queries(client_of, cast, opened, headers):
    anna = client_of(cast.anna)
    board_of(anna, opened, opened.version)

    with counted_queries() as queries:
        answer = board_of(anna, opened, opened.version, headers=headers)

    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Security-Policy" not in answer.headers
    assert len(str(answer.headers)) <= 500
    assert len(queries) <= 2


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize("seen", ["0", "", "x", "99"])
def test_another_version_than_seen_gets_the_part(client_of, cast, opened, headers, seen):
    answer = board_of(client_of(cast.anna), opened, seen, headers=headers)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<section id="board-{opened.id}"')
    assert "<html" not in answer.text


def test_an_answer_shows_on_the_boards_of_the_others(client_of, cast, opened):
    bram = client_of(cast.bram)
    seen = fresh(opened).version
    assert board_of(bram, opened, seen).status_code == 204

    client_of(cast.anna).post(f"/advice/{opened.id}/answer", ADVICE)

    answer = board_of(bram, opened, seen, headers=HTMX)
    assert answer.status_code == 200
    assert "Scholekster" in answer.text
    assert ADVICE["text"] in answer.text
    assert board_of(bram, opened, fresh(opened).version).status_code == 204


def test_it_asks_again_every_five_seconds_while_open_and_not_after(client_of, cast, opened, member):
    anna = client_of(cast.anna)
    part = board_of(anna, opened, 0).text
    assert "data-poll" in part
    assert f'hx-get="/advice/{opened.id}/board?seen={opened.version}"' in part
    assert 'hx-trigger="every 5s" hx-swap="outerHTML"' in part

    service.close(opened, by=member("carla"))

    assert "data-poll" not in board_of(anna, opened, opened.version - 1).text


def test_after_the_end_time_it_keeps_asking_until_the_round_is_closed(client_of, cast, opened):
    anna = client_of(cast.anna)
    end(opened)
    assert "data-poll" in board_of(anna, opened, 0).text

    service.close_ended()

    assert "data-poll" not in board_of(anna, opened, opened.version).text


def test_a_board_that_has_closed_brings_the_whole_round_along(client_of, cast, opened, member):
    """Else "open until" and the form would stay above a board that says it is closed."""
    anna, seen = client_of(cast.anna), fresh(opened).version
    service.close(fresh(opened), by=member("carla"))

    answer = board_of(anna, opened, seen, headers=HTMX)

    assert answer.headers["HX-Retarget"] == f"#round-{opened.id}"
    assert f'id="round-{opened.id}"' in answer.text
    assert 'action="/advice' not in answer.text
    assert board_of(anna, opened, seen).text.lstrip().startswith("<section"), (
        "without htmx the part"
    )


def test_a_coordinator_is_told_before_writing_that_three_are_open(client_of, cast, opened, veere):
    carla, path = client_of(cast.carla), f"/alliances/{veere.id}/advice/new"
    assert 'name="question"' in carla.get(path).text
    for _n in range(3):
        Round.insert(Round.get_by_id(opened.id).__data__ | {"id": new_id()}).execute()

    assert 'name="question"' not in carla.get(path).text


def test_boards_never_show_each_others_part(client_of, cast, opened, veere):
    other = Round.get(Round.alliance == veere, Round.state == State.OPEN, Round.id != opened.id)
    anna = client_of(cast.anna)
    anna.post(f"/advice/{opened.id}/answer", ADVICE)

    part = board_of(anna, other, 0, headers=HTMX).text

    assert f'id="board-{other.id}"' in part
    assert opened.id not in part
    assert ADVICE["text"] not in part


def test_the_answer_form_is_no_part_of_the_board(client_of, cast, opened):
    part = board_of(client_of(cast.anna), opened, 0).text

    assert "<form" not in part
    assert "<textarea" not in part


def test_numbers_show_from_three_answers_on(client_of, cast, opened, veere):
    anna, shown = client_of(cast.anna), []
    for ally in list(veere.allies)[:4]:
        service.answer(opened, by=ally, mood="calm", option=0)
        shown.append('class="bars"' in board_of(anna, opened, 0).text)

    assert shown == [False, False, True, True]


def test_points_stand_by_alias(client_of, cast, opened, veere):
    for ally in reversed(list(veere.allies)):
        service.answer(opened, by=ally, mood="calm", option=0)
    part = board_of(client_of(cast.anna), opened, 0).text

    places = [part.index(f">{ally.alias}<") for ally in veere.allies]

    assert places == sorted(places)


def test_a_board_of_somebody_signed_out_stops_asking(app, opened):
    answer = app.test_client().get(f"/advice/{opened.id}/board?seen=1", headers=HTMX)

    assert answer.status_code == 286


def test_a_board_with_twelve_answers_is_light(client_of, cast, opened, veere):
    for ally in veere.allies:
        service.answer(opened, by=ally, mood="calm", option=0, text="Een korte zin.")

    anna = client_of(cast.anna)
    with counted_queries() as queries:
        part = board_of(anna, opened, 0)

    assert len(queries) <= 4
    assert len(brotli.compress(part.data)) <= 2_000
