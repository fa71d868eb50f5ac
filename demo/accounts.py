"""Who can sign in to the demo agency. Imports nothing, because the start prints it before anything else is loaded."""

import dataclasses

PASSWORD = "moc-demo-2026"  # noqa: S105 - printed at start; the demo agency holds samples only
PIN = "162016"  #: of every demo signer and of the demo seal; printed at start too


@dataclasses.dataclass(frozen=True)
class Account:
    """One demo account, as the start prints it."""

    username: str
    full_name: str
    unit: str
    position: str
    roles: tuple[str, ...]


ACCOUNTS = [
    Account("chu-tich", "Lò Văn Thắng", "LD", "chu-tich", ("lanh-dao",)),
    Account("pho-chu-tich", "Hà Thị Mai", "LD", "pho-chu-tich", ("lanh-dao",)),
    Account("chanh-van-phong", "Nguyễn Đức Hùng", "VP", "chanh-van-phong", ("chanh-van-phong", "truong-don-vi")),
    Account("van-thu", "Trần Thị Lan", "VP", "van-thu", ("van-thu",)),
    Account("cv-vp", "Đinh Quốc Bảo", "VP", "chuyen-vien", ("chuyen-vien",)),
    Account("tp-vhtt", "Vì Văn Sơn", "P-VHTT", "truong-phong", ("truong-don-vi",)),
    Account("cv-vhtt", "Hoàng Thu Hà", "P-VHTT", "chuyen-vien", ("chuyen-vien",)),
    Account("tp-tp", "Lường Minh Tuấn", "P-TP", "truong-phong", ("truong-don-vi",)),
    Account("cv-tp", "Quàng Thị Ngọc", "P-TP", "chuyen-vien", ("chuyen-vien",)),
    Account("quan-tri", "Bùi Anh Dũng", "VP", "quan-tri", ("quan-tri",)),
    Account("phan-tich", "Phạm Khánh Linh", "VP", "phan-tich", ("thiet-ke-quy-trinh",)),
]
