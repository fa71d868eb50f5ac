"""A refused form is drawn again with everything that was typed, after its transaction has been undone.

    with redrawing(lambda refused: _page(task_id, refused)):
        operations.complete_task(task_id, values, actor=actor)

`draw` is called in a fresh read-only transaction and gets the refusal; its page is answered with the refusal's status.
"""

import contextlib
from collections.abc import Callable, Iterator

from kernel.errors import DomainError, Invalid

Draw = Callable[[DomainError], str]


class Redraw(Exception):
    """Carries a refusal out of the transaction to the page that shows it."""

    def __init__(self, refused: DomainError, draw: Draw) -> None:
        super().__init__(refused.sentence)
        self.refused = refused
        self.draw = draw


@contextlib.contextmanager
def redrawing(draw: Draw, *kinds: type[DomainError]) -> Iterator[None]:
    """Around the one operation of a view; `kinds` of refusals go to `draw` (by default Invalid alone)."""
    caught = kinds or (Invalid,)
    try:
        yield
    except caught as refused:
        raise Redraw(refused, draw) from refused
