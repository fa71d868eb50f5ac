"""A name that nobody knows is told when a diagram is deployed, with what may have been meant."""

import pytest

from engine import operations, specs
from engine.errors import Problem
from tests.engine.conftest import Desk
from tests.engine.diagrams import diagram, flow, flows, user

OPEN = '<startEvent id="s"/>'
CLOSED = (
    '<startEvent id="s"><extensionElements><camunda:formData><camunda:formField id="so_trang" type="long"/>'
    '<camunda:formField id="danh_sach"/></camunda:formData></extensionElements></startEvent>'
)
GATEWAY = '<exclusiveGateway id="g" name="Dài?" default="g-e"/><endEvent id="e"/>' + user("a") + flows("s", "g")


def check(body: str) -> list[Problem]:
    return [one for one in operations.check_process({"p.bpmn": diagram(body)}) if "Biểu thức" in one.sentence]


def conditional(condition: str, start: str = CLOSED) -> str:
    return start + GATEWAY + flow("g", "a", condition, "long") + flow("g", "e") + flow("a", "e")


def test_an_unknown_function_is_refused_with_what_may_be_meant() -> None:
    (problem,) = check(conditional("cout(danh_sach) = 2"))

    assert (problem.level, problem.element_id) == ("error", "long")
    assert "Không có hàm “cout”; có phải “count”?" in problem.sentence
    assert "(dòng 1, cột 1 của biểu thức)" in problem.sentence


def test_an_unknown_variable_is_refused_where_nobody_else_can_bring_any() -> None:
    (problem,) = check(conditional("1 = 1 and\n  so_trag &gt; 5"))

    assert (problem.level, problem.element_id) == ("error", "long")
    assert "Không có biến “so_trag” ở đây; có phải “so_trang”?" in problem.sentence
    assert "(dòng 2, cột 3 của biểu thức)" in problem.sentence


def test_an_unknown_variable_is_doubtful_where_others_may_bring_it() -> None:
    (problem,) = check(conditional("so_trag &gt; 5", OPEN))

    assert problem.level == "warning"
    assert "Không thấy bước nào trước đó đưa ra biến “so_trag”." in problem.sentence


def test_a_name_in_quotes_is_no_variable() -> None:
    assert check(conditional('danh_sach = "so_trag"')) == []


@pytest.mark.parametrize(
    "task",
    [
        user("a", 'camunda:assignee="=other"'),
        user("a", 'camunda:assignee="${other}"'),
        user("a", 'camunda:dueDate="=other"'),
        user("a", inner='<multiInstanceLoopCharacteristics camunda:collection="other"/>'),
        user("a", inner='<extensionElements><moc:deadline within="=other"/></extensionElements>'),
        "<scriptTask id='a'><script>x = 1\ny = x + other</script></scriptTask>",
        user(
            "a",
            inner="<extensionElements><camunda:inputOutput><camunda:outputParameter name='x'><camunda:list>"
            "<camunda:value>=other</camunda:value></camunda:list></camunda:outputParameter></camunda:inputOutput>"
            "</extensionElements>",
        ),
    ],
)
def test_every_place_of_an_expression_is_looked_at(task: str) -> None:
    (problem,) = check(f'{CLOSED}{task}<endEvent id="e"/>{flows("s", "a", "e")}')

    assert problem.element_id == "a"
    assert "Không có biến “other” ở đây" in problem.sentence


def test_a_script_line_sees_those_before_it_and_not_those_behind() -> None:
    task = "<scriptTask id='a'><script>x = y\ny = 1\nz = y</script></scriptTask>"

    (problem,) = check(f'{CLOSED}{task}<endEvent id="e"/>{flows("s", "a", "e")}')

    assert "“y”" in problem.sentence


def test_what_a_called_process_gives_back_is_not_looked_for_here() -> None:
    call = (
        '<callActivity id="a" calledElement="p"><extensionElements>'
        '<camunda:out sourceExpression="=inner + 1" target="x"/></extensionElements></callActivity>'
    )

    assert check(f'{CLOSED}{call}<endEvent id="e"/>{flows("s", "a", "e")}') == []


FORM = b"""{"type": "default", "id": "f", "components": [
    {"type": "radio", "key": "outcome", "values": [{"value": "return"}, {"value": "approve"}]},
    {"type": "textfield", "key": "title"}, {"type": "number", "key": "fee.amount"}]}"""


def with_form(condition: str) -> str:
    asked = user("f", 'camunda:formKey="f"')
    return conditional(condition).replace(flows("s", "g"), asked + flows("s", "f", "g"))


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("title &gt; 5", "so sánh văn bản với số không bao giờ cho đúng hay sai."),
        ('5 = "a"', "so sánh số với văn bản không bao giờ cho đúng hay sai."),
        ('outcome = "retrun"', "“outcome” không có lựa chọn “retrun”; có phải “return”?"),
        ("fee.amuont = 1", "“fee” không có “amuont”; có phải “amount”?"),
    ],
)
def test_what_cannot_say_what_is_meant_is_doubtful(condition: str, told: str) -> None:
    files = {"p.bpmn": diagram(with_form(condition)), "f.form": FORM}

    problems = [one for one in operations.check_process(files) if "Biểu thức" in one.sentence]

    assert [(one.level, one.element_id) for one in problems] == [("warning", "long")]
    assert told in problems[0].sentence


@pytest.mark.parametrize(
    "condition", ['title &gt; "a"', "title = null", 'outcome = "return"', "fee.amount &gt; 5", "fee = null"]
)
def test_what_fits_is_not_told(condition: str) -> None:
    files = {"p.bpmn": diagram(with_form(condition)), "f.form": FORM}

    assert [one for one in operations.check_process(files) if "Biểu thức" in one.sentence] == []


def test_a_name_of_several_words_is_known_when_it_runs(desk: Desk) -> None:
    mapping = (
        "<extensionElements><camunda:inputOutput>"
        "<camunda:inputParameter name='Người ký'>=\"van-thu\"</camunda:inputParameter>"
        "<camunda:outputParameter name='signed'>=Người ký + \"!\"</camunda:outputParameter>"
        "</camunda:inputOutput></extensionElements>"
    )
    desk.deploy(diagram(f'{OPEN}{user("a", inner=mapping)}{user("b")}<endEvent id="e"/>{flows("s", "a", "b", "e")}'))
    specs.forget_all()
    instance = desk.start()
    desk.complete("a")

    assert desk.variables(instance)["signed"] == "van-thu!"


def test_what_a_form_computes_is_known_behind_its_step() -> None:
    form = b'{"id": "f", "components": [{"type": "expression", "key": "tong_so", "expression": "=so_trang * 2"}]}'
    way = user("b", 'camunda:formKey="f"') + '<exclusiveGateway id="g" name="Dài?" default="g-e"/><endEvent id="e"/>'
    steps = CLOSED + way + user("a") + flows("s", "b", "g", "e") + flow("a", "e")

    def told(name: str) -> list[Problem]:
        files = {"p.bpmn": diagram(steps + flow("g", "a", f"{name} &gt; 5", "long")), "f.form": form}
        return [one for one in operations.check_process(files) if "Biểu thức" in one.sentence]

    assert told("tong_so") == []
    assert [one.level for one in told("tong_sai")] == ["error"]
