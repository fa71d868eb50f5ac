"""Official documents as PDF/A-2b, laid out by NĐ 30/2020/NĐ-CP, Phụ lục I. Pure: values in, bytes out."""

import dataclasses
import datetime as dt
import functools
import json
import pathlib
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from documents.official_text import Block, parse_body
from kernel import clock
from signing.model import FieldBox

TEMPLATES = pathlib.Path(__file__).parent / "templates"
FONTS = pathlib.Path(__file__).parent / "fonts"
PAGE_HEIGHT = 297 / 25.4 * 72  # points; A4
END = "./."
# Width in millimetres of the frame of each urgency mark (Phụ lục I, phần II.10b).
URGENCY_WIDTHS = {"HỎA TỐC": 30, "THƯỢNG KHẨN": 40, "KHẨN": 20}
# Kinds whose rules follow a line "QUYẾT ĐỊNH:" or the like.
RESOLVING = {"QUYẾT ĐỊNH": "QUYẾT ĐỊNH:", "NGHỊ QUYẾT": "QUYẾT NGHỊ:"}
BASIS_OPENINGS = ("Căn cứ", "Theo ", "Xét ", "Thực hiện ", "Trên cơ sở ", "Sau khi ")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A regulation, plan … issued with the document; it begins on a page of its own and carries no number."""

    kind_name: str  # "QUY CHẾ"
    title: str
    body: str  # text with Chương, Điều, khoản, điểm; see official_text


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficialContent:
    """What is printed. Number, day and month are left blank: they are filled when the document is numbered. A document
    that has them already (`number`, `issued`: a sample of another office's letter) gets no places for them.

    Lines of a name are separated by a line feed. A document of no named kind (công văn) has `kind_name` "" and shows
    its subject as "V/v …" under the number. `legal_bases` are lines, with
    or without "Căn cứ" and closing marks.
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
    issuer_name: str = ""  # "Ủy ban nhân dân huyện Mộc Châu", in the reference line of what is enclosed
    urgency: str = ""  # "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"
    enclosed: Enclosed | None = None
    seal_diameter_mm: float = 35.0
    number: str = ""  # "41"
    issued: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComposedPdf:
    """The document, PDF/A-2b, and where its prepared places are (signing.prepare turns them into fields)."""

    pdf: bytes
    fields: tuple[FieldBox, ...]
    page_count: int


def compose(content: OfficialContent, *, at: dt.datetime | None = None) -> ComposedPdf:
    """Lays the document out, created `at` (now by default). Same content and instant, same bytes."""
    values = _values(content, clock.local(at or clock.now()))
    with _lock:
        pdf, pages, places = _typeset(json.dumps(values, ensure_ascii=False))
    return ComposedPdf(pdf=pdf, fields=tuple(_field(place) for place in places), page_count=pages)


# The compiler keeps fonts and parsed templates; it is one object, so one composition at a time (12 ms).
_lock = threading.Lock()


@functools.cache
def _compiler() -> Any:
    import typst  # noqa: PLC0415 - 22 MB of native code, needed only where documents are composed

    return typst.Compiler(input=TEMPLATES / "van-ban.typ", root=TEMPLATES, font_paths=[FONTS], ignore_system_fonts=True)


def _typeset(content: str) -> tuple[bytes, int, list[dict[str, Any]]]:
    compiler = _compiler()
    pdf = compiler.compile(sys_inputs={"content": content}, pdf_standards=["a-2b"])
    places = json.loads(compiler.query("<field>", field="value"))
    pages = json.loads(compiler.query("<pages>", field="value", one=True))
    return pdf, pages, places


def _field(place: Mapping[str, Any]) -> FieldBox:
    left, top = place["x"], PAGE_HEIGHT - place["y"]
    return FieldBox(
        name=place["name"],
        page=place["page"] - 1,
        rect=(left, top - place["height"], left + place["width"], top),
    )


def _values(content: OfficialContent, at: dt.datetime) -> dict[str, Any]:
    """What the template reads; every list and line is complete there, no rule is left to it."""
    tail = f"/{content.number_year}/{content.symbol}" if content.number_year else f"/{content.symbol}"
    kind = content.kind_name.upper()
    return {
        "title": " ".join(filter(None, (content.kind_name, content.subject))),
        "organization": content.header_name.replace("\n", " "),
        "composed_at": {unit: getattr(at, unit) for unit in ("year", "month", "day", "hour", "minute", "second")},
        "header_parent": content.header_parent,
        "header_name": content.header_name,
        "number": content.number,
        "number_tail": tail,
        "day": f"{content.issued:%d}" if content.issued else "",
        "month": f"{content.issued.month:0{2 if content.issued.month < 3 else 1}}" if content.issued else "",
        "place_name": content.place_name,
        "year": content.year,
        "urgency": content.urgency,
        "urgency_width": URGENCY_WIDTHS.get(content.urgency, 30),
        "kind_name": kind,
        "subject": content.subject,
        "addressees": _listed(content.addressees),
        "authority_line": content.authority_line,
        "legal_bases": _listed([_basis(line) for line in content.legal_bases]),
        "resolves": RESOLVING.get(kind, ""),
        "blocks": _blocks(_ended(content.body)),
        "recipients": _recipients(content),
        "signer_prefix": content.signer_prefix,
        "signer_title": content.signer_title,
        "signer_name": content.signer_name,
        "seal_diameter_mm": content.seal_diameter_mm,
        "enclosed": _enclosed(content, tail),
    }


def _enclosed(content: OfficialContent, tail: str) -> dict[str, Any] | None:
    """The reference line stays unfilled in an electronic document (NĐ 30/2020, Phụ lục I, phần III.1)."""
    if content.enclosed is None:
        return None
    issuer = content.issuer_name or content.header_name.replace("\n", " ")
    kind = content.kind_name.capitalize()
    return {
        "kind_name": content.enclosed.kind_name.upper(),
        "title": content.enclosed.title,
        "reference": f"(Ban hành kèm theo {kind} số …{tail}\nngày … tháng … năm … của {issuer})",
        "blocks": _blocks(content.enclosed.body),
    }


def _blocks(text: str) -> list[dict[str, Any]]:
    return [_block(block) for block in parse_body(text)]


def _block(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, "label": block.label, "text": block.text, "is_title": block.is_title}


def _ended(body: str) -> str:
    """The content ends with "./." (NĐ 30/2020, Phụ lục I, phần II.6)."""
    text = body.rstrip()
    return text if text.endswith(END) else text.rstrip(".") + END


def _listed(items: Sequence[str]) -> list[str]:
    """Items of a list end with a semicolon, the last with a full stop; one alone has no mark."""
    bare = [item.strip().lstrip("-").rstrip(" ;.,") for item in items if item.strip()]
    if len(bare) < 2:
        return bare
    return [*(f"{item};" for item in bare[:-1]), f"{bare[-1]}."]


def _basis(line: str) -> str:
    """A legal basis begins with "Căn cứ", a proposal with its own words."""
    text = line.strip()
    return text if not text or text.startswith(BASIS_OPENINGS) else f"Căn cứ {text}"


def _recipients(content: OfficialContent) -> list[str]:
    kept = [f"Lưu: {content.archive_note.strip()}"] if content.archive_note.strip() else []
    return _listed([*content.recipients, *kept])
