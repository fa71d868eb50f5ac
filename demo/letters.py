"""Letters that arrive at the demo agency: kinds of senders as everywhere, wording, numbers and people invented."""

import dataclasses
import datetime as dt
from typing import Any

from documents.official_pdf import OfficialContent


@dataclasses.dataclass(frozen=True, kw_only=True)
class Letter:
    """One arrival: what is printed and what the clerk types. `place` and `header` as on the sender's paper."""

    number: int
    symbol: str
    kind: str
    kind_name: str
    organ: str
    header: str
    parent: str = ""
    place: str = "Mộc Châu"
    subject: str
    body: str
    position: str
    signer: str
    urgency: int = 0

    @property
    def file_name(self) -> str:
        return f"{self.number}-{self.symbol}.pdf"

    def printed(self, issued: dt.date) -> OfficialContent:
        return OfficialContent(
            number=f"{self.number:02}",
            issued=issued,
            header_parent=self.parent,
            header_name=self.header,
            place_name=self.place,
            symbol=self.symbol,
            year=issued.year,
            kind_name=self.kind_name,
            subject=self.subject,
            addressees=["Ủy ban nhân dân huyện Mộc Châu"],
            body=self.body,
            signer_title=self.position.upper(),
            signer_name=self.signer,
            recipients=["Như trên"],
            archive_note="VT",
            urgency=("", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")[self.urgency],
        )

    def registered(self, issued: dt.date) -> dict[str, Any]:
        """What the clerk writes into the book."""
        return {
            "kind": self.kind,
            "number": str(self.number),
            "symbol": self.symbol,
            "issued_date": issued,
            "organ_name": self.organ,
            "subject": self.subject,
            "signer_position": self.position,
            "signer_name": self.signer,
            "urgency": self.urgency,
            "article7": True,
        }


ACCOUNTS_LETTER = Letter(
    number=37,
    symbol="UBND-VP",
    kind="CV",
    kind_name="",
    organ="UBND xã Chiềng Hắc",
    header="ỦY BAN NHÂN DÂN\nXÃ CHIỀNG HẮC",
    place="Chiềng Hắc",
    subject="Đề nghị cấp bổ sung tài khoản phần mềm cho công chức xã",
    body=(
        "Ủy ban nhân dân xã có 04 công chức mới chưa có tài khoản trên phần mềm quản lý văn bản và điều hành.\n"
        "Để việc tiếp nhận, xử lý văn bản không gián đoạn, Ủy ban nhân dân xã đề nghị Ủy ban nhân dân huyện "
        "cấp bổ sung tài khoản theo danh sách đã gửi và hướng dẫn sử dụng."
    ),
    position="Chủ tịch",
    signer="Mùa A Sênh",
)
REPORT_LETTER = Letter(
    number=214,
    symbol="STTTT-CNTT",
    kind="CV",
    kind_name="",
    organ="Sở Thông tin và Truyền thông",
    parent="ỦY BAN NHÂN DÂN TỈNH",
    header="SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
    place="Sơn La",
    subject="Báo cáo tình hình sử dụng phần mềm quản lý văn bản trong quý",
    body=(
        "Sở Thông tin và Truyền thông đề nghị Ủy ban nhân dân huyện báo cáo số văn bản gửi, nhận bằng bản điện tử, "
        "số văn bản ký số và khó khăn khi sử dụng phần mềm trong quý vừa qua.\n"
        "Báo cáo gửi về Sở để tổng hợp, trình Ủy ban nhân dân tỉnh."
    ),
    position="Phó Giám đốc",
    signer="Cầm Thị Thảo",
)
OPINION_LETTER = Letter(
    number=68,
    symbol="TCKH-NS",
    kind="CV",
    kind_name="",
    organ="Phòng Tài chính - Kế hoạch",
    parent="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
    header="PHÒNG TÀI CHÍNH - KẾ HOẠCH",
    subject="Lấy ý kiến dự thảo Kế hoạch ứng dụng công nghệ thông tin năm tới",
    body=(
        "Phòng Tài chính - Kế hoạch gửi dự thảo Kế hoạch ứng dụng công nghệ thông tin năm tới để lấy ý kiến.\n"
        "Đề nghị các phòng góp ý về mục tiêu, nhiệm vụ và kinh phí thuộc lĩnh vực của mình."
    ),
    position="Trưởng phòng",
    signer="Đặng Quốc Trung",
)
MEETING_LETTER = Letter(
    number=29,
    symbol="GM-SNV",
    kind="GM",
    kind_name="GIẤY MỜI",
    organ="Sở Nội vụ",
    parent="ỦY BAN NHÂN DÂN TỈNH",
    header="SỞ NỘI VỤ",
    place="Sơn La",
    subject="Họp giao ban công tác văn thư, lưu trữ",
    body=(
        "Sở Nội vụ kính mời đại diện lãnh đạo Ủy ban nhân dân huyện dự họp giao ban công tác văn thư, lưu trữ.\n"
        "Địa điểm: Phòng họp tầng 2, Sở Nội vụ.\nNội dung: lập danh mục hồ sơ, nộp lưu hồ sơ điện tử."
    ),
    position="Giám đốc",
    signer="Tòng Thế Anh",
)
STORM_LETTER = Letter(
    number=118,
    symbol="CĐ-UBND",
    kind="CĐ",
    kind_name="CÔNG ĐIỆN",
    organ="UBND tỉnh Sơn La",
    header="ỦY BAN NHÂN DÂN\nTỈNH SƠN LA",
    place="Sơn La",
    subject="Chủ động ứng phó với rét đậm, rét hại",
    body=(
        "Dự báo những ngày tới nhiệt độ tại các xã vùng cao xuống thấp.\n"
        "1. Ủy ban nhân dân các huyện chỉ đạo che chắn chuồng trại, dự trữ thức ăn cho gia súc.\n"
        "2. Cho học sinh nghỉ học khi nhiệt độ xuống dưới mức quy định."
    ),
    position="Phó Chủ tịch",
    signer="Hà Trung Kiên",
    urgency=2,
)
CERTIFICATE_LETTER = Letter(
    number=231,
    symbol="STTTT-CNTT",
    kind="CV",
    kind_name="",
    organ="Sở Thông tin và Truyền thông",
    parent="ỦY BAN NHÂN DÂN TỈNH",
    header="SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
    place="Sơn La",
    subject="Lập danh sách cán bộ, công chức đề nghị cấp chứng thư số chuyên dùng",
    body=(
        "Để chuẩn bị cấp chứng thư số chuyên dùng đợt tiếp theo, Sở đề nghị Ủy ban nhân dân huyện lập danh sách "
        "cán bộ, công chức có thẩm quyền ký chưa được cấp chứng thư số."
    ),
    position="Giám đốc",
    signer="Lèo Văn Bình",
)
TRAINING_LETTER = Letter(
    number=52,
    symbol="TB-TTCT",
    kind="TB",
    kind_name="THÔNG BÁO",
    organ="Trung tâm Chính trị huyện",
    header="TRUNG TÂM CHÍNH TRỊ\nHUYỆN MỘC CHÂU",
    subject="Mở lớp bồi dưỡng nghiệp vụ văn thư",
    body=(
        "Trung tâm Chính trị huyện mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức các xã, thị trấn.\n"
        "Các đơn vị cử người tham gia và gửi danh sách về Trung tâm."
    ),
    position="Giám đốc",
    signer="Vàng Thị Dua",
)
LIGHTS_LETTER = Letter(
    number=15,
    symbol="BC-BQL",
    kind="BC",
    kind_name="BÁO CÁO",
    organ="Ban Quản lý dự án huyện",
    header="BAN QUẢN LÝ DỰ ÁN\nHUYỆN MỘC CHÂU",
    subject="Tiến độ lắp đặt hệ thống chiếu sáng công cộng",
    body="Đến nay Ban đã lắp xong 42 trên 60 cột đèn. Phần còn lại hoàn thành trong tháng tới.",
    position="Giám đốc",
    signer="Sa Văn Khuyên",
)

UNREGISTERED = (MEETING_LETTER, REPORT_LETTER)  #: wait at the clerk's desk
