"""What changed in a file after a signature, and whether that signature allows it.

Stricter than pyHanko's own policy: a form field may change only if the signature's lock names it as free, it was blank
when signed, and nothing of it changed but value and drawing. A field for a further signature may be signed if the lock
leaves it free.
"""

# mypy: allow-untyped-calls
# pyHanko annotates its functions but not the constructors of PDF objects.

import dataclasses
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import policies
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.filling import annotations
from signing.model import ARCHIVE_STAMPS, DAY, LEADER, MONTH, NUMBER, SEAL, Rect

# The rule for drawings changed in place is off: it compares with the wrong revision and raises false alarms.
STRICT = policies.StandardDiffPolicy(
    global_rules=policies.DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)

WORDS = {NUMBER: "số", DAY: "ngày", MONTH: "ngày", SEAL: "dấu cơ quan", LEADER: "chữ ký lãnh đạo"}
_FREE_KEYS = {"/V", "/AP", "/M"}
_FREE_KEYS_OF_SIGNATURES = {*_FREE_KEYS, "/F"}  # some signers set the print flag while they sign
_DRAWING_KEYS = ("/DR", "/DA", "/Q", "/NeedAppearances", "/XFA")
_DEEPEST = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class Changes:
    """Names of the fields that changed, those that may not, values of text fields now, and where the signature fields
    among them lie (what text fields show is compared with our own drawing, so they need no free place)."""

    fields: tuple[str, ...]
    forbidden: tuple[str, ...]
    values: dict[str, str]
    boxes: dict[int, list[Rect]]
    form_altered: bool

    def in_words(self) -> str:
        """E.g. "số, ngày và dấu cơ quan"; an empty string when nothing changed."""
        words = [
            WORDS.get(name, "dấu thời gian lưu trữ" if name in ARCHIVE_STAMPS else f"ô {name}")
            for name in sorted(self.fields, key=_place)
        ]
        *first, last = dict.fromkeys(words) or ("",)
        return f"{', '.join(first)} và {last}" if first else last


def examine(signature: EmbeddedPdfSignature) -> Changes:
    """The changes since `signature`, whose difference analysis has run."""
    reader = signature.reader
    before = reader.get_historical_resolver(signature.signed_revision)
    old: dict[str, Any] = dict(_fields(before.root))
    new: dict[str, Any] = dict(_fields(reader.root))
    names: tuple[str, ...] = tuple(sorted(signature.diff_result.changed_form_fields)) if signature.diff_result else ()
    lock = signature.fieldmdp
    forbidden = tuple(name for name in names if not _may_change(name, old.get(name), new.get(name), lock))
    return Changes(
        fields=names,
        forbidden=forbidden,
        values={name: str(new[name]["/V"]) for name in names if _kind(new.get(name)) == "/Tx" and "/V" in new[name]},
        boxes=_boxes(reader, [new[name] for name in names if _kind(new.get(name)) == "/Sig"]),
        form_altered=_drawing_rules(before.root) != _drawing_rules(reader.root),
    )


def _may_change(name: str, old: Any, new: Any, lock: FieldMDPSpec | None) -> bool:
    """A blank text field that the lock names as free, or a signature field that is not locked and now signed."""
    if new is None or "/V" not in new or (old is not None and ("/V" in old or _kept(old) != _kept(new))):
        return False
    if _kind(new) == "/Sig":
        return not _is_locked(name, lock)
    is_free = lock is not None and lock.action is FieldMDPAction.EXCLUDE and not _is_locked(name, lock)
    return is_free and old is not None and "/AP" in new and list(new["/AP"]) == ["/N"]


def _is_locked(name: str, lock: FieldMDPSpec | None) -> bool:
    if lock is None:
        return False
    named = name in (lock.fields or ())
    return {FieldMDPAction.ALL: True, FieldMDPAction.INCLUDE: named, FieldMDPAction.EXCLUDE: not named}[lock.action]


def _fields(root: Any) -> Iterator[tuple[str, Any]]:
    if "/AcroForm" in root and "/Fields" in root["/AcroForm"]:
        yield from _walk(root["/AcroForm"]["/Fields"], "", 0)


def _walk(items: Any, above: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        raise ValueError("fields nested too deep")
    for item in items:
        field = item.get_object()
        name = ".".join(filter(None, (above, str(field["/T"]) if "/T" in field else "")))
        if name != above:
            yield name, field
        if "/Kids" in field:
            yield from _walk(field["/Kids"], name, depth + 1)


def _kind(field: Any) -> str:
    return str(field["/FT"]) if field is not None and "/FT" in field else ""


def _kept(field: Any) -> dict[str, str]:
    free = _FREE_KEYS_OF_SIGNATURES if _kind(field) == "/Sig" else _FREE_KEYS
    return {str(key): _plain(field.raw_get(key)) for key in field if key not in free}


def _drawing_rules(root: Any) -> dict[str, str]:
    if "/AcroForm" not in root:
        return {}
    form = root["/AcroForm"]
    return {key: _plain(form.raw_get(key)) for key in _DRAWING_KEYS if key in form}


def _plain(value: Any) -> str:
    """A text of the object that is the same in every revision; references by number."""
    if isinstance(value, generic.IndirectObject):
        return f"{value.idnum} {value.generation} R"
    if isinstance(value, generic.DictionaryObject):
        return repr({str(key): _plain(value.raw_get(key)) for key in sorted(value)})
    if isinstance(value, list):
        return repr([_plain(item) for item in value])
    return repr(value)


def _boxes(reader: Any, fields: list[Any]) -> dict[int, list[Rect]]:
    """Page (from 0) -> rectangles of the changed fields on it."""
    references = {item.container_ref.idnum for item in fields if item.container_ref is not None}
    kids = [kid for item in fields if "/Kids" in item for kid in item["/Kids"]]
    references |= {kid.idnum for kid in kids}
    boxes: dict[int, list[Rect]] = {}
    for number in range(int(reader.root["/Pages"]["/Count"])):
        page = reader.find_page_for_modification(number)[0].get_object()
        for widget in annotations(page):
            if isinstance(widget, generic.IndirectObject) and widget.idnum in references:
                left, bottom, right, top = (float(edge) for edge in widget.get_object()["/Rect"])
                boxes.setdefault(number, []).append((left, bottom, right, top))
    return boxes


def _place(name: str) -> int:
    order = [NUMBER, DAY, MONTH, LEADER, SEAL]
    return order.index(name) if name in order else len(order)
