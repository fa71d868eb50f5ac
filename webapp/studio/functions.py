"""Danh mục hàm: every function that an expression may call, for whoever writes one; to search, to read, to print."""

import itertools
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from engine import drafts, function_list
from engine.draft_errors import NotDrafting
from kernel.text import fold
from webapp.auth import current_actor

blueprint = Blueprint("functions", __name__)

Told = dict[str, Any]  #: a function as engine.function_list tells it


@blueprint.get("/processes/functions")
def show_list() -> ResponseReturnValue:
    g.section = "studio.show_list"
    if not drafts.may_study(current_actor()):
        raise NotDrafting
    asked, known = request.args.get("q", "")[:100].strip(), function_list.told()
    found = [one for one in known if _fits(one, fold(asked))]
    return render_template(
        "studio/functions.html", groups=_grouped(found), asked=asked, found=len(found), total=len(known)
    )


def _fits(function: Told, wanted: str) -> bool:
    """Each word somewhere in its name, its words or its example, without signs."""
    text = fold(" ".join([function["name"], function["group"], function["description"], *function["forms"]]))
    return all(word in text for word in wanted.split())


def _grouped(functions: Sequence[Told]) -> list[tuple[str, list[Told]]]:
    """Ours last, as those of the language are what most look for."""
    ordered = sorted(functions, key=lambda one: (one["own"], fold(one["group"]), one["name"]))
    return [(group, list(ones)) for group, ones in itertools.groupby(ordered, key=lambda one: str(one["group"]))]
