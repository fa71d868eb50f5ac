"""What repairing a process refuses, each with what to do now."""

from kernel.errors import Conflict, Invalid, NotFound


class ReasonMissing(Invalid):
    """Whoever repairs a process says why; it stays in its history."""

    sentence = "Ghi lý do rồi gửi lại; lý do được giữ trong lịch sử của hồ sơ."

    def __init__(self) -> None:
        super().__init__({"reason": "Ghi lý do, không quá 500 ký tự."})


class VariableNotFound(NotFound):
    """A variable is to be removed that is not there."""

    sentence = "Không có biến “{name}” ở phạm vi này. Tải lại trang để xem các biến đang có."


class VariableKept(Conflict):
    """A variable that the engine itself counts with."""

    sentence = "Biến “{name}” do vòng lặp tự đếm nên không sửa tay được. Thêm hoặc bớt người ở chính bước đó."


class ScopeNotFound(Conflict):
    """The scope whose variables are meant has ended."""

    sentence = "Bước giữ các biến này đã kết thúc. Tải lại trang để xem các phạm vi đang mở."


class NotSuspended(Conflict):
    """It runs already."""

    sentence = "Quy trình này đang chạy, không tạm dừng."


class StillRunning(Conflict):
    """Only what is over can be started again."""

    sentence = "Quy trình này còn đang chạy. Hủy, hoặc chờ kết thúc, rồi chạy lại."


class NothingToMove(Invalid):
    """A move without a place and without a token."""

    sentence = "Chọn ít nhất một chỗ cần hủy hoặc cần bắt đầu."
