"""Short ways to draw decisions in tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
CAMUNDA = "http://camunda.org/schema/1.0/dmn"


def decisions(*bodies: str, namespace: str = DMN, attributes: str = "") -> bytes:
    """A file of decisions."""
    head = f'<definitions xmlns="{namespace}" xmlns:camunda="{CAMUNDA}" id="d" name="d" namespace="http://moc.vn/dmn"'
    return f"{head} {attributes}>{''.join(bodies)}</definitions>".encode()


def table(
    key: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *rules: Sequence[str],
    policy: str = "",
    requires: Sequence[str] = (),
    attributes: str = "",
) -> str:
    """`inputs`: expressions, a type behind a bar (`age|number`); `outputs`: names, with a type and allowed values
    (`kind|string|"a", "b"`); each rule: the cells of its inputs, then of its outputs."""
    rows = "".join(_rule(number, cells, len(inputs)) for number, cells in enumerate(rules, 1))
    policy = f" hitPolicy={quoteattr(policy.partition('/')[0])}" + _aggregation(policy) if policy else ""
    drawn = f"<decisionTable{policy}>{_inputs(inputs)}{_outputs(outputs)}{rows}</decisionTable>"
    return f'<decision id="{key}" name="{key}" {attributes}>{_required(requires)}{drawn}</decision>'


def literal(key: str, text: str, *, variable: str = "", kind: str = "", requires: Sequence[str] = ()) -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    named = f'<variable name="{variable}"{typed}/>' if variable else ""
    expression = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
    return f'<decision id="{key}" name="{key}">{named}{_required(requires)}{expression}</decision>'


def _aggregation(policy: str) -> str:
    _, _, told = policy.partition("/")
    return f' aggregation="{told}"' if told else ""


def _required(keys: Sequence[str]) -> str:
    one = '<informationRequirement><requiredDecision href="#{}"/></informationRequirement>'
    return "".join(one.format(key) for key in keys)


def _inputs(inputs: Sequence[str]) -> str:
    drawn = ""
    for told in inputs:
        text, _, kind = told.partition("|")
        typed = f' typeRef="{kind}"' if kind else ""
        drawn += f"<input><inputExpression{typed}><text>{escape(text)}</text></inputExpression></input>"
    return drawn


def _outputs(outputs: Sequence[str]) -> str:
    drawn = ""
    for told in outputs:
        name, kind, values = (*told.split("|", 2), "", "")[:3]
        typed = f' typeRef="{kind}"' if kind else ""
        allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        drawn += f'<output name="{name}"{typed}>{allowed}</output>'
    return drawn


def _rule(number: int, cells: Sequence[str], asked: int) -> str:
    tags = ["inputEntry"] * asked + ["outputEntry"] * (len(cells) - asked)
    entries = "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in zip(tags, cells, strict=True))
    return f'<rule id="r{number}">{entries}</rule>'
