"""Verdicts on digital signatures as people read them, and what a document is worth by law.

NĐ 30/2020 Điều 5 khoản 1: an electronic document signed by the competent person and by the organisation equals the
original on paper; QĐ 28/2018 Điều 4: one without signatures informs only.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from documents import queries
from documents.models import Document, DocumentSignature
from signing.model import LegalValue as Value
from signing.model import Verdict as Verdicts

MARKS = {"VALID": "ok", "INVALID": "bad", "INDETERMINATE": "unk"}

LEGAL = {
    Value.FULL: (
        "Giá trị như bản gốc giấy",
        "ok",
        "patch-check-fill",
        "Đủ chữ ký số của người có thẩm quyền và của cơ quan.",
    ),
    Value.INFO_ONLY: ("Để biết", "", "info-circle", "Chưa đủ hai chữ ký số của người có thẩm quyền và của cơ quan."),
    Value.INVALID: ("Không dùng làm căn cứ", "err", "x-octagon-fill", "Có chữ ký số không hợp lệ."),
}

TRIAL = (
    "Đủ hai chữ ký thử nghiệm",
    "",
    "patch-check-fill",
    "Đủ chữ ký của người có thẩm quyền và của cơ quan, bằng chứng thư thử nghiệm: không có giá trị pháp lý.",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """One signature: the kit's mark, who, when, the reason in a sentence."""

    mark: str  #: ok, bad, unk
    signer: str
    organisation: str
    at: dt.datetime | None
    sentence: str  #: who, when, why, in full
    is_test: bool
    checked_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class LegalValue:
    """FULL, INFO_ONLY or INVALID, in words."""

    code: str
    label: str
    tag: str
    icon: str
    sentence: str


def verdict_of(row: DocumentSignature) -> Verdict:
    return Verdict(
        mark=MARKS.get(row.verdict, "unk"),
        signer=row.signer,
        organisation=row.organisation,
        at=row.signed_at,
        sentence=_without_label(row.sentence),
        is_test=row.is_test,
        checked_at=row.checked_at,
    )


def _without_label(sentence: str) -> str:
    """The mark says the verdict already."""
    return next((sentence.removeprefix(f"{v.label}: ") for v in Verdicts if sentence.startswith(v.label)), sentence)


def latest(rows: Sequence[DocumentSignature]) -> list[Verdict]:
    """The newest judgement of each signature, in the order of signing."""
    newest: dict[str, DocumentSignature] = {}
    for row in sorted(rows, key=lambda row: row.checked_at):
        newest[row.field] = row
    return [verdict_of(row) for row in sorted(newest.values(), key=lambda row: row.ordinal)]


def legal_value_of(document: Document) -> LegalValue:
    """Judged on the file in force. Test certificates give nothing the worth of an original."""
    code = Value(queries.legal_value(document))
    is_trial = code is Value.FULL and any(row.is_test for row in queries.list_signatures(document))
    label, tag, icon, sentence = TRIAL if is_trial else LEGAL[code]
    return LegalValue(code=code, label=label, tag=tag, icon=icon, sentence=sentence)
