"""The ids of rows sort as the rows were made."""

from lims.kernel.db import new_id


def test_ids_made_one_after_the_other_sort_in_that_order():
    made = [new_id() for _ in range(200)]

    assert len(set(made)) == 200
    assert all(one.version == 7 for one in made)
    assert made[::20] == sorted(made[::20])
