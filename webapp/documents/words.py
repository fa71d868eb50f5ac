"""States, roles and relations of documents as marks on the screen; the words are documents.states'."""

import dataclasses

from documents import states


@dataclasses.dataclass(frozen=True)
class Tag:
    """How a state looks: words first, then the kit's tag and icon."""

    label: str
    kind: str = ""
    icon: str = ""


DIRECTIONS = {"incoming": "Văn bản đến", "outgoing": "Văn bản đi"}

#: state -> the kit's tag, its icon
MARKS = {
    "ARRIVED": ("warn", "inbox"),
    "RETURNED": ("", "arrow-return-left"),
    "REGISTERED": ("act", "journal-text"),
    "PRESENTED": ("act", "chat-left-text"),
    "DIRECTED": ("act", "send"),
    "ASSIGNED": ("act", "person-check"),
    "IN_PROGRESS": ("act", "clock"),
    "COMPLETED": ("ok", "check2"),
    "DRAFT": ("", "pencil-square"),
    "SUBMITTED": ("act", "clock"),
    "RETURNED_TO_DRAFTER": ("warn", "arrow-return-left"),
    "UNIT_APPROVED": ("act", "ui-checks"),
    "LAYOUT_CHECKED": ("act", "ui-checks"),
    "TO_SIGN": ("act", "pen"),
    "SIGNED": ("act", "123"),
    "NUMBERED": ("act", "patch-check"),
    "SEALED": ("act", "send"),
    "ISSUED": ("ok", "check2"),
    "FILED": ("ok", "folder-check"),
    "VOIDED": ("", "slash-circle"),
}

#: kind of relation -> how it reads from the document, and from the other one
RELATIONS = {
    "REPLIES_TO": ("Trả lời", "Được trả lời bằng"),
    "ENCLOSES": ("Kèm theo", "Kèm theo văn bản"),
    "REPLACES": ("Thay thế", "Bị thay thế bởi"),
    "CORRECTS": ("Đính chính", "Được đính chính bởi"),
    "RELATES_TO": ("Liên quan", "Liên quan"),
}

RECIPIENT_STATES = {
    "to_send": Tag("Chưa gửi"),
    "sent": Tag("Đã ghi chuyển", "act", "send"),
    "received": Tag("Đã nhận", "ok", "check2"),
    "returned": Tag("Bị trả lại", "warn", "arrow-return-left"),
}

RECEIPT_STATES = {
    "waiting": Tag("Chờ xử lý", "", "clock"),
    "in_progress": Tag("Đang xử lý", "act", "clock"),
    "done": Tag("Đã xong", "ok", "check2"),
    "read": Tag("Đã xem", "ok", "eye"),
}


def state_tag(state: str) -> Tag:
    kind, icon = MARKS.get(state, ("", ""))
    return Tag(states.NAMES.get(state, state), kind, icon)
