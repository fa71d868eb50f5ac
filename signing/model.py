"""The values of signing. Importing this module costs nothing: no PDF library is loaded."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence

# Names of the prepared places of an official document. None is a prefix of another and none has a dot: older
# validators match the names of a lock by prefix.
NUMBER, DAY, MONTH = "SoKyHieu", "Ngay", "Thang"
LEADER, SEAL = "LanhDao", "CoQuan"
# Archive time-stamps of later years; the leader's lock must name them today, or they would break it.
ARCHIVE_STAMPS = tuple(f"LuuTru{n:02d}" for n in range(1, 13))

TEXT_FIELDS = (NUMBER, DAY, MONTH)

# Policy of certificates that are tests (an identifier of the branch 2.25, made from a random UUID).
TEST_POLICY = "2.25.62418731942786083146254893027715610482"

Rect = tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FieldBox:
    """A place on a page: `page` counts from 0, `rect` is (left, bottom, right, top) in points from the lower left."""

    name: str
    page: int
    rect: Rect


class Role(enum.StrEnum):
    """Whose signature it is: a person's, or the agency's own (the digital seal)."""

    LEADER = "LEADER"
    SEAL = "SEAL"


class Verdict(enum.StrEnum):
    """What is known about a signature. INDETERMINATE is never shown as good."""

    VALID = "VALID"
    INVALID = "INVALID"
    INDETERMINATE = "INDETERMINATE"

    @property
    def label(self) -> str:
        return VERDICT_LABELS[self]


VERDICT_LABELS = {
    Verdict.VALID: "Hợp lệ",
    Verdict.INVALID: "Không hợp lệ",
    Verdict.INDETERMINATE: "Chưa đủ căn cứ",
}


class LegalValue(enum.StrEnum):
    """The legal value of an electronic document (Quy chế, Điều 5): signed by person and agency; else for information;
    or broken."""

    FULL = "FULL"
    INFO_ONLY = "INFO_ONLY"
    INVALID = "INVALID"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trust:
    """What a validation relies on: root certificates and revocation lists, both DER."""

    roots: Sequence[bytes]
    crls: Sequence[bytes] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignatureReport:
    """The judgement of one signature.

    `questions` maps a question of the person who reads (e.g. "Nội dung còn nguyên vẹn?") to yes, no or None (not
    known). `signed_at` is the time a time-stamp authority proves (UTC), `claimed_at` what the signer's machine wrote.
    """

    field: str
    role: Role
    signer: str
    organization: str
    verdict: Verdict
    sentence: str
    signed_at: dt.datetime | None = None
    claimed_at: dt.datetime | None = None
    changed_fields: tuple[str, ...] = ()
    changes: str = ""
    reasons: tuple[str, ...] = ()
    questions: Mapping[str, bool | None] = dataclasses.field(default_factory=dict)
    certificate_serial: str = ""
    issuer: str = ""
    timestamp_authority: str = ""
    is_test: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """The judgement of a file. No signatures: an empty list, `verdict` None."""

    signatures: tuple[SignatureReport, ...]
    legal_value: LegalValue
    sentence: str
    verdict: Verdict | None
    is_test: bool = False
