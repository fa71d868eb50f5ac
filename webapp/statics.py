"""Addresses of the program's own files carry a mark of their content, so that browsers may keep them for a year."""

import functools
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for

from webapp.addresses import carried

YEAR = 365 * 24 * 3600  #: seconds


def init_app(app: Flask) -> None:
    app.url_defaults(_add_mark)
    app.get_send_file_max_age = _max_age  # type: ignore[method-assign]
    app.jinja_env.globals.update(icon_url=icon_url, carried=carried)


def icon_url(name: str) -> str:
    """A symbol of the sprite img/icons.svg."""
    return f"{_sprite()}#{name}"


def _sprite() -> str:
    """Asked a hundred times a page."""
    if "sprite" not in g:
        g.sprite = url_for("static", filename="img/icons.svg")
    return str(g.sprite)


def _add_mark(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values and "v" not in values:
        path = Path(current_app.static_folder or "", values["filename"])
        if path.is_file():
            values["v"] = _mark(path, path.stat().st_mtime_ns)


def _max_age(filename: str | None) -> int | None:
    """Modules that import one another carry no mark and are asked for again; fonts never change under one name."""
    return YEAR if request.args.get("v") or (filename or "").startswith("fonts/") else None


@functools.lru_cache(maxsize=512)
def _mark(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
