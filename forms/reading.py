"""From a form-js schema (JSON) to a form. What we cannot show faithfully is refused, never left out in silence."""

import collections
import decimal
import itertools
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import feel
from feel.errors import FeelError
from forms.components import GRID, Choice, Field, Form, Formula, Template, choice_key, reads
from forms.errors import FormBroken

FORM_JS_GRID = 16
MAX_BYTES = 512 * 1024
MAX_COMPONENTS = 300
MAX_DEPTH = 5  #: groups in groups
MAX_PATTERN = 200  #: characters
LONG_TEXT = 500_000  #: characters of a text area without a limit of its own
SHORT_TEXT = 1_000

_KINDS = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "datetime": "date",
    "select": "select",
    "radio": "radio",
    "checklist": "checklist",
    "taglist": "checklist",
    "checkbox": "checkbox",
    "text": "note",
    "expression": "computed",
}
_CHOOSING = {"select", "radio", "checklist"}
#: attribute of a field → what form-js calls it in `validate`
_VALIDATED = {
    "required": "required",
    "min_length": "minLength",
    "max_length": "maxLength",
    "minimum": "min",
    "maximum": "max",
}
_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_SILENT = {"separator", "spacer", "button"}
_KEY = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_REPEATED_GROUP = re.compile(r"\)[*+{]")  # a repeated group can take exponential time to fail


def load(source: bytes) -> Form:
    """The form of a form-js schema. Raises FormBroken."""
    document = _document(source)
    name = str(document.get("id") or "?")
    raw = list(_flatten(document.get("components"), path="", name=name, depth=0))
    if len(raw) > MAX_COMPONENTS:
        raise FormBroken(form=name, reason=f"có hơn {MAX_COMPONENTS} thành phần.")
    mates = collections.Counter(_row(component) for component in raw)
    items = tuple(_item(name, component, mates[_row(component)]) for component in raw)
    twice = [key for key, count in collections.Counter(item.key for item in items if item.key).items() if count > 1]
    if twice:
        raise FormBroken(form=name, reason=f"có hai ô cùng khóa “{twice[0]}”.")
    _check_paths(name, {item.key for item in items if item.key})
    return Form(id=name, items=items, computed=_in_order(name, items))


def _check_paths(name: str, keys: Collection[str]) -> None:
    """Raises FormBroken for a key that is the beginning of another: one value cannot stand where a map does."""
    for key in sorted(keys):
        parts = key.split(".")
        if inner := next((path for path in itertools.accumulate(parts[:-1], "{}.{}".format) if path in keys), ""):
            raise FormBroken(form=name, reason=f"ô “{inner}” và ô “{key}” chồng khóa lên nhau; đổi một khóa.")


def _item(name: str, component: Mapping[str, Any], mates: int) -> Field:
    """Raises FormBroken, also for a part of another shape than form-js writes: a text for a list, no number."""
    try:
        return _Reader(name, component, mates).field()
    except (AttributeError, TypeError, ValueError, ArithmeticError):
        told = component.get("label") or component.get("key") or component.get("type")
        raise FormBroken(form=name, reason=f"thành phần “{told}” ghi không đúng dạng của form-js.") from None


def _in_order(name: str, items: Sequence[Field]) -> tuple[Field, ...]:
    """Computed fields, each behind those that it reads. Raises FormBroken for a circle."""
    waiting = [item for item in items if item.expression is not None]
    ready: list[Field] = []
    while waiting:
        free = [item for item in waiting if not _read_by(item, waiting)]
        if not free:
            raise FormBroken(form=name, reason=f"các ô tính vòng quanh nhau: {_circle(waiting)}.")
        ready += free
        waiting = [item for item in waiting if item not in free]
    return tuple(ready)


def _read_by(item: Field, others: Sequence[Field]) -> list[Field]:
    paths = item.expression.paths if item.expression is not None else frozenset()
    return [other for other in others if any(reads(path, other.key) for path in paths)]


def _circle(waiting: Sequence[Field]) -> str:
    """ "a → b → a"; every one of them reads another of them."""
    seen = [waiting[0]]
    while (following := _read_by(seen[-1], waiting)[0]) not in seen:
        seen.append(following)
    return " → ".join(f"“{item.key}”" for item in [*seen[seen.index(following) :], following])


def _document(source: bytes) -> Mapping[str, Any]:
    if len(source) > MAX_BYTES:
        raise FormBroken(form="?", reason="tệp quá lớn.")
    try:
        document = json.loads(source, parse_float=decimal.Decimal)
    except (ValueError, RecursionError):
        raise FormBroken(form="?", reason="tệp không phải JSON.") from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise FormBroken(form="?", reason="tệp không phải biểu mẫu form-js.")
    return document


def _flatten(components: Any, *, path: str, name: str, depth: int) -> Iterator[dict[str, Any]]:
    """Components in the order of the page; a group becomes a heading before its own."""
    if depth > MAX_DEPTH:
        raise FormBroken(form=name, reason="các nhóm lồng nhau quá sâu.")
    for component in components or ():
        if not isinstance(components, list) or not isinstance(component, dict):
            raise FormBroken(form=name, reason="danh sách thành phần ghi không đúng dạng của form-js.")
        kind = component.get("type")
        if kind == "group":
            if component.get("label"):
                yield {"type": "text", "id": component.get("id"), "text": f"### {component['label']}"}
            inner = ".".join(part for part in (path, str(component.get("path") or "")) if part)
            yield from _flatten(component.get("components"), path=inner, name=name, depth=depth + 1)
        elif kind not in _SILENT:
            key = component.get("key")
            yield {**component, "key": f"{path}.{key}"} if path and key else component


def _row(component: Mapping[str, Any]) -> str:
    layout = component.get("layout")
    row = layout.get("row") if isinstance(layout, dict) else ""
    return str(row or component.get("id") or id(component))


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


class _Reader:
    """Reads one component; knows the form's name for what it refuses."""

    def __init__(self, form: str, component: Mapping[str, Any], mates: int) -> None:
        self.form, self.component, self.mates = form, component, mates
        self.properties: Mapping[str, str] = component.get("properties") or {}
        self.validate: Mapping[str, Any] = component.get("validate") or {}
        self.label = str(component.get("label") or component.get("dateLabel") or "")

    def field(self) -> Field:
        kind = self._kind()
        if kind == "note":
            return self._static()
        if kind == "computed":
            return self._computed()
        options, option_values = self._options()
        default = self.component.get("defaultValue")
        return Field(
            key=self._key(),
            kind=kind,
            label=self.label,
            hint=str(self.component.get("description") or ""),
            columns=self._columns(),
            rows=int(self.properties.get("rows") or 0),
            readonly=any(self.component.get(name) is True for name in ("readonly", "disabled")),
            formulas=self._formulas(kind),
            required=self.validate.get("required") is True,
            min_length=self._whole("minLength"),
            max_length=self._max_length(kind),
            pattern=self._pattern(),
            minimum=self._number("min"),
            maximum=self._number("max"),
            decimals=None if (digits := self.component.get("decimalDigits")) in (None, "") else int(digits),
            options=options,
            option_values=option_values,
            choices_key=str(self.component.get("valuesKey") or ""),
            empty_label=self.properties.get("emptyLabel", ""),
            default=None if _is_formula(default) else default,
            initial=self._expression(self.properties.get("initial") or (default if _is_formula(default) else None)),
            hide=self._expression((self.component.get("conditional") or {}).get("hide")),
            rule=self._expression(self.properties.get("rule")),
            rule_message=self.properties.get("ruleMessage", ""),
            required_message=self.properties.get("requiredMessage", ""),
            pattern_message=self.properties.get("patternMessage", ""),
        )

    def _computed(self) -> Field:
        expression = self._expression(str(self.component.get("expression") or ""))
        if expression is None:
            raise self._broken(f"ô tính “{self.component.get('key')}” chưa có biểu thức.")
        return Field(
            key=self._key(),
            kind="computed",
            label=self.label,
            hint=str(self.component.get("description") or ""),
            columns=self._columns(),
            formulas=self._templates(),
            expression=expression,
            is_live=self.component.get("computeOn", "change") == "change",
            hide=self._expression((self.component.get("conditional") or {}).get("hide")),
            rule=self._expression(self.properties.get("rule")),
            rule_message=self.properties.get("ruleMessage", ""),
        )

    def _formulas(self, kind: str) -> dict[str, Formula]:
        """What is not written down but computed, by the attribute of the field."""
        told: dict[str, Any] = {name: self.validate.get(theirs) for name, theirs in _VALIDATED.items()}
        told |= {"readonly": self.component.get("readonly"), "options": self.component.get("valuesExpression")}
        told = {name: text for name, text in told.items() if isinstance(text, str) and text.startswith("=")}
        if kind in _CHOOSING and self.component.get("valuesExpression"):
            told["options"] = str(self.component["valuesExpression"])
        formulas: dict[str, Formula] = {}
        for name, text in told.items():
            if (expression := self._expression(text)) is not None:
                formulas[name] = expression
        return formulas | self._templates()

    def _templates(self) -> dict[str, Formula]:
        texts = {"label": self.label, "hint": str(self.component.get("description") or "")}
        return {name: found for name, text in texts.items() if (found := self._template(text)) is not None}

    def _template(self, text: str) -> Formula | None:
        """None of a plain text."""
        if text.startswith("="):
            return self._expression(text)
        pieces = _BRACES.split(text)
        if len(pieces) == 1:
            return None
        parts = [piece if even else self._expression(piece) for piece, even in zip(pieces, itertools.cycle((1, 0)))]
        return Template(tuple(part for part in parts if part))

    def _kind(self) -> str:
        kind = _KINDS.get(str(self.component.get("type")))
        if kind is None:
            raise self._broken(f"thành phần kiểu “{self.component.get('type')}” chưa dùng được.")
        if kind == "date" and self.component.get("subtype", "date") != "date":
            raise self._broken(f"ô “{self.label}” hỏi giờ; mới dùng được ngày.")
        return kind

    def _static(self) -> Field:
        text = str(self.component.get("text") or "").strip()
        heading = text.startswith("#")
        label = text.lstrip("#").strip() if heading else text
        return Field(
            key="",
            kind="heading" if heading else "note",
            label=label,
            formulas={} if (template := self._template(label)) is None else {"label": template},
            columns=self._columns(),
            hide=self._expression((self.component.get("conditional") or {}).get("hide")),
        )

    def _key(self) -> str:
        key = str(self.component.get("key") or "")
        if not _KEY.fullmatch(key):
            raise self._broken(f"khóa “{key}” của ô “{self.label}” phải là các từ nối bằng dấu chấm.")
        return key

    def _columns(self) -> int:
        columns = (self.component.get("layout") or {}).get("columns")
        share = FORM_JS_GRID / max(1, self.mates) if columns is None else int(columns)
        return min(GRID, max(1, round(share * GRID / FORM_JS_GRID)))

    def _options(self) -> tuple[tuple[Choice, ...], dict[str, Any]]:
        options, typed = [], {}
        for option in self.component.get("values") or []:
            value = option.get("value")
            sent = choice_key(value)
            whole = isinstance(value, int) and not isinstance(value, bool)
            typed[sent] = decimal.Decimal(value) if whole else value
            options.append(Choice(sent, str(option.get("label") or sent), str(option.get("hint") or "")))
        return tuple(options), typed

    def _pattern(self) -> str:
        pattern = str(self.validate.get("pattern") or "")
        if not pattern:
            return ""
        if len(pattern) > MAX_PATTERN or _REPEATED_GROUP.search(pattern):
            raise self._broken(f"mẫu của ô “{self.label}” lặp một nhóm; viết lại mẫu đơn giản hơn.")
        try:
            re.compile(pattern)
        except re.error:
            raise self._broken(f"mẫu của ô “{self.label}” không phải biểu thức chính quy.") from None
        return pattern

    def _max_length(self, kind: str) -> int:
        ours = LONG_TEXT if kind == "textarea" else SHORT_TEXT
        return min(self._whole("maxLength") or ours, ours)

    def _whole(self, name: str) -> int | None:
        value = self.validate.get(name)
        return None if value in (None, "") or _is_formula(value) else int(value)

    def _number(self, name: str) -> decimal.Decimal | None:
        value = self.validate.get(name)
        return None if value in (None, "") or _is_formula(value) else decimal.Decimal(str(value))

    def _expression(self, text: str | None) -> feel.Expression | None:
        if not text:
            return None
        try:
            return feel.compile(text.strip().removeprefix("="))
        except FeelError as refusal:
            raise self._broken(
                f"điều kiện của ô “{self.label}” chưa đúng FEEL (dòng {refusal.line}, cột {refusal.column}): {refusal}"
            ) from None

    def _broken(self, reason: str) -> FormBroken:
        return FormBroken(form=self.form, reason=reason)
