"""A running instance taken over into another version of its diagram: a snapshot in, an instance out.

Every token keeps its number, so the rows of tasks, timers and machines' work stay its own. Listeners whose event is
gone go; events that are new begin to listen now; what listened before keeps its due time and what it still has to
repeat. Counters, results and elements of multi-instance activities stay, compensation records too. Nothing runs here:
joins that have become complete are only made ready.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine import snapshots
from engine.bpmn import saving, soundness
from engine.bpmn.gateways import EventBasedGateway, InclusiveGateway, ParallelGateway, merge, oldest_by_flow
from engine.bpmn.host import Host
from engine.bpmn.mapping import flow_labels, label_of
from engine.bpmn.node import Process
from engine.bpmn.subprocesses import SubProcess
from engine.bpmn.tokens import JOB, STARTED, Instance, Token
from engine.migration_errors import CannotMigrate
from engine.snapshots import CHILD, ScopeRow, Snapshot, TokenRow

MOVED, DROPPED, ADDED = "moved", "dropped", "added"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Guide:
    """A plan in the core's terms. `pairs`, `flows`: element and flow of the old diagram -> of the new one."""

    source: str  #: definitions, as the snapshot names them
    target: str
    old: Process
    new: Process
    pairs: Mapping[str, str]
    flows: Mapping[str, str]


class Move(NamedTuple):
    """What becomes of one token: it is moved; it stops listening, or begins to. Bodies of multi-instances have none."""

    what: str
    token: int
    listens: bool
    source_id: str
    source: str  #: in words
    target_id: str
    target: str


@dataclasses.dataclass(frozen=True)
class Migrated:
    """`instance` is ready to go on with its next engine steps. `freed`: joins that go on at once, in words."""

    instance: Instance
    moves: list[Move]
    freed: list[str]


def concerns(snapshot: Snapshot, definition: str) -> bool:
    """Whether the instance, or a process called inside it, follows this definition."""
    return any(scope.definition == definition for scope in snapshot.scopes)


def migrate(data: bytes, guide: Guide, host: Host) -> Migrated:
    """Raises CannotMigrate with all reasons; CannotProceed when the time of a new timer cannot be told."""
    transfer = _Transfer(guide)
    snapshot = transfer.snapshot(snapshots.read(data))
    if transfer.reasons:
        raise CannotMigrate(list(dict.fromkeys(transfer.reasons)))
    instance = saving.load(snapshots.write(snapshot), host)
    added = _Listening(instance, transfer).begin()
    wrong = soundness.faults(instance)
    if wrong:
        raise CannotMigrate(wrong)
    return Migrated(instance, transfer.moves + added, _free_joins(instance, transfer.places))


class _Transfer:
    """Gathers the reasons against it instead of stopping at the first."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.reasons: list[str] = []
        self.moves: list[Move] = []
        self.origins: dict[int, Any] = {}  #: token -> its spec in the old diagram
        self.places: dict[int, tuple[Process, Process]] = {}  #: root of a scope -> its process before and now
        self._inside: dict[int, tuple[Process, Process]] = {}  #: token that opens a scope -> that scope's

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        return snapshot._replace(scopes=[self._scope(row) for row in snapshot.scopes])

    def _scope(self, row: ScopeRow) -> ScopeRow:
        place = self._place(row)
        if place is None:
            return row
        self.places[row.root] = place
        old, new = place
        before = [TokenRow(*token) for token in row.tokens]
        tokens = [moved for token in before if (moved := self._token(token, old, new, before)) is not None]
        if not self.reasons:
            self._note_starving(place, before, tokens)
        return row._replace(
            spec=new.name,
            definition=self.guide.target if row.definition else 0,
            tokens=[tuple(token) for token in tokens],
            done=self._records(row.done, old, new),
            internal=self._internal(row.internal, old, new),
        )

    def _place(self, row: ScopeRow) -> tuple[Process, Process] | None:
        if row.definition:
            return (self.guide.old, self.guide.new) if row.definition == self.guide.source else None
        return self._inside.get(row.owner or 0)

    # ---- tokens
    def _token(self, token: TokenRow, old: Process, new: Process, siblings: Sequence[TokenRow]) -> TokenRow | None:
        spec = old.task_specs[token.spec]
        listens = "listens" in (token.internal or {})
        name = self._name(token.spec)
        if name is None or name not in new.task_specs:
            self._leave(token, spec, listens=listens)
            return None
        target = new.task_specs[name]
        self.origins[token.number] = spec
        if isinstance(spec, SubProcess) and isinstance(target, SubProcess):
            self._inside[token.number] = (old.subprocess_specs[spec.spec], new.subprocess_specs[target.spec])
        self._note(MOVED, token.number, spec, target, listens=listens)
        internal = self._internal(token.internal, old, new)
        if target.joins and len(target.incoming) > 1 and JOB not in (token.internal or {}):
            internal = self._on_flow(internal, spec, target, old)
        return token._replace(spec=name, internal=internal, data=self._data(token, spec, target, old, new))

    def _name(self, name: str) -> str | None:
        """Of the spec that takes the place of this one: element of a multi-instance for element."""
        base = name.removesuffix(CHILD)
        target = self.guide.pairs.get(base)
        return None if target is None else target + name[len(base) :]

    def _leave(self, token: TokenRow, spec: Any, *, listens: bool) -> None:
        if listens:
            self._note(DROPPED, token.number, spec, None, listens=True)
        else:
            self.reasons.append(f"Hồ sơ đang ở {_label(spec)}, bước này chưa ghép với bước nào của bản mới.")

    def _note(self, what: str, number: int, spec: Any, target: Any, *, listens: bool) -> None:
        if not listens and hasattr(spec, "sequential"):
            return  # the body of a multi-instance: its elements are told
        told = ("", "") if target is None else (target.bpmn_id, _label(target))
        self.moves.append(Move(what, number, listens, spec.bpmn_id, _label(spec), *told))

    def _on_flow(self, internal: Any, spec: Any, target: Any, old: Process) -> dict[str, Any]:
        """A token at a join waits on its flow."""
        flow = self.guide.flows.get(internal["flow"]) if internal else None
        if flow is None or flow not in target.incoming:
            came = flow_labels(old).get((internal or {}).get("flow", ""), "một nhánh")
            self.reasons.append(f"Ở {_label(spec)} đang có {came} chờ, bản mới không còn nhánh đó để chờ tiếp.")
        return {**(internal or {}), "flow": flow}

    # ---- what a token and a scope carry
    def _data(self, token: TokenRow, spec: Any, target: Any, old: Process, new: Process) -> Any:
        """The variables of multi-instance elements follow the names that the new diagram gives them."""
        if not spec.instance_of:
            self._check_results(spec, target)
            return token.data
        before, now = old.task_specs[spec.instance_of], new.task_specs[target.instance_of]
        names = {before.element: now.element, before.output_item: now.output_item}
        renamed = {name: names[name] for name in names if name and names[name] and name != names[name]}
        return {renamed.get(name, name): value for name, value in token.data.items()} if token.data else token.data

    def _check_results(self, spec: Any, target: Any) -> None:
        before, now = getattr(spec, "output", None), getattr(target, "output", None)
        if before and now and before != now:
            self.reasons.append(
                f"{_label(spec)} đang gom kết quả vào “{before}”, bản mới gom vào “{now}”: kết quả đã có sẽ mất."
            )

    def _internal(self, internal: Any, old: Process, new: Process) -> Any:
        if not internal or "records" not in internal:
            return internal
        return {**internal, "records": self._records(internal["records"], old, new)}

    def _records(self, records: Sequence[Any], old: Process, new: Process) -> list[Any]:
        """What was done and can be compensated (engine.bpmn.tokens.Running)."""
        return [moved for record in records if (moved := self._record(record, old, new)) is not None]

    def _record(self, record: Sequence[Any], old: Process, new: Process) -> list[Any] | None:
        kind, name, *rest = record
        activity = rest[0] if kind == "handler" else name
        spec, target = old.task_specs[activity], new.task_specs.get(self._name(activity) or "")
        if target is None or (kind == "handler" and not target.handler):
            self.reasons.append(f"{_label(spec)} đã làm và còn bù trừ được, bản mới không nói bù trừ thế nào.")
            return None
        if kind == "handler":
            return [kind, target.handler, target.name]
        variables, records = rest
        inner = old.subprocess_specs[spec.spec], new.subprocess_specs[target.spec]
        return [kind, target.name, variables, self._records(records, *inner)]

    def _note_starving(
        self, place: tuple[Process, Process], before: Sequence[TokenRow], tokens: Sequence[TokenRow]
    ) -> None:
        """A join that waits for ever where it did not before: the new diagram has one more branch before it."""
        old, new = place
        pairs = self.guide.pairs
        already = {pairs.get(join) for join, _ in soundness.starved(old, before)}
        for join, flow in sorted(soundness.starved(new, tokens)):
            if join not in already:
                label, came = _label(new.task_specs[join]), flow_labels(new)[flow]
                self.reasons.append(f"{label} ở bản mới chờ cả {came} mà hồ sơ này đã đi quá: hồ sơ sẽ kẹt ở đó.")


def _label(spec: Any) -> str:
    return label_of(spec.bpmn_id, spec.bpmn_name, spec.element_type)


# ----------------------------------------------------------------------------------------------------- what begins now
class _Listening:
    """Events of the new diagram that had no counterpart beside the same activity, scope or gateway."""

    def __init__(self, instance: Instance, transfer: _Transfer) -> None:
        self.instance = instance
        self.transfer = transfer
        self.moves: list[Move] = []

    def begin(self) -> list[Move]:
        for scope in self.instance.all_scopes():
            place = self.transfer.places.get(scope.task_tree.id)
            if place is None or scope.completed:
                continue
            for token in scope.live():
                if token.id in self.transfer.origins and not token.listens:
                    self._beside(token, self.transfer.origins[token.id])
            if not _is_closed(scope):
                known = self._images(spec.name for spec in place[0].event_subprocesses)
                self._listen((s for s in scope.spec.event_subprocesses if s.name not in known), scope, scope.task_tree)
        return self.moves

    def _beside(self, token: Token, origin: Any) -> None:
        spec, specs = token.task_spec, token.workflow.spec.task_specs
        reopened = isinstance(spec, SubProcess) and "compensates" in token.internal_data
        if reopened or JOB in token.internal_data:
            return  # nothing happens beside what is only compensated, has not begun or is over
        names = list(spec.boundary)
        known = self._images(origin.boundary)
        if isinstance(spec, EventBasedGateway):
            names += [flow.target for flow in spec.flows]
            known |= self._images(flow.target for flow in origin.flows)
        self._listen((specs[name] for name in names if name not in known), token.workflow, token)

    def _images(self, names: Any) -> set[str | None]:
        return {self.transfer.guide.pairs.get(name) for name in names}

    def _listen(self, specs: Any, scope: Any, parent: Token) -> None:
        for spec in specs:
            before = self.instance.numbers
            spec.listen(scope, parent)
            if self.instance.numbers > before:
                self.moves.append(Move(ADDED, self.instance.numbers, True, "", "", spec.bpmn_id, _label(spec)))


def _is_closed(scope: Any) -> bool:
    """An interrupting event sub-process has taken over, or the scope is open only to be compensated."""
    owner = scope.parent_task
    if owner is not None and "compensates" in owner.internal_data:
        return True
    specs = [token.task_spec for token in scope.direct() if token._state == STARTED]
    return any(spec.is_event_subprocess and spec.cancel_activity for spec in specs)


def _free_joins(instance: Instance, places: Mapping[int, Any]) -> list[str]:
    """Joins that miss nothing any more are made ready."""
    freed: list[str] = []
    for scope in instance.all_scopes():
        if scope.completed or scope.task_tree.id not in places:
            continue
        for spec in scope.spec.task_specs.values():
            if isinstance(spec, ParallelGateway | InclusiveGateway):
                freed += [_label(spec)] * _freed(spec, scope)
    return freed


def _freed(join: Any, scope: Any) -> int:
    """How many tokens go on."""
    if len(join.incoming) < 2:
        waiting = [t for t in scope.live() if t.task_spec is join and JOB not in t.internal_data]
        for token in waiting:
            token._ready()
        return len(waiting)
    if isinstance(join, InclusiveGateway):
        return int(join.try_to_fire(scope))
    count = 0
    while len(oldest := oldest_by_flow(join, scope)) == len(join.incoming):
        first, *others = oldest.values()
        merge(others)
        first._ready()
        count += 1
    return count
