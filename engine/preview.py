"""A move of tokens tried on a copy of the instance: what it would cancel and open, without any effect outside."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.bpmn import closing, events, moving
from engine.bpmn.moving import Start
from engine.bpmn.tokens import READY, Token
from engine.positions import LISTENING_TOKEN, TokenView, view_of
from engine.runtime import Run
from kernel.errors import DomainError

NEW_ROUND = moving.BODY  #: after the id of a multi-instance element: a round of its own, also where one is running


@dataclasses.dataclass(frozen=True, kw_only=True)
class MovePreview:
    """`problems`: why it would be refused; none when it can be done. `notes`: what to know before doing it."""

    problems: list[str]
    notes: list[str]
    cancelled: list[TokenView]
    opened: list[TokenView]
    ends: bool  #: the whole instance is over then

    @property
    def possible(self) -> bool:
        return not self.problems


class _WouldRun(Exception):
    """A registered service is about to run."""

    def __init__(self, token: Token) -> None:
        self.token = token


class Trial(Run):
    """A run whose result is thrown away. It stops before every service task, and the other tokens go on."""

    def move(self, cancel: Collection[int], start: Sequence[Start]) -> MovePreview:
        self.notes: list[str] = []
        before = self._views()
        problems, ends = [], False
        try:
            moved = moving.modify(self.instance, cancel=cancel, start=start)
            self._step()
            ends = self.instance.completed
            self._note_what_is_left(moved.emptied)
            after = self._views()
            self.finish()  # asks who would get the tasks
        except DomainError as refused:
            problems.append(refused.sentence)
            after = before
        return MovePreview(
            problems=problems,
            notes=self.notes,
            cancelled=[view for number, view in before.items() if number not in after],
            opened=[view for number, view in after.items() if number not in before],
            ends=ends,
        )

    def call_service(self, token: Token, name: str) -> Mapping[str, Any] | None:
        self.notes.append(f"Sẽ chạy việc “{token.task_spec.label}” ({name}); bản thử dừng trước bước này.")
        raise _WouldRun(token)

    def _step(self) -> None:
        while True:
            try:
                self.instance.do_engine_steps()
                return
            except _WouldRun as stopped:
                stopped.token._state = READY  # SpiffWorkflow has marked it as failed
                self.instance.agenda.reverse()  # the core has turned it while it worked

    def _views(self) -> dict[int, TokenView]:
        """Without what only listens beside a token: it comes and goes with it."""
        views = {token.id: view_of(token) for token in self.instance.tokens() if not self.instance.completed}
        return {number: view for number, view in views.items() if view.state != LISTENING_TOKEN}

    def _note_what_is_left(self, emptied: bool) -> None:
        if emptied:
            self.notes.append("Không còn chỗ nào đang đứng: cả hồ sơ quy trình sẽ bị hủy.")
        elif self.instance.completed:
            self.notes.append("Quy trình sẽ kết thúc.")
        for thrown in self.instance.outbox:
            told = "tín hiệu" if thrown.kind == events.SIGNAL else "thông điệp"
            self.notes.append(f"Sẽ phát {told} “{thrown.name}”.")
        for label in closing.stuck_joins(self.instance):
            self.notes.append(f"Cổng “{label}” sẽ chờ một nhánh không còn ai đi tới.")
