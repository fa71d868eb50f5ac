"""What the drawing board refuses."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class NotDrafting(Forbidden):
    """Only designers of processes draw; administrators may look."""

    sentence = "Chỉ người thiết kế quy trình được vẽ và công bố. Bạn xem được sơ đồ và các bản."


class DraftNotFound(NotFound):
    """There is no draft of this process."""

    sentence = "Quy trình này không có bản nháp."


class DraftChanged(Conflict):
    """Somebody else saved the draft in the meantime."""

    sentence = "{name} đã lưu bản nháp lúc {at}."


class KeyTaken(Invalid):
    """A new process wants the key of an existing one."""

    def __init__(self, key: str) -> None:
        super().__init__({"key": f"Mã {key} đã có. Mở quy trình đó để sửa, hoặc đặt mã khác."})


class UnusableKey(Invalid):
    """A key that no address and no file name could hold."""

    sentence = "Mã quy trình {key} không dùng được: chỉ chữ không dấu, chữ số, dấu chấm và gạch, không quá 64 ký tự."


class UnreadableDiagram(Invalid):
    """A file that is not a BPMN diagram, is too large, or brings along what XML can do harm with."""

    sentence = "Không đọc được sơ đồ này."


class OtherProcess(Invalid):
    """The diagram holds another process than the one it is saved or published as."""

    sentence = "Sơ đồ không có quy trình mã {key}. Mã quy trình giữ nguyên qua các bản; đặt lại mã rồi công bố."
