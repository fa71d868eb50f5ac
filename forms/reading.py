"""From a form-js schema (JSON) to a form. What we cannot show faithfully is refused, never left out in silence."""

import collections
import decimal
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import feel
from feel.errors import FeelError
from forms.components import GRID, Choice, Field, Form
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
}
_SILENT = {"separator", "spacer", "button"}
_KEY = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_REPEATED_GROUP = re.compile(r"\)[*+{]")  # a repeated group can take exponential time to fail


def load(source: bytes) -> Form:
    """The form of a form-js schema. Raises FormBroken."""
    document = _document(source)
    name = str(document.get("id") or "?")
    raw = list(_flatten(document.get("components") or [], path="", name=name, depth=0))
    if len(raw) > MAX_COMPONENTS:
        raise FormBroken(form=name, reason=f"có hơn {MAX_COMPONENTS} thành phần.")
    mates = collections.Counter(_row(component) for component in raw)
    items = tuple(_Reader(name, component, mates[_row(component)]).field() for component in raw)
    twice = [key for key, count in collections.Counter(item.key for item in items if item.key).items() if count > 1]
    if twice:
        raise FormBroken(form=name, reason=f"có hai ô cùng khóa “{twice[0]}”.")
    return Form(id=name, items=items)


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


def _flatten(components: list[dict[str, Any]], *, path: str, name: str, depth: int) -> Iterator[dict[str, Any]]:
    """Components in the order of the page; a group becomes a heading before its own."""
    if depth > MAX_DEPTH:
        raise FormBroken(form=name, reason="các nhóm lồng nhau quá sâu.")
    for component in components:
        kind = component.get("type")
        if kind == "group":
            if component.get("label"):
                yield {"type": "text", "id": component.get("id"), "text": f"### {component['label']}"}
            inner = ".".join(part for part in (path, component.get("path", "")) if part)
            yield from _flatten(component.get("components") or [], path=inner, name=name, depth=depth + 1)
        elif kind not in _SILENT:
            key = component.get("key")
            yield {**component, "key": f"{path}.{key}"} if path and key else component


def _row(component: Mapping[str, Any]) -> str:
    return str((component.get("layout") or {}).get("row") or component.get("id") or id(component))


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
        options, option_values = self._options()
        return Field(
            key=self._key(),
            kind=kind,
            label=self.label,
            hint=str(self.component.get("description") or ""),
            columns=self._columns(),
            rows=int(self.properties.get("rows") or 0),
            required=bool(self.validate.get("required")),
            min_length=self._whole("minLength"),
            max_length=self._max_length(kind),
            pattern=self._pattern(),
            minimum=self._number("min"),
            maximum=self._number("max"),
            decimals=self.component.get("decimalDigits"),
            options=options,
            option_values=option_values,
            choices_key=str(self.component.get("valuesKey") or ""),
            empty_label=self.properties.get("emptyLabel", ""),
            default=self.component.get("defaultValue"),
            initial=self._expression(self.properties.get("initial")),
            hide=self._expression((self.component.get("conditional") or {}).get("hide")),
            rule=self._expression(self.properties.get("rule")),
            rule_message=self.properties.get("ruleMessage", ""),
            required_message=self.properties.get("requiredMessage", ""),
            pattern_message=self.properties.get("patternMessage", ""),
        )

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
        return Field(
            key="",
            kind="heading" if heading else "note",
            label=text.lstrip("#").strip() if heading else text,
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
            sent = str(value).lower() if isinstance(value, bool) else str(value)
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
        return None if value in (None, "") else int(value)

    def _number(self, name: str) -> decimal.Decimal | None:
        value = self.validate.get(name)
        return None if value in (None, "") else decimal.Decimal(str(value))

    def _expression(self, text: str | None) -> feel.Expression | None:
        if not text:
            return None
        try:
            return feel.compile(text.strip().removeprefix("="))
        except FeelError as refusal:
            raise self._broken(f"điều kiện của ô “{self.label}” chưa đúng FEEL: {refusal}") from None

    def _broken(self, reason: str) -> FormBroken:
        return FormBroken(form=self.form, reason=reason)
