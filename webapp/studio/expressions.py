"""What the editor of expressions asks while somebody writes: which functions there are, which variables are known at an
element, and whether an expression is right and what it says. For people who may draw; nothing is written.

All three speak JSON. The two that are posted take a JSON body and the page's token as header `X-CSRFToken`; a refusal
is `{"error": …}` with its status: 403 for who may not draw, 413 for a body beyond MAX_BODY, 422 for a body of another
shape and for a diagram that cannot be read.
"""

import dataclasses
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from directory.actors import Actor
from engine import drafts, function_list, trials
from engine.bpmn.scopes import Scope, Variable
from engine.draft_errors import NotDrafting
from engine.trials import Trial
from kernel.errors import Invalid
from webapp.auth import current_actor
from webapp.studio import catalogue

blueprint = Blueprint("expressions", __name__, url_prefix="/processes/expressions")

MAX_BODY = 3 * 1024 * 1024  #: bytes: a diagram of the largest size, quoted, beside an expression


@blueprint.get("/functions")
def show_functions() -> ResponseReturnValue:
    """`{"functions": [{"name": "count", "own": false, "group": "Danh sách", "description": "Đếm số phần tử của danh
    sách.", "forms": ["count(list)", "count(c1, …)"], "parameters": [["list"], ["c1", "…"]], "example": "count([1, 2])",
    "result": "2"}, …]}`: those of FEEL, then our own (`own`), each by name. `forms` are ready to be written out;
    `parameters` are their names, for named arguments."""
    _designer()
    return jsonify(functions=function_list.told())


@blueprint.post("/variables")
def show_variables() -> ResponseReturnValue:
    """Asks `{"xml": the diagram as it is drawn now, "element": id of a flow node or sequence flow, "moment"?: one of
    "before", "inside", "after"}`. `moment`: `before` for the collection and number of a round, `after` for output
    parameters and the completion condition, `inside` (also when it is left out) for all else; a sequence flow needs
    none. Answers `{"closed": true, "open_because": [sentence, …], "variables": [{"name": "registration.urgency",
    "type": "number", "label": "Độ khẩn", "source": "Biểu mẫu “trinh” của “Trình”", "element_id": "Task_present",
    "choices": [{"value": "1", "label": "Khẩn"}, …]}, …]}`.

    `name` is what stands in an expression, with its path; `type` one of FEEL's, empty where nobody knows; `choices`
    only where a form offers some (`value` as FEEL: `"reply"` with its quotes, `1`). `closed`: no other names can be
    there; else `open_because` says who may bring more. An element that is not in the diagram: 422."""
    actor, asked = _designer(), _body()
    xml, element = _text(asked, "xml"), _text(asked, "element")
    moment = str(asked.get("moment") or "")
    return jsonify(_scope_told(trials.scope_at(xml, element, moment, files=catalogue.files_of(xml, actor))))


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Asks `{"text": the expression as it stands in the attribute, "kind": "expression" | "condition" | "attribute" |
    "unary" | "script", "xml"?, "element"?, "moment"?, "sample"?: {name: value}, "input"?: value}`.

    `kind`: `condition` of a flow or event (FEEL as it stands, "=" or `${…}` allowed; must say true or false);
    `attribute` (plain text unless it begins with "=" or holds `${…}`); `expression` (FEEL alone); `unary` tests of a
    cell, `input` is what they ask about; `script` lines `name = expression`. With `xml` and `element` names are looked
    up in what is known there. `sample`: names (with or without a path) to values as JSON; a value is read as the type
    of its variable (a date from "2026-02-26" or "26/02/2026"); text that begins with "=" is FEEL.

    Answers `{"problem": null | {"sentence", "line", "column", "length", "expected": [text, …]}, "findings": [{"level":
    "error" | "warning", "sentence", "line", "column", "length", "name", "suggestions": [name, …]}, …], "feel": the
    expression as FEEL, when `${…}` was translated, else "", "value": null | {"text": "true", "type": "boolean"},
    "steps": [{"text", "line", "column", "length", "value", "reason"}, …], "assignments": [{"name", "value": {"text",
    "type"}}, …]}`. Lines and columns count from 1 in `text`; a `problem` leaves `value` null and `steps` empty. `steps`
    are the sub-expressions innermost first; `reason` says why one is null. `value` is null too where evaluation was
    stopped at a limit, which then is the `problem`. `assignments` only of a script: its names after the last line."""
    actor, asked = _designer(), _body()
    xml, element, moment = (str(asked.get(name) or "") for name in ("xml", "element", "moment"))
    scope = trials.scope_at(xml, element, moment, files=catalogue.files_of(xml, actor)) if xml and element else None
    trial = trials.evaluate(
        _text(asked, "text"),
        kind=_text(asked, "kind"),
        scope=scope,
        sample=_mapping(asked, "sample"),
        asked=asked.get("input"),
        organization_id=actor.organization_id,
    )
    return jsonify(_trial_told(trial))


def _scope_told(scope: Scope) -> dict[str, Any]:
    told = [_variable_told(variable) for variable in scope.variables]
    return {"closed": scope.is_closed, "open_because": list(scope.openings), "variables": told}


def _variable_told(variable: Variable) -> dict[str, Any]:
    told = {
        "name": variable.name,
        "type": variable.type,
        "label": variable.label,
        "source": variable.source,
        "element_id": variable.element_id,
    }
    choices = [{"value": value, "label": label} for value, label in variable.choices]
    return {**told, "choices": choices} if choices else told


def _trial_told(trial: Trial) -> dict[str, Any]:
    return {
        "problem": trial.problem and trial.problem._asdict(),
        "findings": [dataclasses.asdict(finding) for finding in trial.findings],
        "feel": trial.feel,
        "value": trial.value and trial.value._asdict(),
        "steps": [step._asdict() for step in trial.steps],
        "assignments": [{"name": name, "value": value._asdict()} for name, value in trial.assignments],
    }


def _designer() -> Actor:
    actor = current_actor()
    if not drafts.may_design(actor):
        raise NotDrafting
    return actor


def _body() -> dict[str, Any]:
    """Raises Invalid for what is no JSON object; RequestEntityTooLarge."""
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise Invalid({"body": "Gửi một đối tượng JSON."})
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise Invalid({name: "Phải là văn bản."})
    return value


def _mapping(asked: dict[str, Any], name: str) -> dict[str, Any]:
    value = asked.get(name) or {}
    if not isinstance(value, dict):
        raise Invalid({name: "Phải là một đối tượng JSON."})
    return value
