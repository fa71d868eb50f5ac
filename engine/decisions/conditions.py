"""Parts of columns as a person reads them: “Độ khẩn” = “hỏa tốc” và “Số trang” > 50."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.decisions.axis import Axis, Part, Span, places

SEVERAL = 6  #: values of a list that are told


def told(label: str, axis: Axis, regions: int, domain: int) -> str:
    """What the `regions` of a column mean, as bits; nothing where they are the whole `domain`. None of them: null."""
    if not regions:
        return f"“{label}” trống"
    if regions == domain:
        return ""
    if not axis.ordered:
        return _chosen(label, axis, regions, domain)
    spans = spans_of(regions, domain)
    parts = [axis.part(span) for span in spans]
    if len(parts) > 1 and all(part.is_point for part in parts):
        return f"“{label}” là {_listed([part.low for part in parts])}"
    return " hoặc ".join(_interval(f"“{label}”", part) for part in parts)


def spans_of(regions: int, domain: int) -> list[Span]:
    """Runs of regions; those outside the domain between two of them do not part them."""
    found: list[Span] = []
    last = None  #: region of the domain that was seen before
    for region in places(domain):
        if regions >> region & 1:
            if found and found[-1][1] == last:
                found[-1] = (found[-1][0], region)
            else:
                found.append((region, region))
        last = region
    return found


def value(constant: Any) -> str:
    """“hỏa tốc”, 1,5, 05/05/2016, đúng."""
    if isinstance(constant, bool):
        return "đúng" if constant else "sai"
    if isinstance(constant, Decimal):
        return f"{constant.normalize():f}".replace(".", ",")
    return f"{constant:%d/%m/%Y}" if isinstance(constant, dt.date) else f"“{constant}”"


def _chosen(label: str, axis: Axis, regions: int, domain: int) -> str:
    """On an axis of single values. With the region of all others it is told by what it is not."""
    if regions >> axis.size & 1:
        others = [axis.points[place] for place in places(domain & ~regions)]
        return f"“{label}” khác {_listed(others, 'và')}"
    found = [axis.points[place] for place in places(regions)]
    return f"“{label}” = {value(found[0])}" if len(found) == 1 else f"“{label}” là {_listed(found)}"


def _listed(constants: Sequence[Any], word: str = "hoặc") -> str:
    shown = [value(one) for one in constants[:SEVERAL]]
    if len(constants) > SEVERAL:
        return f"{', '.join(shown)} và {len(constants) - SEVERAL} giá trị nữa"
    return f" {word} ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _interval(label: str, part: Part) -> str:
    if part.is_point:
        return f"{label} = {value(part.low)}"
    low = "" if part.low is None else f"{value(part.low)} {'≤' if part.with_low else '<'} {label}"
    if part.high is None:
        return f"{label} {'≥' if part.with_low else '>'} {value(part.low)}"
    return f"{low or label} {'≤' if part.with_high else '<'} {value(part.high)}"
