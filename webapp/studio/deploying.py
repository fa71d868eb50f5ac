"""What the pages of deployments show: each file with what is in it and what is wrong with it."""

import dataclasses
from collections.abc import Mapping, Sequence

from directory.actors import Actor
from engine import operations
from engine.deployed_rows import Part
from engine.errors import Problem
from webapp.studio import uploads

KINDS = {"process": "Quy trình", "decision": "Quyết định", "form": "Biểu mẫu"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """One file of a set before it is deployed; `parts` as they would be."""

    name: str
    size: int  #: bytes
    parts: Sequence[Part]
    problems: Sequence[Problem]

    @property
    def is_refused(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckedSet:
    """A set before it is deployed. `problems`: those that are of no single file; `packed`: what the page carries."""

    files: Sequence[CheckedFile]
    problems: Sequence[Problem]
    packed: str

    @property
    def is_refused(self) -> bool:
        told = [problem for file in self.files for problem in file.problems]
        return any(problem.level == "error" for problem in [*self.problems, *told])

    @property
    def news(self) -> int:
        return sum(part.is_new for file in self.files for part in file.parts)


def check(files: Mapping[str, bytes], actor: Actor) -> CheckedSet:
    """Raises NotDesigner; Invalid when the set is too large to be kept in the page."""
    checked = operations.check_files(files, actor=actor)
    problems = [*checked.found.problems, *uploads.form_problems(checked.found.files)]
    alone = next(iter(checked.found.files)) if len(checked.found.files) == 1 else ""
    return CheckedSet(
        files=[
            CheckedFile(
                name=name,
                size=len(data),
                parts=[part for part in checked.parts if checked.found.places[part.kind, part.row.key] == name],
                problems=[problem for problem in problems if (problem.file or alone) == name],
            )
            for name, data in checked.found.files.items()
        ],
        problems=[] if alone else [problem for problem in problems if not problem.file],
        packed=uploads.pack(files),
    )
