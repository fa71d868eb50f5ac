"""The drawing board: one draft a process, shared by those who design."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from directory.actors import Actor
from engine import drafts, queries
from engine.draft_errors import DraftChanged, DraftNotFound, KeyTaken, NotDrafting, OtherProcess, UnusableKey
from engine.errors import ProcessRefused
from kernel import audit, db
from tests.studio.factories import make_diagram, publish

People = Callable[[str], Actor]
KEY = "lay-y-kien"


def save(actor: Actor, *, seen: int | None, xml: str | None = None) -> int:
    with db.unit_of_work():
        return drafts.save_draft(KEY, xml or make_diagram(), seen_version=seen, actor=actor).version


def test_a_draft_grows_a_version_with_every_saving(actor: People) -> None:
    designer = actor("phan-tich")

    assert [save(designer, seen=0), save(designer, seen=1), save(designer, seen=2)] == [1, 2, 3]


def test_work_that_was_not_seen_is_not_overwritten(actor: People) -> None:
    designer = actor("phan-tich")
    save(designer, seen=0)
    save(designer, seen=1, xml=make_diagram(task="Của người trước"))

    with pytest.raises(DraftChanged, match="Phạm Khánh Linh"):
        save(designer, seen=1)
    with db.reading():
        assert "Của người trước" in drafts.get_draft(designer.organization_id, KEY).xml


def test_a_draft_is_overwritten_on_purpose(actor: People) -> None:
    designer = actor("phan-tich")
    save(designer, seen=0)
    save(designer, seen=1)

    assert save(designer, seen=None) == 3


def test_of_two_who_begin_the_same_process_at_once_the_second_learns_it(actor: People) -> None:
    designer, gate = actor("phan-tich"), threading.Barrier(2)

    def begin(_: int) -> str:
        gate.wait()
        try:
            with db.unit_of_work():
                drafts.start_draft(KEY, make_diagram(), actor=designer)
        except KeyTaken:
            return "taken"
        return "begun"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(begin, range(2)))

    assert told == ["begun", "taken"]


@pytest.mark.parametrize("key", ["a b", 'a"b', "văn-bản", "a" * 65])
def test_a_key_that_no_file_name_can_hold_is_refused(actor: People, key: str) -> None:
    xml = make_diagram(key=key.replace('"', "&quot;"))

    with pytest.raises(UnusableKey), db.unit_of_work():
        drafts.save_draft(key, xml, seen_version=0, actor=actor("phan-tich"))


@pytest.mark.parametrize("username", ["quan-tri", "van-thu", "chu-tich"])
def test_only_designers_draw(actor: People, username: str) -> None:
    with pytest.raises(NotDrafting):
        save(actor(username), seen=0)


def test_administrators_look_at_the_board(actor: People) -> None:
    assert drafts.may_study(actor("quan-tri"))
    assert not drafts.may_design(actor("quan-tri"))
    assert not drafts.may_study(actor("van-thu"))


def test_a_draft_keeps_the_key_of_its_process(actor: People) -> None:
    with pytest.raises(OtherProcess, match=KEY):
        save(actor("phan-tich"), seen=0, xml=make_diagram(key="khac"))


def test_a_new_process_takes_no_key_in_use(actor: People) -> None:
    publish(actor)

    with db.unit_of_work(), pytest.raises(KeyTaken):
        drafts.start_draft(KEY, make_diagram(), actor=actor("phan-tich"))


def test_publishing_makes_the_next_version_and_clears_the_board(actor: People) -> None:
    designer = actor("phan-tich")
    publish(actor)
    changed = make_diagram(task="Góp ý bằng văn bản")
    save(designer, seen=0, xml=changed)

    with db.unit_of_work():
        definition = drafts.publish_process(KEY, changed, forms={}, actor=designer)

    with db.reading():
        assert definition.version == 2
        assert queries.get_diagram(definition.id).decode() == changed
        assert drafts.find_draft(designer.organization_id, KEY) is None


def test_a_refused_diagram_leaves_the_draft_where_it_is(actor: People) -> None:
    designer = actor("phan-tich")
    broken = make_diagram(service="documents.no_such_service")
    save(designer, seen=0, xml=broken)

    with pytest.raises(ProcessRefused) as refused, db.unit_of_work():
        drafts.publish_process(KEY, broken, forms={}, actor=designer)

    assert [problem.element_id for problem in refused.value.problems if problem.level == "error"] == ["Service_work"]
    with db.reading():
        assert drafts.get_draft(designer.organization_id, KEY).xml == broken
        assert queries.find_latest_definition(designer.organization_id, KEY) is None


def test_a_discarded_draft_is_gone(actor: People) -> None:
    designer = actor("phan-tich")
    save(designer, seen=0)

    with db.unit_of_work():
        drafts.discard_draft(KEY, actor=designer)

    with db.unit_of_work(), pytest.raises(DraftNotFound):
        drafts.discard_draft(KEY, actor=designer)


def test_every_step_on_the_board_leaves_one_line(actor: People) -> None:
    designer = actor("phan-tich")
    save(designer, seen=0)
    with db.unit_of_work():
        drafts.publish_process(KEY, make_diagram(), forms={}, actor=designer)

    with db.reading():
        told = db.session().scalars(sa.select(audit.AuditEntry.tag).where(audit.AuditEntry.subject_id == KEY)).all()
    assert sorted(told) == ["process:publish", "process:save_draft"]
