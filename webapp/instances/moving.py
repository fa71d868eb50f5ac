"""Chuyển token: what to leave and where to begin, chosen in an address; and in sentences what would happen."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from directory.actors import Actor
from engine import operations, queries
from engine.history import TokenView
from engine.models import ProcessInstance
from engine.preview import NEW_ROUND
from kernel.errors import DomainError
from webapp.instances import elements, standing, words
from webapp.instances.elements import Element
from webapp.instances.standing import Standing
from webapp.texts import datetime

MOST = 50  #: tokens or starts of one move
NEXT = 1  #: empty fields to choose a start in, beside those chosen

#: kind of wait -> what a token begins to do there
OPENS = {
    "task": "Mở việc {what}; người được giao thấy ngay.",
    "external": "Máy bắt đầu làm {what}.",
    "job": "Máy chạy {what} trong vài giây.",
    "timer": "Đặt hẹn giờ {what}{when}.",
    "message": "Chờ thông điệp ở {what}.",
    "signal": "Chờ tín hiệu ở {what}.",
    "condition": "Chờ điều kiện ở {what}.",
    "join": "Chờ các nhánh khác ở {what}.",
    "inside": "Vào trong {what}.",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chosen:
    """Numbers of tokens to cancel, ids of elements to start at."""

    cancel: Sequence[int]
    start: Sequence[str]

    @classmethod
    def read(cls, arguments: Any) -> "Chosen":
        starts = dict.fromkeys(one[:300] for one in arguments.getlist("start") if one)
        return cls(cancel=list(dict.fromkeys(arguments.getlist("cancel", type=int)))[:MOST], start=list(starts)[:MOST])

    @property
    def anything(self) -> bool:
        return bool(self.cancel or self.start)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sentence:
    """One thing that would happen. `kind` is the mark beside it: err, act, ok or warn."""

    icon: str
    kind: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preview:
    """What the move would do. With `problems` it cannot be done."""

    problems: Sequence[str]
    sentences: Sequence[Sentence]

    @property
    def possible(self) -> bool:
        return not self.problems


@dataclasses.dataclass(frozen=True, kw_only=True)
class MovePage:
    """What templates/instances/move.html asks for."""

    chosen: Chosen
    tokens: Sequence[Standing]
    processes: Sequence[tuple[str, Sequence[Element]]]  #: label -> where a token may be started
    preview: Preview | None

    @property
    def fields(self) -> list[str]:
        """The starts chosen, and an empty field for one more."""
        return [*self.chosen.start, *[""] * NEXT]


def page_of(instance: ProcessInstance, actor: Actor, chosen: Chosen) -> MovePage:
    tokens = [token for token in standing.standing_of(instance, actor) if not token.listens]
    return MovePage(
        chosen=chosen,
        tokens=tokens,
        processes=_processes(instance, tokens),
        preview=_preview(instance, actor, chosen, {token.number: token for token in tokens}),
    )


def _processes(instance: ProcessInstance, tokens: Sequence[Standing]) -> list[tuple[str, Sequence[Element]]]:
    """The instance's own process first, then those it has called and that still run."""
    ids = dict.fromkeys([instance.definition_id, *(token.definition_id for token in tokens)])
    return [(queries.get_definition(one).name, _starts(one)) for one in ids]


def _starts(definition_id: uuid.UUID) -> list[Element]:
    """Of an element that is done once for each, also a new round beside one that runs."""
    found: list[Element] = []
    for element in elements.list_elements(definition_id):
        found.append(element)
        if element.repeated:
            found.append(dataclasses.replace(element, id=f"{element.id}{NEW_ROUND}", name=f"{element.name}, vòng mới"))
    return found


def _preview(instance: ProcessInstance, actor: Actor, chosen: Chosen, tokens: Mapping[int, Standing]) -> Preview | None:
    if not chosen.anything:
        return None
    if not set(chosen.cancel) <= set(tokens):
        return Preview(problems=["Hồ sơ vừa đi tiếp, chỗ đã chọn bỏ không còn. Chọn lại theo sơ đồ mới."], sentences=[])
    try:
        found = operations.preview_move(instance.id, chosen.cancel, chosen.start, actor=actor)
    except DomainError as refused:
        return Preview(problems=[refused.sentence], sentences=[])
    sentences = [_cancelled(token, tokens) for token in found.cancelled]
    sentences += [_opened(token) for token in found.opened]
    sentences += [Sentence(icon="info-circle", kind="warn", text=note) for note in found.notes]
    return Preview(problems=found.problems, sentences=sentences)


def _cancelled(token: TokenView, tokens: Mapping[int, Standing]) -> Sentence:
    known = tokens.get(token.number)
    what = _what(token, known.name if known else "")
    if token.kind == "task":
        holder = f" của {known.holder}" if known and known.holder else ""
        return Sentence(icon="x-circle", kind="err", text=f"Thu lại việc {what}{holder}.")
    told = {
        "external": f"Bỏ việc của máy {what}; nếu máy đang làm thì kết quả không được nhận.",
        "timer": f"Bỏ hẹn giờ {what}.",
        "message": f"Thôi chờ thông điệp ở {what}.",
        "inside": f"Dừng {what} cùng mọi thứ bên trong.",
    }
    return Sentence(icon="x-circle", kind="err", text=told.get(token.kind, f"Bỏ chỗ đang đứng ở {what}."))


def _opened(token: TokenView) -> Sentence:
    when = f" lúc {datetime(token.due_at)}" if token.due_at else ""
    text = OPENS.get(token.kind, "Đứng ở {what}.").format(what=_what(token), when=when)
    return Sentence(icon=words.WAITS.get(token.kind, "arrow-right"), kind="act", text=text)


def _what(token: TokenView, known: str = "") -> str:
    name = f"“{known or words.named(token.element_name, token.element_type, token.element_id)}”"
    return f"{name} trong {token.scope_label}" if token.scope_label else name
