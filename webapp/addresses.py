"""Arguments of this address: what its links carry on, which page of a list is meant."""

from typing import Any

from flask import request

LAST_PAGE = 100_000  #: nobody turns further, and the database counts only so far
RESERVED = frozenset({"endpoint"})  #: and all that begin with an underscore: url_for takes them for its own


def carried(**changed: Any) -> dict[str, Any]:
    """The arguments of this request with changes, for `url_for(..., **carried(page=2))`."""
    asked = request.args.to_dict().items()
    kept = {name: value for name, value in asked if name not in RESERVED and not name.startswith("_")}
    return {**kept, **changed}


def page_number(name: str) -> int:
    """Of a list, from 1; the first for anything that is no number."""
    return min(max(1, request.args.get(name, 1, type=int)), LAST_PAGE)
