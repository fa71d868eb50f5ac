"""Short ways to draw processes in tests."""

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:moc="http://moc.vn/schema/1.0" id="definitions" targetNamespace="http://moc.vn/tests"'
)


def diagram(body: str, *, key: str = "p", name: str = "Quy trình thử", outside: str = "") -> bytes:
    """One executable process; `outside`: messages, errors, other processes."""
    process = f'<process id="{key}" name="{name}" isExecutable="true">{body}</process>'
    return f"<definitions {NAMESPACES}>{outside}{process}</definitions>".encode()


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = flow_id or f"{source}-{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def flows(*names: str) -> str:
    """A chain: a → b → c."""
    return "".join(flow(a, b) for a, b in zip(names, names[1:], strict=False))


def user(name: str, attributes: str = 'camunda:candidateGroups="van-thu"', inner: str = "") -> str:
    return f'<userTask id="{name}" name="{name}" {attributes}>{inner}</userTask>'


def linear(*tasks: str, key: str = "p") -> bytes:
    """start → user tasks → end, all offered to the clerks."""
    nodes = "".join(user(task) for task in tasks)
    return diagram(f'<startEvent id="s"/>{nodes}<endEvent id="e"/>{flows("s", *tasks, "e")}', key=key)
