"""The regulation's own decision, signed and sealed in May 2016."""

import io

import pypdfium2
import pytest

from documents.official_pdf import OfficialContent, compose
from signing.model import LegalValue, Verdict
from signing.prepare import prepare
from tests.documents.official_regulation import REGULATION, read_decision
from tests.documents.test_official_pdf import DECISION
from tests.signing.conftest import COMPOSED_AT, Office

CONTENTS = [
    pytest.param(lambda: DECISION, id="our-own-wording"),
    pytest.param(
        lambda: read_decision(REGULATION.read_text(encoding="utf-8")),
        id="the-regulation",
        marks=pytest.mark.skipif(not REGULATION.is_file(), reason="its text is not beside this checkout"),
    ),
]


@pytest.mark.parametrize("content", CONTENTS)
def test_a_decision_with_its_regulation_is_signed_numbered_and_sealed(office: Office, content: object) -> None:
    told: OfficialContent = content()  # type: ignore[operator]
    composed = compose(told, at=COMPOSED_AT)

    sealed = office.seal(office.sign(prepare(composed.pdf, composed.fields)), number="09")

    report = office.judge(sealed)
    assert [signature.verdict for signature in report.signatures] == [Verdict.VALID, Verdict.VALID]
    assert report.legal_value is LegalValue.FULL
    assert {signature.signed_at.year for signature in report.signatures if signature.signed_at} == {2016}
    document = pypdfium2.PdfDocument(io.BytesIO(sealed))
    assert len(document) == composed.page_count
    document.close()
