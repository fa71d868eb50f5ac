"""Random diagrams, migrated at random moments to a copy of themselves: seen from outside nothing has happened."""

import zlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn import mapping, migrating, saving
from engine.bpmn.migrating import Guide
from tests.engine.random_blocks import Block, blocks
from tests.engine.random_reference import Decisions
from tests.engine.test_random_diagrams import Host, Saved, play

OFTEN = 40  #: of a hundred steps


class Migrating(Saved):
    """Before some of the steps each process in the instance, called ones too, goes over to its twin or back."""

    def __init__(self, data: bytes, decisions: Decisions) -> None:
        self.data, self.decisions, self.moved = data, decisions, 0
        super().__init__(data, decisions)

    def keep(self) -> None:
        super().keep()
        self.moved += 1
        if zlib.crc32(f"{self.decisions.seed}/{self.moved}".encode()) % 100 < OFTEN:
            for key in {scope.definition for scope in self.instance.all_scopes()}:
                self._migrate(key)

    def _migrate(self, key: str) -> None:
        twin = key.removesuffix("~") if key.endswith("~") else f"{key}~"
        if twin not in self.host.processes:
            self.host.processes[twin] = Host(self.data, self.decisions).processes[key]
        old, new = self.host.processes[key].spec, self.host.processes[twin].spec
        pairs = mapping.generate(old, new)
        flows = mapping.generate_flows(old, new, pairs)
        guide = Guide(source=key, target=twin, old=old, new=new, pairs=pairs, flows=flows)
        migrated = migrating.migrate(self.row, guide, self.host)
        assert not migrated.freed
        assert {move.what for move in migrated.moves} <= {migrating.MOVED}
        before = self.row
        saving.prune(migrated.instance)
        self.row = saving.dump(migrated.instance)
        self.instance = saving.load(self.row, self.host)
        assert len(self.row) - len(before) <= 8 * len(self.instance.all_scopes())  # the names of the definitions alone


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(), seed=st.integers(0, 2**16))
def test_an_instance_migrated_to_a_copy_of_its_diagram_does_what_it_would_have_done(block: Block, seed: int) -> None:
    play(block, seed, [Migrating])
