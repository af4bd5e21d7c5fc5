"""What lists without a page may bring: exactly as much as the cost that is left, in whichever lists it is."""

import pytest

from app.plans.allowance import Allowance, TooLong, within


def test_items_are_counted_by_what_each_list_costs_until_nothing_is_left() -> None:
    allowance = Allowance(10, {1: 3, 2: 1}, max_factor=1)
    allowance.charge([1], 2)
    allowance.charge([2], 3)
    assert allowance.most == 1
    allowance.charge([2], 1)
    assert allowance.most == 0
    allowance.charge([1, 2], 0)
    with pytest.raises(TooLong):
        allowance.charge([2], 1)
    assert allowance.most == 0


def test_a_list_that_several_nodes_ask_for_costs_what_each_of_them_takes_of_an_item() -> None:
    Allowance(10, {1: 3, 2: 2}, max_factor=1).charge([1, 2], 2)
    with pytest.raises(TooLong):
        Allowance(9, {1: 3, 2: 2}, max_factor=1).charge([1, 2], 2)


def test_as_many_may_be_read_at_once_as_the_cheapest_list_may_have() -> None:
    assert Allowance(11, {1: 3, 2: 2}, max_factor=1).most == 5
    assert Allowance(11, {}, max_factor=1).most == 11


def test_a_list_may_have_exactly_so_many() -> None:
    assert within([1, 2], 2) == [1, 2]
    with pytest.raises(TooLong):
        within([1, 2, 3], 2)
