"""What fails is tried again, later and later; then it waits for a person, with the reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from directory.actors import machine
from engine import operations, queries, retries
from engine.errors import CannotProceed, IncidentNotFound, JobNotFound, NotOfWhole
from engine.events import ExternalTaskReady, IncidentOpened
from engine.job_models import Job
from engine.models import ExternalTask, Incident, ProcessInstance, Timer
from engine.operations import external
from engine.operations import jobs as job_operations
from kernel import clock, db, events
from kernel.errors import DomainError
from tests.engine.conftest import ActorOf, Desk
from tests.engine.diagrams import diagram, flow, flows, user

NOON = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
ASYNC = 'camunda:asyncBefore="true"'
Services = Callable[[str, Any], None]


def drawn(body: str, *chain: str, outside: str = "") -> bytes:
    return diagram(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(*chain)}', outside=outside)


def printing(cycle: str = "", attributes: str = ASYNC) -> bytes:
    told = f"<camunda:failedJobRetryTimeCycle>{cycle}</camunda:failedJobRetryTimeCycle>" if cycle else ""
    inner = f"<extensionElements>{told}</extensionElements>"
    service = f'id="b" name="In giấy" camunda:delegateExpression="test.print" {attributes}'
    node = f"<serviceTask {service}>{inner}</serviceTask>"
    return drawn(node + user("c"), "s", "b", "c", "e")


class BookClosed(DomainError):
    sentence = "Sổ đã khóa."


class Printer:
    """A service that works or does not."""

    def __init__(self) -> None:
        self.failure: Exception | None = RuntimeError("máy in hỏng")
        self.calls = 0

    def __call__(self, call: Any) -> None:
        self.calls += 1
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def printer(services: Services) -> Printer:
    printer = Printer()
    services("test.print", printer)
    return printer


def job() -> Job:
    with db.reading() as session:
        return session.scalars(sa.select(Job)).one()


def incidents(desk: Desk) -> list[Incident]:
    with db.reading():
        return list(queries.list_incidents(desk.organization_id))


def run_at(moment: dt.datetime) -> None:
    """One beat of the ticker, and what it hands to the queue, at this time."""
    with clock.set_to(moment):
        job_operations.hand_over_due_jobs()
        with db.reading() as session:
            due = list(session.scalars(sa.select(Job.id).where(Job.due_at <= moment, Job.failed_at.is_(None))))
        for job_id in due:
            job_operations.run_job(job_id)


# ------------------------------------------------------------------------------------------------------------- policies
@pytest.mark.parametrize(
    ("text", "tries", "waits"),
    [
        ("R3/PT1M", 3, [60, 60]),
        ("PT1M,PT5M, PT20M", 4, [60, 300, 1200]),
        ("PT30S", 2, [30]),
        (" R1/PT1H ", 1, []),
        ("R0/PT1H", 1, []),
    ],
)
def test_a_policy_says_how_often_and_after_how_long(text: str, tries: int, waits: list[int]) -> None:
    policy = retries.policy(text)

    told = [(policy.next_try(left, NOON) - NOON).total_seconds() for left in range(policy.tries, 1, -1)]
    assert (policy.tries, told) == (tries, waits)


def test_a_policy_without_end_goes_on_as_it_began() -> None:
    policy = retries.policy("R/PT1H")

    assert policy.tries > 1_000_000_000
    assert policy.next_try(policy.tries - 500, NOON) == NOON + dt.timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "RASDASDAD5/PT5M", "R3", "1 phút", "R3/PT1M,PT2M", None, 7])
def test_what_is_no_policy_is_refused(text: Any) -> None:
    with pytest.raises(retries.NotAPolicy):
        retries.policy(text)


# ----------------------------------------------------------------------------------------------------------------- jobs
def test_a_failing_job_is_tried_again_and_then_waits_with_an_incident(desk: Desk, printer: Printer) -> None:
    desk.deploy(printing("PT1M,PT5M"))
    with clock.set_to(NOON):
        instance = desk.start()

    run_at(NOON)
    assert (job().retries, job().due_at, incidents(desk)) == (2, NOON + dt.timedelta(minutes=1), [])
    run_at(NOON + dt.timedelta(seconds=59))
    assert printer.calls == 1
    run_at(NOON + dt.timedelta(minutes=1))
    assert (job().retries, job().due_at) == (1, NOON + dt.timedelta(minutes=6))
    run_at(NOON + dt.timedelta(minutes=6))

    assert (job().retries, printer.calls) == (0, 3)
    (incident,) = incidents(desk)
    assert (incident.kind, incident.element_id, incident.instance_id) == ("job", "b", instance.id)
    assert incident.message == "RuntimeError: máy in hỏng"
    assert incident.cause == "RuntimeError: máy in hỏng"
    assert "engine/runtime.py" in incident.place
    assert "test_retries.py" in incident.place.splitlines()[-1]
    assert desk.history(instance, "completed") == ["s"]
    run_at(NOON + dt.timedelta(days=9))
    assert printer.calls == 3


def test_the_standard_is_three_tries(desk: Desk, printer: Printer) -> None:
    desk.deploy(printing())
    with clock.set_to(NOON):
        desk.start()

    for minutes in range(10):
        run_at(NOON + dt.timedelta(minutes=minutes))

    assert printer.calls == 3
    assert len(incidents(desk)) == 1


@pytest.mark.parametrize("cycle", ["=tries", "${tries}"])
def test_an_expression_may_say_how_often(desk: Desk, printer: Printer, cycle: str) -> None:
    desk.deploy(printing(cycle))
    with clock.set_to(NOON):
        desk.start(tries="R5/PT2M")

    run_at(NOON)

    assert (job().retries, job().due_at) == (4, NOON + dt.timedelta(minutes=2))


def test_a_cycle_that_says_nothing_is_told_at_deployment_and_the_standard_holds(desk: Desk, printer: Printer) -> None:
    data = printing("RASDASDAD5/PT5M")
    (problem,) = [p for p in operations.check_process({"p.bpmn": data}) if "thử lại" in p.sentence]
    desk.deploy(data)
    with clock.set_to(NOON):
        desk.start()

    run_at(NOON)

    assert (problem.level, problem.element_id) == ("warning", "b")
    assert job().retries == 2


def test_a_refusal_and_a_wrong_expression_are_failures_of_the_job(desk: Desk, printer: Printer) -> None:
    printer.failure = BookClosed()
    desk.deploy(printing("R1/PT1M"))
    desk.start()
    job_operations.run_job(job().id)

    (incident,) = incidents(desk)
    assert (incident.message, incident.cause) == ("Sổ đã khóa.", "BookClosed: Sổ đã khóa.")

    gateway = f'<exclusiveGateway id="g" name="Kết quả?" {ASYNC}/>{flow("g", "e", "outcome = 1")}'
    desk.deploy(drawn(gateway, "s", "g"))
    desk.start()
    with db.reading() as session:
        other = session.scalars(sa.select(Job.id).where(Job.element_id == "g")).one()
    job_operations.run_job(other)
    with db.reading() as session:
        assert "Kết quả?" in session.scalars(sa.select(Job.error).where(Job.id == other)).one()


def test_a_job_that_works_at_last_resolves_its_incident(desk: Desk, printer: Printer, actor: ActorOf) -> None:
    desk.deploy(printing("R1/PT1M"))
    desk.start()
    job_operations.run_job(job().id)
    (incident,) = incidents(desk)

    with pytest.raises(NotOfWhole), db.unit_of_work():
        operations.retry_incident(incident.id, actor=actor("van-thu"))
    with db.unit_of_work():
        operations.retry_incident(incident.id, actor=actor("chanh-van-phong"))
    with pytest.raises(IncidentNotFound), db.unit_of_work():
        operations.retry_incident(incident.id, actor=actor("chanh-van-phong"))
    job_operations.run_job(job().id)
    (again,) = incidents(desk)
    assert again.id != incident.id

    printer.failure = None
    job_id = job().id
    with db.unit_of_work():
        operations.set_retries(job_id, 3, actor=actor("quan-tri"))
    assert incidents(desk) == []
    job_operations.run_job(job().id)
    assert desk.names() == ["c"]
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_an_operator_retries_all_that_failed_at_one_element(desk: Desk, printer: Printer, actor: ActorOf) -> None:
    (definition,) = desk.deploy(printing("R1/PT1M"))
    for _ in range(4):
        desk.start()
    with db.reading() as session:
        jobs = list(session.scalars(sa.select(Job.id)))
    for job_id in jobs:
        job_operations.run_job(job_id)
    assert len(incidents(desk)) == 4
    printer.failure = None

    with db.unit_of_work():
        assert operations.retry_incidents(element_id="c", actor=actor("quan-tri")) == 0
    with db.unit_of_work():
        retried = operations.retry_incidents(definition_id=definition.id, element_id="b", actor=actor("quan-tri"))
    for job_id in jobs:
        job_operations.run_job(job_id)

    assert (retried, incidents(desk), desk.names()) == (4, [], ["c"] * 4)


def test_whoever_leads_hears_of_an_incident_once(desk: Desk, printer: Printer) -> None:
    heard: list[IncidentOpened] = []
    events.listens(IncidentOpened)(heard.append)
    desk.deploy(printing("R1/PT1M"))
    desk.start()

    job_operations.run_job(job().id)
    job_operations.run_job(job().id)

    assert [event.incident.element_id for event in heard] == ["b"]


def test_tries_of_nothing_are_not_set(desk: Desk, actor: ActorOf) -> None:
    with pytest.raises(DomainError), db.unit_of_work():
        operations.set_retries(desk.organization_id, 1, actor=actor("quan-tri"))
    with pytest.raises(JobNotFound), db.unit_of_work():
        operations.discard_job(desk.organization_id, reason="thừa", actor=actor("quan-tri"))


# --------------------------------------------------------------------------------------------------------------- timers
def test_a_failing_timer_is_tried_again_before_it_waits(desk: Desk, printer: Printer) -> None:
    cycle = "<camunda:failedJobRetryTimeCycle>R2/PT5M</camunda:failedJobRetryTimeCycle>"
    more = f"<extensionElements>{cycle}</extensionElements>"
    event = f'<boundaryEvent id="t" attachedToRef="a">{more}<timerEventDefinition><timeDuration>PT1H</timeDuration>'
    body = (
        f"{user('a')}{event}</timerEventDefinition></boundaryEvent>"
        '<serviceTask id="b" camunda:delegateExpression="test.print"/>'
    )
    desk.deploy(drawn(body + flows("t", "b", "e"), "s", "a", "e"))
    with clock.set_to(NOON):
        desk.start()
    due = NOON + dt.timedelta(hours=1)

    def fire(moment: dt.datetime) -> int:
        with clock.set_to(moment):
            return operations.fire_due_timers()

    assert (fire(due), printer.calls) == (0, 1)
    assert (fire(due + dt.timedelta(minutes=4)), printer.calls, incidents(desk)) == (0, 1, [])
    assert (fire(due + dt.timedelta(minutes=5)), printer.calls) == (0, 2)
    (incident,) = incidents(desk)
    assert (incident.kind, incident.element_id) == ("timer", "t")
    with db.reading() as session:
        timer = session.scalars(sa.select(Timer)).one()
    assert (timer.due_at, timer.retries) == (due, 0)  # its own time is kept


# -------------------------------------------------------------------------------------------------------- external work
@pytest.fixture
def offered() -> list[ExternalTask]:
    """What whoever serves a topic hears of."""
    heard: list[ExternalTask] = []
    events.listens(ExternalTaskReady)(lambda event: heard.append(event.external_task))
    return heard


def sealing(desk: Desk, more: str = "") -> tuple[ProcessInstance, ExternalTask]:
    seal = '<serviceTask id="x" camunda:type="external" camunda:topic="seal"/>'
    outside = '<error id="er" errorCode="hết-giấy"/><escalation id="es" escalationCode="chậm"/>'
    desk.deploy(drawn(seal + more, "s", "x", "e", outside=outside))
    with clock.set_to(NOON):
        instance = desk.start()
    with db.reading() as session:
        return instance, session.scalars(sa.select(ExternalTask)).one()


def boundary(inner: str, attributes: str = "") -> str:
    event = f'<boundaryEvent id="b" attachedToRef="x" {attributes}>{inner}</boundaryEvent>'
    return f"{event}{user('mend')}{flows('b', 'mend', 'e')}"


def test_a_machine_that_asks_for_time_is_offered_its_work_again(
    desk: Desk, actor: ActorOf, offered: list[ExternalTask]
) -> None:
    _, work = sealing(desk)
    system = machine(desk.organization_id)
    with clock.set_to(NOON), db.unit_of_work():
        operations.fail_external_task(
            work.id, "không có mạng", retries_left=2, retry_after=dt.timedelta(minutes=10), actor=system
        )
    offered.clear()

    with clock.set_to(NOON + dt.timedelta(minutes=9)):
        assert external.offer_due_external_tasks() == 0
    with clock.set_to(NOON + dt.timedelta(minutes=10)):
        assert external.offer_due_external_tasks() == 1
        assert external.offer_due_external_tasks() == 0

    assert [task.id for task in offered] == [work.id]


def test_work_that_is_refused_keeps_no_other_from_being_offered(desk: Desk, offered: list[ExternalTask]) -> None:
    sealing(desk)
    with clock.set_to(NOON):
        desk.start()
    with db.reading() as session:
        works = session.scalars(sa.select(ExternalTask).order_by(ExternalTask.id)).all()
    machines = machine(desk.organization_id)
    with clock.set_to(NOON), db.unit_of_work():
        for work in works:
            hour = dt.timedelta(hours=1)
            operations.fail_external_task(work.id, "bận", retries_left=2, retry_after=hour, actor=machines)
    offered.clear()

    @events.listens(ExternalTaskReady)
    def refuse(event: ExternalTaskReady) -> None:
        if event.external_task.id == works[0].id:
            raise BookClosed

    with clock.set_to(NOON + dt.timedelta(hours=2)):
        assert external.offer_due_external_tasks() == 1
        assert external.offer_due_external_tasks() == 0
    with db.reading() as session:
        assert session.get_one(ExternalTask, works[0].id).retry_at == NOON + dt.timedelta(hours=2, minutes=1)


def test_a_machine_without_tries_left_waits_for_an_operator(
    desk: Desk, actor: ActorOf, offered: list[ExternalTask]
) -> None:
    _, work = sealing(desk)
    with db.unit_of_work():
        operations.fail_external_task(
            work.id, "không có mạng", retries_left=0, details="tsa.py:17 ask", actor=machine(desk.organization_id)
        )
    (incident,) = incidents(desk)
    assert (incident.message, incident.place) == ("không có mạng", "tsa.py:17 ask")
    offered.clear()

    with db.unit_of_work():
        operations.set_retries(work.id, 5, actor=actor("quan-tri"))

    assert incidents(desk) == []
    assert [(task.id, task.retries) for task in offered] == [(work.id, 5)]


def test_a_machine_throws_an_error_that_the_diagram_catches(desk: Desk) -> None:
    instance, work = sealing(desk, boundary('<errorEventDefinition errorRef="er"/>'))

    with pytest.raises(CannotProceed, match="lạ"), db.unit_of_work():
        operations.throw_bpmn_error(work.id, "lạ", "không rõ", actor=machine(desk.organization_id))
    with db.unit_of_work():
        operations.throw_bpmn_error(work.id, "hết-giấy", "khay 2", {"tray": 2}, actor=machine(desk.organization_id))

    assert desk.names() == ["mend"]
    assert desk.variables(instance)["tray"] == 2
    with db.reading():
        assert queries.get_external_task(work.id).state == "cancelled"


def test_a_machine_escalates_and_goes_on(desk: Desk) -> None:
    instance, work = sealing(
        desk, boundary('<escalationEventDefinition escalationRef="es"/>', 'cancelActivity="false"')
    )

    with db.unit_of_work():
        assert operations.throw_escalation(work.id, "chậm", {"minutes": 5}, actor=machine(desk.organization_id))
    with db.unit_of_work():
        assert not operations.throw_escalation(work.id, "khác", actor=machine(desk.organization_id))
    assert desk.names() == ["mend"]
    with db.unit_of_work():
        operations.complete_external_task(work.id, {}, actor=machine(desk.organization_id))

    assert desk.variables(instance)["minutes"] == 5
    assert desk.history(instance, "completed").count("x") == 1
