"""An authority of 2015, the district's chairman and seal, a composed decision; the story is told in May 2016."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from documents.official_pdf import OfficialContent, compose
from signing import authority
from signing.keys import KeyStore
from signing.model import Report, Trust
from signing.prepare import prepare
from signing.seal import number_and_seal
from signing.sign import sign
from signing.timestamps import Timestamps
from signing.validate import validate

PIN = "162016"
COMPOSED_AT = dt.datetime(2016, 5, 4, 1, tzinfo=dt.UTC)
SIGNED_AT = dt.datetime(2016, 5, 4, 8, 30, tzinfo=dt.UTC)
SEALED_AT = dt.datetime(2016, 5, 5, 2, 0, tzinfo=dt.UTC)
JUDGED_AT = dt.datetime(2016, 5, 6, tzinfo=dt.UTC)

DECISION = OfficialContent(
    header_name="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
    place_name="Mộc Châu",
    symbol="QĐ-UBND",
    year=2016,
    number_year=2016,
    kind_name="Quyết định",
    subject="Về việc công bố lịch tiếp công dân quý III năm 2016",
    authority_line="ỦY BAN NHÂN DÂN HUYỆN MỘC CHÂU",
    legal_bases=["Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"],
    body="Điều 1. Công bố lịch tiếp công dân.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.",
    signer_prefix="TM. ỦY BAN NHÂN DÂN",
    signer_title="CHỦ TỊCH",
    signer_name="Lò Văn Thắng",
    recipients=["Như Điều 2", "Sở Tư pháp"],
    archive_note="VT",
)


@dataclasses.dataclass(frozen=True)
class Office:
    """The keys of one office and what is done with them."""

    folder: Path

    @property
    def keys(self) -> KeyStore:
        return KeyStore(self.folder)

    @property
    def trust(self) -> Trust:
        return self.keys.trust()

    def sign(self, pdf: bytes, *, username: str = "chu-tich", at: dt.datetime = SIGNED_AT) -> bytes:
        return sign(
            pdf,
            key=self.keys.find_person_key(username, pin=PIN),
            at=at,
            timestamps=Timestamps.of_folder(self.folder),
            image=self.keys.person_image(username),
        )

    def seal(self, pdf: bytes, *, number: str = "09", at: dt.datetime = SEALED_AT) -> bytes:
        return number_and_seal(
            pdf,
            number=number,
            date=dt.date(2016, 5, 5),
            key=self.keys.find_seal_key("UBND-MC", pin=PIN),
            at=at,
            timestamps=Timestamps.of_folder(self.folder),
            image=self.keys.seal_image("UBND-MC"),
            trust=self.trust,
        )

    def judge(self, pdf: bytes, *, at: dt.datetime = JUDGED_AT) -> Report:
        return validate(pdf, trust=self.trust, at=at)


def make_office(folder: Path) -> Office:
    authority.make_authority(
        folder, valid_from=dt.datetime(2015, 1, 1, tzinfo=dt.UTC), valid_until=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    )
    authority.issue_person(
        folder,
        username="chu-tich",
        full_name="Lò Văn Thắng",
        title="Chủ tịch UBND huyện",
        organization="Ủy ban nhân dân huyện Mộc Châu",
        pin=PIN,
    )
    authority.issue_seal(
        folder,
        code="UBND-MC",
        organization="Ủy ban nhân dân huyện Mộc Châu",
        seal_text="U.B.N.D huyện Mộc Châu",
        identifier="H52.18",
        pin=PIN,
    )
    return Office(folder)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return make_office(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def prepared() -> bytes:
    composed = compose(DECISION, at=COMPOSED_AT)
    return prepare(composed.pdf, composed.fields)


@pytest.fixture(scope="session")
def signed(office: Office, prepared: bytes) -> bytes:
    return office.sign(prepared)


@pytest.fixture(scope="session")
def sealed(office: Office, signed: bytes) -> bytes:
    return office.seal(signed)
