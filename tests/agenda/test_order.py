"""Whatever is pressed, an agenda keeps every item once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from allies.agenda.order import stepped

ORDERS = st.lists(st.integers(0, 99), unique=True, min_size=1, max_size=40)


@given(ORDERS, st.data())
def test_a_step_keeps_every_item_once(order, data):
    for _press in range(5):
        item = data.draw(st.sampled_from(order))
        step = data.draw(st.sampled_from((-1, 1)))
        moved = stepped(order, item, step)

        assert sorted(moved) == sorted(order)
        assert sum(a != b for a, b in zip(order, moved, strict=True)) in {0, 2}
        order = moved


@given(ORDERS, st.data())
def test_up_and_down_again_changes_nothing(order, data):
    item = data.draw(st.sampled_from(order))
    up = stepped(order, item, -1)

    assert stepped(up, item, 1) == order or order[0] == item


@given(ORDERS)
def test_the_first_can_not_go_up_nor_the_last_down(order):
    assert stepped(order, order[0], -1) == order
    assert stepped(order, order[-1], 1) == order


@given(ORDERS)
def test_every_order_is_reached_by_steps(order):
    wanted = sorted(order)
    for _round in wanted:
        for before, after in pairwise(list(order)):
            if before > after:
                order = stepped(order, after, -1)

    assert order == wanted
