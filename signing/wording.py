"""The sentences of a judgement, as people read them."""

import dataclasses
import datetime as dt

from kernel import clock
from signing.model import LegalValue, Report, Role, SignatureReport, Verdict

TEST = "Chứng thư thử nghiệm, không có giá trị pháp lý."
LEGAL = {
    LegalValue.FULL: "Đủ chữ ký số của người có thẩm quyền và của cơ quan.",
    LegalValue.INFO_ONLY: "Chưa đủ chữ ký số của người có thẩm quyền và của cơ quan: chỉ có giá trị tham khảo.",
    LegalValue.INVALID: "Có chữ ký không hợp lệ: không dùng văn bản này.",
}
UNSIGNED = "Tệp không có chữ ký số: chỉ có giá trị tham khảo."


def describe(report: SignatureReport) -> SignatureReport:
    """The same report with its sentence and the words about later changes."""
    allowed = "được phép" if report.verdict is Verdict.VALID else "chưa xác nhận được là được phép"
    changes = f"Sau khi ký có thay đổi: {report.changes} — {allowed}." if report.changes else ""
    parts = [f"{report.verdict.label}: {_who(report)}{_when(report)}."]
    if report.reasons:
        reasons = "; ".join(report.reasons)
        parts.append(f"{reasons[:1].upper()}{reasons[1:]}.")
    if changes and report.verdict is Verdict.VALID:
        parts.append(changes)
    if report.is_test:
        parts.append(TEST)
    return dataclasses.replace(report, sentence=" ".join(parts), changes=changes)


def conclude(signatures: list[SignatureReport]) -> Report:
    """The judgement of the file out of those of its signatures."""
    verdicts = [signature.verdict for signature in signatures]
    value = _legal_value(signatures)
    is_test = any(signature.is_test for signature in signatures)
    sentence = LEGAL[value] if signatures else UNSIGNED
    return Report(
        signatures=tuple(signatures),
        legal_value=value,
        sentence=f"{sentence} {TEST}" if is_test else sentence,
        verdict=_worst(verdicts),
        is_test=is_test,
    )


def unreadable() -> Report:
    """The judgement of a signed file that no parser can read."""
    sentence = f"{Verdict.INDETERMINATE.label}: tệp có chữ ký số nhưng không đọc được để kiểm tra."
    return Report(signatures=(), legal_value=LegalValue.INFO_ONLY, sentence=sentence, verdict=Verdict.INDETERMINATE)


def _legal_value(signatures: list[SignatureReport]) -> LegalValue:
    """Quy chế, Điều 5: equal to paper when signed by person and agency."""
    if any(signature.verdict is Verdict.INVALID for signature in signatures):
        return LegalValue.INVALID
    good = {signature.role for signature in signatures if signature.verdict is Verdict.VALID}
    undecided = any(signature.verdict is Verdict.INDETERMINATE for signature in signatures)
    return LegalValue.FULL if good == {Role.LEADER, Role.SEAL} and not undecided else LegalValue.INFO_ONLY


def _worst(verdicts: list[Verdict]) -> Verdict | None:
    for verdict in (Verdict.INVALID, Verdict.INDETERMINATE, Verdict.VALID):
        if verdict in verdicts:
            return verdict
    return None


def _who(report: SignatureReport) -> str:
    if report.role is Role.SEAL:
        return f"{report.signer}, chữ ký số cơ quan"
    return ", ".join(filter(None, (report.signer, report.organization)))


def _when(report: SignatureReport) -> str:
    if report.signed_at is not None:
        return f", ký lúc {_moment(report.signed_at)} theo dấu thời gian"
    if report.claimed_at is not None:
        return f", tự ghi ký lúc {_moment(report.claimed_at)}, không có dấu thời gian"
    return ", không có dấu thời gian"


def _moment(instant: dt.datetime) -> str:
    return clock.local(instant).strftime("%d/%m/%Y %H:%M:%S")
