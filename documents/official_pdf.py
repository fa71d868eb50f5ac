"""Official documents as PDF/A-2b, laid out by NĐ 30/2020/NĐ-CP, Phụ lục I. Pure: values in, bytes out."""

import dataclasses
from collections.abc import Sequence

from signing.model import FieldBox


@dataclasses.dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A regulation, plan … issued with the document; it begins on a page of its own and carries no number."""

    kind_name: str  # "QUY CHẾ"
    title: str
    body: str  # text with Chương, Điều, khoản, điểm; see official_text


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficialContent:
    """What is printed. Number, day and month are left blank: they are filled when the document is numbered.

    Lines of a name are separated by a line feed. A document of no named kind (công văn) has `kind_name` "" and shows
    its subject as "V/v …" under the number. `legal_bases` are whole lines ("Căn cứ …;").
    """

    header_name: str  # "ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU"
    place_name: str  # "Mộc Châu"
    symbol: str  # "QĐ-UBND"
    year: int  # of the date line
    subject: str
    body: str
    signer_title: str  # "CHỦ TỊCH"
    signer_name: str
    header_parent: str = ""  # the body above, in regular capitals
    number_year: int | None = None  # printed in the number of legal normative documents: "…/2016/QĐ-UBND"
    kind_name: str = ""  # "QUYẾT ĐỊNH"
    authority_line: str = ""  # "ỦY BAN NHÂN DÂN HUYỆN MỘC CHÂU" above the legal bases of a decision
    legal_bases: Sequence[str] = ()
    addressees: Sequence[str] = ()  # "Kính gửi"
    signer_prefix: str = ""  # "TM. ỦY BAN NHÂN DÂN", or "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH"
    recipients: Sequence[str] = ()  # without the dash: "Như Điều 3"
    archive_note: str = ""  # "VT, Hùng, 80 bản" of "Lưu: VT, Hùng, 80 bản."
    urgency: str = ""  # "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"
    enclosed: Enclosed | None = None
    seal_diameter_mm: float = 35.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComposedPdf:
    """The document, PDF/A-2b, and where its prepared places are (signing.prepare turns them into fields)."""

    pdf: bytes
    fields: tuple[FieldBox, ...]
    page_count: int


def compose(content: OfficialContent) -> ComposedPdf:
    """Lays the document out. Same content, same bytes."""
    raise NotImplementedError
