"""Who hears of what is done beside completing."""

import pytest
import sqlalchemy as sa

from directory.models import Person
from engine import operations, queries
from kernel import db
from notices.models import Notice
from tests.engine.diagrams import diagram, flows, user
from webapp.wiring import wire


def may(*told):
    lines = "".join(f'<moc:action name="{name}"/>' for name in told)
    return f"<extensionElements><moc:actions>{lines}</moc:actions></extensionElements>"


@pytest.fixture
def desk(agency, actor):
    wire()
    return Desk(actor)


class Desk:
    def __init__(self, actor):
        self.actor = actor

    def begin(self, *tasks, **variables):
        ids = [text.split('id="')[1].split('"')[0] for text in tasks]
        body = f'<startEvent id="s"/>{"".join(tasks)}<endEvent id="e"/>{flows("s", *ids, "e")}'
        with db.unit_of_work():
            operations.deploy({"p.bpmn": diagram(body)}, actor=self.actor("phan-tich"))
            self.instance = operations.start_instance("p", variables, actor=self.actor("van-thu"))

    def do(self, verb, element, *given, who="van-thu", **told):
        with db.unit_of_work():
            tasks = queries.list_instance_tasks(self.instance.id)
            task = next(task for task in tasks if task.element_id == element)
            return verb(task.id, *given, actor=self.actor(who), **told)

    def complete(self, element, who="van-thu"):
        return self.do(operations.complete_task, element, {}, who=who)

    def person(self, who):
        return self.actor(who).person_id

    def unread(self):
        """(user name, sentence) of what waits to be read."""
        query = sa.select(Person.username, Notice.sentence).join(Notice, Notice.person_id == Person.id)
        with db.reading() as session:
            return [tuple(row) for row in session.execute(query.where(Notice.read_at.is_(None)).order_by(Notice.id))]


def test_who_gets_a_task_back_hears_by_whom_and_why(desk):
    desk.begin(user("a", 'camunda:candidateGroups="chuyen-vien"'), user("b", inner=may("return")))
    desk.complete("a", "cv-tp")

    desk.do(operations.return_task, "b", reason="Thiếu phụ lục.")

    assert desk.unread() == [("cv-tp", "Trần Thị Lan trả lại: a. Lý do: Thiếu phụ lục.")]


def test_who_had_a_task_that_was_taken_back_hears_of_it(desk):
    desk.begin(user("a", inner=may("withdraw")), user("b", 'camunda:assignee="cv-tp"'))
    desk.complete("a")

    desk.do(operations.withdraw_task, "a")

    assert desk.unread() == [("cv-tp", "Trần Thị Lan đã thu hồi: b. Bạn không phải làm việc này.")]


def test_who_is_asked_hears_of_it_and_the_asker_of_the_answer(desk):
    desk.begin(user("a", inner=may("consult")))
    (one,) = desk.do(operations.consult, "a", desk.person("cv-tp"), "Thuộc ai?")
    assert desk.unread() == [("cv-tp", "Trần Thị Lan xin ý kiến bạn: a.")]

    with db.unit_of_work():
        operations.answer_consultation(one.id, "Thuộc tôi.", actor=desk.actor("cv-tp"))

    told = [sentence for who, sentence in desk.unread() if who == "van-thu"]
    assert len(told) == 1
    assert told[0].endswith("đã cho ý kiến: a.")


def test_a_task_that_ends_needs_no_answer_any_more(desk):
    desk.begin(user("a", inner=may("consult")))
    desk.do(operations.consult, "a", desk.person("cv-tp"), "Thuộc ai?")

    desk.complete("a")

    assert desk.unread() == []


def test_delegate_and_owner_hear_of_one_another(desk):
    desk.begin(user("a", inner=may("delegate")))
    desk.do(operations.delegate_task, "a", desk.person("cv-tp"))
    assert desk.unread() == [("cv-tp", "Trần Thị Lan uỷ thác cho bạn: a.")]

    desk.do(operations.resolve_task, "a", who="cv-tp")

    ((who, sentence),) = desk.unread()
    assert (who, sentence.endswith("trả kết quả uỷ thác: a. Bạn xem rồi gửi.")) == ("van-thu", True)


def test_who_is_added_to_a_round_hears_of_the_turn(desk):
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="signers" '
        'camunda:elementVariable="signer"/>'
    )
    desk.begin(
        user("a", 'camunda:assignee="=signer"', may("addSigner", "removeSigner") + loop), signers=["cv-tp", "cv-vp"]
    )

    desk.do(operations.add_signer, "a", desk.person("cv-vhtt"), who="cv-tp")
    desk.do(operations.remove_signer, "a", desk.person("cv-vp"), who="cv-tp")

    told = {who: sentence.split(":")[0].split(" ", 3)[-1] for who, sentence in desk.unread() if who != "cv-tp"}
    assert set(told) == {"cv-vhtt", "cv-vp"}
