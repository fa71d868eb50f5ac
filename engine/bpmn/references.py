"""What a diagram names outside itself (a process, a decision, a form) and which version of it is meant."""

import dataclasses
import functools
import re
from collections.abc import Callable
from typing import Any

from engine.bpmn.xml import Problems, attribute, title
from engine.expressions import Constant, Functions, Names, Value

LATEST, DEPLOYMENT, VERSION, VERSION_TAG = "latest", "deployment", "version", "versionTag"
_DAYS = re.compile(r"P(\d{1,6})D|(\d{1,6})")


@dataclasses.dataclass(frozen=True)
class Named:
    """A reference in one situation. `version`: the number or the tag, where the binding wants one."""

    key: str
    binding: str = LATEST
    version: str = ""

    def __str__(self) -> str:
        """As a person says it."""
        more = {DEPLOYMENT: " trong cùng bộ triển khai", VERSION: f" bản {self.version}"}
        return f"“{self.key}”{more.get(self.binding) or (f' nhãn “{self.version}”' if self.version else '')}"


@dataclasses.dataclass(frozen=True)
class Reference:
    """As drawn."""

    key: Value
    binding: str = LATEST
    version: Value | None = None

    @property
    def fixed_key(self) -> str | None:
        """The key when it stands in the diagram; None when an expression chooses it."""
        return str(self.key.value) if isinstance(self.key, Constant) else None

    def named(self, names: Names, functions: Functions) -> Named:
        """Raises FeelError."""
        version = None if self.version is None else self.version.evaluate(names, functions)
        key = self.key.evaluate(names, functions)
        return Named("" if key is None else str(key), self.binding, "" if version is None else str(version))


def read(
    node: Any,
    key: str,
    name: str,
    compiler: Any,
    *,
    default: str = LATEST,
    said: Callable[[str], str | None] | None = None,
) -> Reference:
    """`name`: of the attribute with the key; `<name>Binding`, `<name>Version` and `<name>VersionTag` say the rest.
    `said`: where they stand when not in the camunda namespace of the node."""
    binding = (said or _of_vendor(node))(f"{name}Binding") or default
    if binding not in (LATEST, DEPLOYMENT, VERSION, VERSION_TAG):
        known = "latest, deployment, version hoặc versionTag"
        compiler.problems.error(node, f"{name}Binding của “{title(node)}” phải là {known}, không phải “{binding}”.")
    suffix = {VERSION: "Version", VERSION_TAG: "VersionTag"}.get(binding)
    text = (said or _of_vendor(node))(f"{name}{suffix}") if suffix else None
    version = None if text is None else compiler.attribute(node, text)
    if suffix and version is None:
        compiler.problems.error(node, f"“{title(node)}” gắn theo {binding} mà không có {name}{suffix}.")
    return Reference(compiler.attribute(node, key), binding, version)


def _of_vendor(node: Any) -> Callable[[str], str | None]:
    return functools.partial(attribute, node)


def check(node: Any, kind: str, reference: Reference, sentence: str, compiler: Any) -> None:
    """What is not there yet may still be deployed before it is needed; what must lie beside the diagram may not."""
    if compiler.catalog.knows(kind, reference):
        return
    if reference.binding == DEPLOYMENT:
        compiler.problems.error(node, f"{sentence}; đã gắn theo bộ triển khai thì phải nộp cùng.")
    else:
        told = f"{sentence} và chưa từng được triển khai; phải có trước khi chạy đến bước này."
        compiler.problems.warning(node, told)


def read_days(node: Any, text: str | None, problems: Problems) -> int | None:
    """camunda:historyTimeToLive: `P30D` or a number of days; nothing keeps history for ever."""
    if text is None or not text.strip():
        return None
    match = _DAYS.fullmatch(text.strip())
    if match is None:
        told = f"Thời gian lưu lịch sử “{text}” của “{title(node)}” phải là số ngày, ví dụ P30D hoặc 30."
        problems.error(node, told)
        return None
    return int(match.group(1) or match.group(2))
