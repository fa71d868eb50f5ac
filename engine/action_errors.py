"""What is refused when somebody does more with a task than complete it."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class NotOffered(Forbidden):
    """The diagram does not list this action for the task (moc:actions)."""

    sentence = "Bước “{task}” không cho {verb}. Người thiết kế quy trình quyết định việc này."


class NowhereBack(Conflict):
    """Return: nobody has done a step that the diagram lets the task go back to."""

    sentence = "Chưa có bước nào trước “{task}” để trả lại."


class ReasonMissing(Invalid):
    """The diagram, or the verb, wants a reason."""

    sentence = "Ghi lý do rồi gửi lại."


class TextTooLong(Invalid):
    """A reason, question, answer or note that is too long to keep."""


class DelegationPending(Conflict):
    """Somebody else works on it for its owner, who must wait or take it back."""

    sentence = "Việc này đang uỷ thác. Chờ người nhận trả kết quả, hoặc lấy việc về rồi làm tiếp."


class NotDelegated(Conflict):
    """Resolve: the task is not with a delegate."""

    sentence = "Việc này không còn ở người được uỷ thác."


class CannotWithdraw(Conflict):
    """Too late to take it back; `reason` says what has happened since."""

    sentence = "Không thu hồi được: {reason}"


class UnsuitablePerson(Invalid):
    """A person who may not be given this task or question."""


class NoRound(Conflict):
    """Add or remove a signer: the task is not one of a round of people."""

    sentence = "Bước “{task}” không lần lượt hay đồng thời qua nhiều người, nên không thêm bớt được người ký."


class AlreadySigner(Conflict):
    """Add: the person has a turn in the round, or still waits for it."""

    sentence = "{name} đã có trong lượt này."


class UnknownSigner(Conflict):
    """Remove: the person has no turn any more, or never had one."""

    sentence = "{name} không còn chờ trong lượt này. Tải lại trang để xem ai đã làm."


class ConsultationNotFound(NotFound):
    """No such question, or not for this person."""

    sentence = "Không tìm thấy câu hỏi này."


class ConsultationOver(Conflict):
    """It was answered or taken back, or its task has ended."""

    sentence = "Câu hỏi này đã được trả lời, đã rút lại, hoặc việc đã xong."
