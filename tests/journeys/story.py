"""The story of Quyết định 09/2016/QĐ-UBND, told once: facts, wording, and who does which step on which day.

Two wordings: our own (always), and the regulation's text where it lies beside the checkout.
"""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from documents.official_pdf import OfficialContent
from kernel.text import nfc

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROOT = Path(__file__).parents[2]
REGULATION = ROOT.parent / "shared" / "quyet-dinh-09-2016.txt"
TEXTS = ROOT / "demo" / "texts"

SUBJECT = (
    "Ban hành Quy chế quản lý, vận hành sử dụng phần mềm quản lý văn bản và điều hành "
    "trong các cơ quan Nhà nước trên địa bàn huyện Mộc Châu"
)
ENCLOSED_TITLE = (
    "Quản lý, vận hành và sử dụng phần mềm quản lý văn bản và điều hành "
    "trong các cơ quan Nhà nước trên địa bàn huyện Mộc Châu"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wording:
    """What the drafter types."""

    legal_bases: str
    body: str
    enclosed_body: str
    recipients: str


def own_wording() -> Wording:
    read = {path.stem: path.read_text(encoding="utf-8") for path in TEXTS.glob("*.txt")}
    return Wording(
        legal_bases=read["can-cu"].format(proposal="41/TTr-VP ngày 27 tháng 4 năm 2016"),
        body=read["quyet-dinh"],
        enclosed_body=read["quy-che"],
        recipients=read["noi-nhan"],
    )


def regulation_wording() -> Wording:
    """Taken from the regulation's file: between its own marks, nothing changed but the dashes of the list."""
    text = nfc(REGULATION.read_text(encoding="utf-8"))
    decision, enclosed = text.split("QUY CHẾ\nQuản lý", 1)
    bases = decision.split("ỦY BAN NHÂN DÂN HUYỆN MỘC CHÂU\n", 1)[1].split("QUYẾT ĐỊNH:", 1)
    body, recipients = bases[1].split("Nơi nhận:", 1)
    names = [line.strip(" -;.") for line in recipients.splitlines() if line.strip().startswith("-")]
    chapters = "Chương I\n" + enclosed.split("Chương I\n", 1)[1].split("TM. ỦY BAN", 1)[0]
    return Wording(
        legal_bases="\n".join(line.strip(" ;,") for line in bases[0].splitlines() if line.strip()),
        body=body.strip(),
        enclosed_body=chapters.strip(),
        recipients="\n".join(name for name in names if not name.startswith("Lưu")),
    )


def proposal() -> OfficialContent:
    """Tờ trình số 41/TTr-VP, as the office of the district would lay it out."""
    return OfficialContent(
        header_parent="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
        header_name="VĂN PHÒNG HĐND VÀ UBND",
        place_name="Mộc Châu",
        symbol="TTr-VP",
        year=2016,
        number="41",
        issued=REGISTRATION["issued_date"],
        kind_name="TỜ TRÌNH",
        subject=REGISTRATION["subject"],
        addressees=["Ủy ban nhân dân huyện Mộc Châu"],
        body=(TEXTS / "to-trinh.txt").read_text(encoding="utf-8"),
        signer_title="CHÁNH VĂN PHÒNG",
        signer_name="Nguyễn Đức Hùng",
        recipients=["Như trên"],
        archive_note="VT",
    )


def at(day: int, month: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of 2016 in the office's zone."""
    return dt.datetime(2016, month, day, hour, minute, tzinfo=ZONE)


REGISTRATION: dict[str, Any] = {
    "kind": "TTr",
    "number": "41",
    "symbol": "TTr-VP",
    "issued_date": dt.date(2016, 4, 27),
    "organ_name": "Văn phòng HĐND và UBND huyện Mộc Châu",
    "subject": "Đề nghị ban hành Quy chế quản lý, sử dụng phần mềm quản lý văn bản và điều hành",
    "signer_position": "Chánh Văn phòng",
    "signer_name": "Nguyễn Đức Hùng",
    "urgency": 1,
    "article7": True,
}

DRAFT = {
    "kind": "QĐ",
    "normative": True,
    "subject": SUBJECT,
    "enclosed_title": ENCLOSED_TITLE,
    "signer": "chu-tich",
    "copies": 80,
    "archive_note": "VT, Hùng",
}
