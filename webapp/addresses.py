"""Arguments of this address that its links carry on."""

from typing import Any

from flask import request

RESERVED = frozenset({"endpoint"})  #: and all that begin with an underscore: url_for takes them for its own


def carried(**changed: Any) -> dict[str, Any]:
    """The arguments of this request with changes, for `url_for(..., **carried(page=2))`."""
    asked = request.args.to_dict().items()
    kept = {name: value for name, value in asked if name not in RESERVED and not name.startswith("_")}
    return {**kept, **changed}
