"""A decision is tried with what it reads from outside, and nothing else is asked."""

from engine.bpmn.xml import Problems
from engine.decisions import asking, coverage, reading
from engine.decisions.graph import Model
from engine.decisions.model import Table
from tests.engine.tables import DMN, decisions, literal, table

#: by the standard alone, without anything of Camunda's
DRAWN = f"""<definitions xmlns="{DMN}" id="d" name="d" namespace="http://moc.vn/dmn">
<itemDefinition name="tUrgency"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues>
</itemDefinition><inputData id="i" name="Độ khẩn"><variable name="Độ khẩn" typeRef="tUrgency"/></inputData>
<decision id="x" name="x"><informationRequirement><requiredInput href="#i"/></informationRequirement><decisionTable>
<input label="Khẩn"><inputExpression typeRef="tUrgency"><text>Độ khẩn</text></inputExpression></input><output name="o"/>
<rule><inputEntry><text>"a"</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
</decisionTable></decision></definitions>""".encode()


def read(data: bytes) -> Model:
    found = reading.read(data, frozenset(), Problems())
    assert isinstance(found, Model)
    return found


def paths(data: bytes, key: str) -> list[str]:
    return [one.path for one in asking.asked_of(read(data), key)]


def test_names_of_what_is_required_are_asked_but_not_what_it_answers() -> None:
    data = decisions(
        table("d1", ["b|number", "kind"], ["a"], ["> 1", '"kind"', "limit"], requires=["d0"]),
        literal("d0", "n * 2", variable="b"),
    )

    assert sorted(paths(data, "d1")) == ["kind", "limit", "n"]
    assert paths(data, "d0") == ["n"]


def test_a_context_is_asked_by_the_parts_that_are_read() -> None:
    data = decisions(table("d1", ["document.kind", "document.pages|number"], ["a"], ['"QĐ"', "> document.limit", "1"]))

    told = {one.path: one.type for one in asking.asked_of(read(data), "d1")}

    assert told == {"document.kind": "", "document.pages": "number", "document.limit": ""}


def test_input_data_is_asked_by_its_type_and_the_values_that_it_allows() -> None:
    (told,) = asking.asked_of(read(DRAWN), "x")

    assert (told.path, told.label, told.type, list(told.allowed)) == ("Độ khẩn", "Khẩn", "string", ["a", "b"])


def test_what_a_type_allows_bounds_what_is_examined() -> None:
    logic = read(DRAWN)["x"].logic
    assert isinstance(logic, Table)

    assert [one.sentence for one in coverage.examine(logic)] == ["Không dòng nào trả lời khi “Khẩn” = “b”."]
