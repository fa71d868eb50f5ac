"""Migration in words: problems, what happens to an instance, states of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.migration import Step
from webapp.documents.words import Tag

ITEMS = {
    "pending": Tag("Đang chờ", "", "hourglass-split"),
    "done": Tag("Đã chuyển", "ok", "check2"),
    "failed": Tag("Không chuyển được", "err", "exclamation-triangle"),
    "undone": Tag("Đã hoàn tác", "line", "arrow-counterclockwise"),
}
BATCHES = {
    "running": Tag("Đang chuyển", "act", "arrow-repeat"),
    "finished": Tag("Đã xong", "ok", "check2"),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """What happens, or has happened, to one instance; tokens at the same place count together."""
    counted: dict[str, int] = {}
    for step in steps:
        told = _sentence(step)
        counted[told] = counted.get(told, 0) + 1
    return [told if number == 1 else f"{told} ({number} lần)" for told, number in counted.items()]


def told_steps(moves: Sequence[Mapping[str, Any]]) -> list[str]:
    return sentences(Step(what=move["what"], source=move["source"], target=move["target"]) for move in moves)


def _sentence(step: Step) -> str:
    if step.what == "dropped":
        return f"Thôi chờ {step.source}"
    if step.what == "added":
        return f"Bắt đầu chờ {step.target}"
    if step.what == "freed":
        return f"Đi tiếp ngay từ {step.source}"
    return f"Ở lại {step.source}" if step.same else f"Từ {step.source} sang {step.target}"
