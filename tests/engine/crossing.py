"""Running instances taken over into another version, in memory: saved, pruned and loaded before and after."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn import mapping, migrating
from engine.bpmn.migrating import ADDED, DROPPED, MOVED, Guide, Migrated
from engine.migration_errors import CannotMigrate
from tests.engine.memory import Play
from tests.engine.scenario_engine import MemoryHost


def read(data: bytes, key: str = "p") -> Any:
    host = MemoryHost()
    problems = host.deploy({"p.bpmn": data})
    assert not [problem for problem in problems if problem.level == "error"], problems
    return host.processes[key]


def guide(old: Any, new: Any, **changed: str) -> Guide:
    """The generated plan with `changed` pairs (an empty target: none)."""
    pairs = {**mapping.generate(old, new), **changed}
    kept = {source: target for source, target in pairs.items() if target}
    flows = mapping.generate_flows(old, new, kept)
    return Guide(source="p", target="p2", old=old, new=new, pairs=kept, flows=flows)


def problems(before: bytes, after: bytes, **changed: str) -> dict[str, list[str]]:
    """Level -> the elements it is about, of the old diagram or else of the new one."""
    old, new = read(before).spec, read(after).spec
    plan = guide(old, new, **changed)
    told: dict[str, list[str]] = {}
    for problem in mapping.check(old, new, plan.pairs, plan.flows):
        told.setdefault(problem.level, []).append(problem.source_id or problem.target_id)
    return told


class Crossing(Play):
    """A Play that can change its diagram while it runs."""

    def migrate(self, after: bytes, pairs: Mapping[str, str] | None = None) -> "Crossing":
        """Raises CannotMigrate."""
        self.migrated = self._migrated(after, pairs or {})
        self._go_on(self.migrated.instance)
        return self

    def _migrated(self, after: bytes, pairs: Mapping[str, str]) -> Migrated:
        self.host.processes["p2"] = read(after)
        way = guide(self.host.processes["p"].spec, self.host.processes["p2"].spec, **pairs)
        errors = [p.sentence for p in mapping.check(way.old, way.new, way.pairs, way.flows) if p.level == "error"]
        assert not errors, errors
        return migrating.migrate(self._row, way, self.host)

    def refusal(self, after: bytes, pairs: Mapping[str, str] | None = None) -> list[str]:
        """Why it cannot be migrated; none when it can."""
        before = self._row
        try:
            self._migrated(after, pairs or {})
        except CannotMigrate as refused:
            return refused.reasons
        finally:
            assert self._row == before
        return []

    def moves(self, what: str = MOVED) -> list[str]:
        """ "a>b", the listening ones with a star; of what was dropped or added the one side."""
        told = []
        for move in self.migrated.moves:
            if move.what == what:
                star = "*" if move.listens else ""
                ends = [move.source_id, move.target_id] if what == MOVED else [move.source_id or move.target_id]
                told.append(star + ">".join(ends))
        return told

    @property
    def added(self) -> list[str]:
        return [told.lstrip("*") for told in self.moves(ADDED)]

    @property
    def dropped(self) -> list[str]:
        return [told.lstrip("*") for told in self.moves(DROPPED)]

    @property
    def listening(self) -> list[str]:
        return sorted(token.task_spec.bpmn_id for token in self._load().tokens() if token.listens)

    def due(self, element: str) -> str:
        """When the timer waiting here is due."""
        token = next(t for t in self._load().tokens() if t.task_spec.bpmn_id == element and "due" in t.internal_data)
        return str(token.internal_data["due"])

    @property
    def numbers(self) -> dict[str, int]:
        """Element -> number of its open task."""
        return {token.task_spec.bpmn_id: token.id for token in self._open(self._load())}
