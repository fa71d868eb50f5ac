"""The process of the measurements that is made, not drawn."""


def linear(tasks: int, *, key: str = "linear", group: str = "van-thu") -> bytes:
    """start → user tasks offered to this group → end."""
    names = ["s", *(f"t{number}" for number in range(tasks)), "e"]
    nodes = "".join(f'<userTask id="{name}" camunda:candidateGroups="{group}"/>' for name in names[1:-1])
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in zip(names, names[1:], strict=False)
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="bench">'
        f'<process id="{key}" isExecutable="true"><startEvent id="s"/>{nodes}<endEvent id="e"/>{flows}</process>'
        "</definitions>"
    ).encode()
