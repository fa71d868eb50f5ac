"""The judgement of signatures, on top of pyHanko: see docs/decisions/0021 for what it adds and why."""

import dataclasses
import datetime as dt
import io
from typing import Any

from asn1crypto import x509
from asn1crypto.crl import CertificateList
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule

from signing import filling, pixels, structure
from signing.changes import STRICT, Changes, examine
from signing.model import LEADER, SEAL, TEST_POLICY, TEXT_FIELDS, Role, SignatureReport, Trust, Verdict
from signing.wording import describe

# A person's certificate has the usage non_repudiation, an agency's seal may have digital_signature alone.
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
CLOCKS_DIFFER = dt.timedelta(minutes=5)

INTEGRITY = "Nội dung còn nguyên vẹn từ lúc ký?"
TRUSTED = "Chứng thư do nơi tin cậy cấp?"
IN_TIME = "Chứng thư còn hiệu lực lúc ký?"
STAMPED = "Có dấu thời gian tin cậy?"
NOT_REVOKED = "Chứng thư không bị thu hồi?"
ALLOWED = "Thay đổi sau khi ký được phép?"

_OUT_OF_TIME = {
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
}


@dataclasses.dataclass
class _Findings:
    """What speaks against a signature: `bad` makes it invalid, `doubts` leave it undecided."""

    bad: list[str] = dataclasses.field(default_factory=list)
    doubts: list[str] = dataclasses.field(default_factory=list)
    questions: dict[str, bool | None] = dataclasses.field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        if self.bad:
            return Verdict.INVALID
        return Verdict.INDETERMINATE if self.doubts else Verdict.VALID


def judge_all(pdf: bytes, trust: Trust, at: dt.datetime) -> list[SignatureReport]:
    """One report a signature, in the order of signing; raises whatever the parser raises."""
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = list(reader.embedded_regular_signatures)
    stamps = list(reader.embedded_timestamp_signatures)
    alarms = structure.alarms(pdf, [_range(signature) for signature in (*signatures, *stamps)])
    return [_judge(pdf, signature, trust, at, alarms) for signature in signatures]


def _judge(
    pdf: bytes, signature: EmbeddedPdfSignature, trust: Trust, at: dt.datetime, alarms: list[str]
) -> SignatureReport:
    signed_at, certificate = _proven_time(signature), signature.signer_cert
    status = validate_pdf_signature(
        signature,
        signer_validation_context=_context(trust, certificate, signed_at or at),
        ts_validation_context=_context(trust, _stamper(signature) or certificate, at),
        diff_policy=STRICT,
        key_usage_settings=USAGE,
    )
    findings = _Findings(doubts=list(alarms))
    changes = _judge_changes(pdf, signature, status, findings)
    _judge_integrity(status, findings)
    _judge_certificate(status, certificate, trust, findings)
    _judge_time(status, signed_at, at, findings)
    role = _role(certificate)
    if {LEADER: Role.LEADER, SEAL: Role.SEAL}.get(signature.field_name, role) is not role:
        findings.doubts.append("loại chứng thư không hợp với chỗ ký")
    return describe(
        SignatureReport(
            field=signature.field_name,
            role=role,
            signer=_subject(certificate, "common_name"),
            organization=_subject(certificate, "organization_name"),
            verdict=findings.verdict,
            sentence="",
            signed_at=signed_at,
            claimed_at=signature.self_reported_timestamp,
            changed_fields=changes.fields if changes else (),
            changes=changes.in_words() if changes else "",
            reasons=tuple(dict.fromkeys([*findings.bad, *findings.doubts])),
            questions=findings.questions,
            certificate_serial=f"{certificate.serial_number:X}",
            issuer=str(certificate.issuer.native.get("common_name", "")),
            timestamp_authority=_authority(status),
            is_test=_is_test(certificate),
        )
    )


def _judge_integrity(status: PdfSignatureStatus, findings: _Findings) -> None:
    whole = status.intact and status.valid
    findings.questions[INTEGRITY] = whole
    if not whole:
        findings.bad.append("nội dung đã ký bị thay đổi")
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        findings.doubts.append("chữ ký không phủ hết phần nội dung đã ký")
    if not status.seed_value_ok:
        findings.doubts.append("chữ ký không theo điều kiện của chỗ ký")


def _judge_changes(
    pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus, findings: _Findings
) -> Changes | None:
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        findings.questions[ALLOWED] = None
        return None
    if not status.docmdp_ok or status.modification_level in {None, ModificationLevel.OTHER}:
        findings.questions[ALLOWED] = False
        findings.bad.append("tệp bị sửa sau khi ký")
        return None
    changes = examine(signature)
    problems = [f"ô {name} thay đổi sau khi ký" for name in changes.forbidden]
    if changes.form_altered:
        problems.append("cách hiển thị các ô bị đổi sau khi ký")
    if not problems:
        problems = _seen_differences(pdf, signature, changes)
    findings.doubts.extend(problems)
    findings.questions[ALLOWED] = not problems
    return changes


def _seen_differences(pdf: bytes, signature: EmbeddedPdfSignature, changes: Changes) -> list[str]:
    signed = structure.signed_part(pdf, _range(signature))
    values = {name: value for name, value in changes.values.items() if name in TEXT_FIELDS}
    if values:
        signed = filling.filled(signed, values)
    return pixels.differences(signed, pdf, changes.boxes)


def _judge_certificate(
    status: PdfSignatureStatus, certificate: x509.Certificate, trust: Trust, findings: _Findings
) -> None:
    problem = status.trust_problem_indic
    findings.questions[TRUSTED] = problem is None or problem in _OUT_OF_TIME or status.revoked
    findings.questions[IN_TIME] = False if problem in _OUT_OF_TIME else (True if status.trusted else None)
    listed = _is_listed(certificate, trust)
    findings.questions[NOT_REVOKED] = False if status.revoked else (True if listed and status.trusted else None)
    if status.revoked:
        findings.bad.append("chứng thư đã bị thu hồi trước khi ký")
    elif problem in _OUT_OF_TIME:
        findings.doubts.append("chứng thư không còn hiệu lực vào lúc ký")
    elif problem is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE:
        findings.doubts.append("chứng thư không dùng được để ký văn bản")
    elif problem is AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE:
        findings.doubts.append("danh sách thu hồi chứng thư đã cũ")
    elif problem is not None or status.validation_path is None:
        findings.doubts.append("chưa xác định được nơi cấp chứng thư")


def _judge_time(
    status: PdfSignatureStatus, signed_at: dt.datetime | None, at: dt.datetime, findings: _Findings
) -> None:
    stamp = status.timestamp_validity
    findings.questions[STAMPED] = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    if signed_at is None or stamp is None:
        return
    if not findings.questions[STAMPED]:
        findings.doubts.append("dấu thời gian không kiểm tra được")
    if signed_at > at + CLOCKS_DIFFER:
        findings.doubts.append("dấu thời gian ở sau thời điểm kiểm tra")


def _context(trust: Trust, certificate: x509.Certificate, moment: dt.datetime) -> ValidationContext:
    """Nothing is fetched. The lists are those we hold today, read as of `moment`: a certificate revoked later was
    good when it signed. An authority whose list we hold must answer; of others revocation stays unknown."""
    rule = RevocationCheckingRule.CRL_REQUIRED if _is_listed(certificate, trust) else RevocationCheckingRule.NO_CHECK
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in trust.roots],
        crls=list(trust.crls),
        moment=moment,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(
                ee_certificate_rule=rule, intermediate_ca_cert_rule=RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
            ),
            retroactive_revinfo=True,
        ),
    )


def _is_listed(certificate: x509.Certificate, trust: Trust) -> bool:
    return any(CertificateList.load(crl).issuer == certificate.issuer for crl in trust.crls)


def _proven_time(signature: EmbeddedPdfSignature) -> dt.datetime | None:
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        proven: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return proven
    return None


def _stamper(signature: EmbeddedPdfSignature) -> x509.Certificate | None:
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        return extract_certs_for_validation(token).signer_cert
    return None


def _range(signature: EmbeddedPdfSignature) -> list[int]:
    return [int(part) for part in signature.byte_range]


def _role(certificate: x509.Certificate) -> Role:
    """An agency's certificate names its organisation's identifier (ETSI EN 319 412-3, 4.2.1); a person's does not."""
    return Role.SEAL if "organization_identifier" in certificate.subject.native else Role.LEADER


def _is_test(certificate: x509.Certificate) -> bool:
    policies = certificate.certificate_policies_value
    return policies is not None and any(policy["policy_identifier"].dotted == TEST_POLICY for policy in policies)


def _subject(certificate: x509.Certificate, part: str) -> str:
    value: Any = certificate.subject.native.get(part, "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _authority(status: PdfSignatureStatus) -> str:
    stamp = status.timestamp_validity
    return _subject(stamp.signing_cert, "common_name") if stamp is not None else ""
