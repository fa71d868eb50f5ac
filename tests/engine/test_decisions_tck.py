"""The compatibility kit of DMN, where its folder lies beside the product: no share may fall below its floor."""

from pathlib import Path

import pytest
from lxml import etree

from bench import tck

FLOORS = {"level 2 share": 1.0, "level 3 share": 0.99}
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="u:m" name="m">
<decision id="d" name="D"><variable name="D"/><literalExpression><text>{}</text></literalExpression></decision>
</definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName><testCase id="1"><resultNode name="D"><expected>{}</expected></resultNode></testCase>
</testCases>"""


@pytest.mark.skipif(not tck.FOLDER.is_dir(), reason=f"không có bộ kiểm thử DMN ở {tck.FOLDER}")
def test_the_compatibility_kit_is_answered_as_expected(tmp_path: Path) -> None:
    measures = {one.name: one.value for one in tck.measure(tck.FOLDER, tmp_path / "tck.tsv")}

    assert {name: measures[name] >= floor for name, floor in FLOORS.items()} == dict.fromkeys(FLOORS, True)


@pytest.mark.parametrize(
    ("text", "expected", "passes"),
    [
        ("1/3", '<value xsi:type="xsd:decimal">0.3333333333</value>', True),
        ("1/3", '<value xsi:type="xsd:decimal">0.3334</value>', False),
        ('"1"', '<value xsi:type="xsd:decimal">1</value>', False),
        ("null", '<value xsi:nil="true"/>', True),
        ("1", '<value xsi:nil="true"/>', False),
        ("[1, null]", "<list><item><value>1</value></item><item><value xsi:nil='true'/></item></list>", False),
        ('["1", null]', "<list><item><value>1</value></item><item><value xsi:nil='true'/></item></list>", True),
        ('{a: {b: true}}', '<component name="a"><component name="b"><value xsi:type="xsd:boolean">true</value>'
         "</component></component>", True),
        ("duration(\"P1D\")", '<value xsi:type="xsd:duration">PT24H</value>', True),
    ],
)  # fmt: skip
def test_a_case_passes_when_all_its_results_are_as_expected(
    tmp_path: Path, text: str, expected: str, passes: bool
) -> None:
    folder = tmp_path / "compliance-level-2" / "0001"
    folder.mkdir(parents=True)
    (folder / "m.dmn").write_text(MODEL.format(text), encoding="utf-8")
    (folder / "m-test.xml").write_text(CASES.format(expected), encoding="utf-8")

    (outcome,) = tck.examine(tmp_path)

    assert (outcome.level, outcome.folder, not outcome.reason) == ("compliance-level-2", "0001", passes)
    etree.parse(folder / "m.dmn")
