from lims.reception.models import FOLLOWS
from lims.vocabulary import ItemState


def test_what_has_gone_back_is_moved_no_more():
    assert FOLLOWS[ItemState.HANDED_OVER] == frozenset()
    assert set(FOLLOWS) == set(ItemState)
