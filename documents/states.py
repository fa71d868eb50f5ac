"""The life of a document: its states, what each is called, what may follow (pure).

Incoming after NĐ 30/2020 Điều 20-24, outgoing after Điều 10-19. Four acts of law stay apart: approval of the content,
check of the layout, signature of the competent person, number and seal.
"""

from collections.abc import Mapping

INCOMING: Mapping[str, tuple[str, ...]] = {
    "ARRIVED": ("REGISTERED", "RETURNED"),
    "REGISTERED": ("PRESENTED", "DIRECTED"),
    "PRESENTED": ("DIRECTED", "REGISTERED"),
    "DIRECTED": ("DIRECTED", "ASSIGNED", "PRESENTED"),
    "ASSIGNED": ("DIRECTED", "ASSIGNED", "IN_PROGRESS", "COMPLETED", "PRESENTED"),
    "IN_PROGRESS": ("DIRECTED", "COMPLETED", "PRESENTED"),
    "COMPLETED": ("FILED",),
    "RETURNED": (),
    "FILED": ("FILED",),
}
OUTGOING: Mapping[str, tuple[str, ...]] = {
    "DRAFT": ("SUBMITTED",),
    "SUBMITTED": ("UNIT_APPROVED", "RETURNED_TO_DRAFTER", "DRAFT"),
    "RETURNED_TO_DRAFTER": ("SUBMITTED",),
    "UNIT_APPROVED": ("LAYOUT_CHECKED", "RETURNED_TO_DRAFTER"),
    "LAYOUT_CHECKED": ("TO_SIGN", "RETURNED_TO_DRAFTER"),
    "TO_SIGN": ("SIGNED", "RETURNED_TO_DRAFTER"),
    "SIGNED": ("NUMBERED",),
    "NUMBERED": ("SEALED", "VOIDED"),
    "SEALED": ("ISSUED", "VOIDED"),
    "ISSUED": ("FILED",),
    "FILED": ("FILED",),
    "VOIDED": (),
}
ALL = tuple(dict.fromkeys([*INCOMING, *OUTGOING]))
NAMES: Mapping[str, str] = {
    "ARRIVED": "Mới đến, chờ vào sổ",
    "RETURNED": "Đã trả lại nơi gửi",
    "REGISTERED": "Đã vào sổ",
    "PRESENTED": "Đã trình, chờ chỉ đạo",
    "DIRECTED": "Đã chỉ đạo, chờ phân công",
    "ASSIGNED": "Đã phân công",
    "IN_PROGRESS": "Đang giải quyết",
    "COMPLETED": "Đã giải quyết",
    "FILED": "Đã lập hồ sơ",
    "DRAFT": "Đang soạn thảo",
    "SUBMITTED": "Chờ duyệt nội dung",
    "RETURNED_TO_DRAFTER": "Trả lại người soạn",
    "UNIT_APPROVED": "Đã duyệt nội dung",
    "LAYOUT_CHECKED": "Đã kiểm tra thể thức",
    "TO_SIGN": "Chờ ký",
    "SIGNED": "Đã ký, chờ cấp số",
    "NUMBERED": "Đã cấp số, chờ đóng dấu",
    "SEALED": "Đã đóng dấu, chờ phát hành",
    "ISSUED": "Đã phát hành",
    "VOIDED": "Đã hủy số",
}
EDITABLE = ("DRAFT", "RETURNED_TO_DRAFTER")  #: the drafter may still write
URGENCIES = ("Thường", "Khẩn", "Thượng khẩn", "Hỏa tốc")  #: NĐ 30/2020 Điều 4.2c; the place is the code
CHANNELS: Mapping[str, str] = {
    "postal": "Bưu chính",
    "direct": "Trực tiếp",
    "fax": "Fax",
    "email": "Thư điện tử",
    "axis": "Trục liên thông",
    "internal": "Nội bộ",
}
RECIPIENT_CHANNELS: Mapping[str, str] = {
    "axis": "Trục liên thông",
    "internal": "Nội bộ",
    "email": "Thư điện tử",
    "paper": "Bản giấy",
}
PURPOSES: Mapping[str, str] = {
    "": "Theo thẩm quyền",
    "gop-y": "Tham gia ý kiến, góp ý",
    "xin-y-kien": "Xin ý kiến",
    "de-biet": "Để biết",
    "bao-cao": "Để báo cáo",
    "lich-cong-tac": "Lịch công tác",
    "tai-lieu-hop": "Tài liệu phục vụ họp",
    "chi-dao": "Chỉ đạo, điều hành",
}
RECEIPT_ROLES: Mapping[str, str] = {"lead": "Chủ trì", "support": "Phối hợp", "inform": "Để biết"}
OPINION_KINDS: Mapping[str, str] = {
    "proposal": "Đề xuất",
    "direction": "Ý kiến chỉ đạo",
    "assignment": "Phân công",
    "support": "Ý kiến phối hợp",
    "approval": "Duyệt nội dung",
    "layout": "Kiểm tra thể thức",
    "signature": "Ký số",
    "return": "Trả lại",
    "result": "Kết quả giải quyết",
    "comment": "Góp ý",
}
RELATIONS: Mapping[str, str] = {
    "REPLIES_TO": "trả lời",
    "ENCLOSES": "kèm theo",
    "REPLACES": "thay thế",
    "CORRECTS": "đính chính",
    "RELATES_TO": "liên quan",
}


#: form of a task that is open again, sent back to or taken back -> the state its document is in then
BEFORE: Mapping[str, str] = {
    "trinh": "REGISTERED",
    "chi-dao": "PRESENTED",
    "phan-cong": "DIRECTED",
    "du-thao": "DRAFT",
}


def name(state: str) -> str:
    return NAMES[state]


def may_follow(direction: str, state: str, wanted: str) -> bool:
    """May a document go from `state` to `wanted`?"""
    table = INCOMING if direction == "incoming" else OUTGOING
    return wanted in table.get(state, ())
