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

#: prepared places of the document, as people call them
FIELDS = {
    "SoKyHieu": "số, ký hiệu",
    "Ngay": "ngày",
    "Thang": "tháng",
    "LanhDao": "chữ ký của lãnh đạo",
    "CoQuan": "chữ ký số của cơ quan",
}
MARKS = {"VALID": "ok", "INVALID": "bad", "INDETERMINATE": "unk"}
ROLES = {"leader": "chữ ký số của người có thẩm quyền", "organisation": "chữ ký số của cơ quan"}

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """One signature: the kit's mark, who, when, the reason in a sentence."""

    mark: str  #: ok, bad, unk
    signer: str
    organisation: str
    role: str  #: leader or organisation
    at: dt.datetime | None
    sentence: str
    is_test: bool
    timestamped: bool
    changed: tuple[str, ...]  #: fields filled after this signature, which it allowed
    checked_at: dt.datetime

    @property
    def role_words(self) -> str:
        return ROLES.get(self.role, "chữ ký số")


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
        role=row.role,
        at=row.signed_at,
        timestamped=row.timestamped,
        sentence=row.sentence,
        is_test=row.is_test,
        changed=tuple(FIELDS.get(name, name) for name in row.changed),
        checked_at=row.checked_at,
    )


def latest(rows: Sequence[DocumentSignature]) -> list[Verdict]:
    """The newest judgement of each signature, in the order of signing."""
    newest: dict[str, DocumentSignature] = {}
    for row in sorted(rows, key=lambda row: row.checked_at):
        newest[row.field] = row
    return [verdict_of(row) for row in sorted(newest.values(), key=lambda row: row.ordinal)]


def legal_value_of(document: Document) -> LegalValue:
    """Judged on the file in force."""
    code = Value(queries.legal_value(document))
    label, tag, icon, sentence = LEGAL[code]
    return LegalValue(code=code, label=label, tag=tag, icon=icon, sentence=sentence)
