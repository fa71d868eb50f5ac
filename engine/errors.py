"""What the engine refuses, each with what to do now."""

import dataclasses
from collections.abc import Sequence

from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong, or doubtful, with a diagram. `level`: 'error' refuses it, 'warning' does not. `file`: its name
    where several were read."""

    level: str
    element_id: str
    element_name: str
    line: int
    sentence: str
    file: str = ""


class ProcessRefused(DomainError):
    """A diagram that cannot be run as drawn; `problems` says where and why."""

    status = 422
    sentence = "Quy trình chưa triển khai được. Sửa các chỗ được nêu trong sơ đồ rồi triển khai lại."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        errors = [problem for problem in self.problems if problem.level == "error"]
        place = f"Tệp {errors[0].file}: " if errors and errors[0].file else ""
        told = f" {place}{errors[0].sentence}" if errors else ""
        super().__init__(type(self).sentence + told)


class TaskNotFound(NotFound):
    """No such task in this organisation."""

    sentence = "Không tìm thấy việc này."


class InstanceNotFound(NotFound):
    """No such process instance."""

    sentence = "Không tìm thấy hồ sơ quy trình này."


class DefinitionNotFound(NotFound):
    """No such process, or no version of it was deployed."""

    sentence = "Không có quy trình này hoặc quy trình chưa được triển khai."


class DeploymentNotFound(NotFound):
    """No such deployment, or no such file in it."""

    sentence = "Không tìm thấy lần triển khai này, hoặc trong đó không có tệp này."


class DecisionNotFound(NotFound):
    """No such decision, or no version of it was deployed."""

    sentence = "Không có quyết định này hoặc quyết định chưa được triển khai."


class EvaluationNotFound(NotFound):
    """No such answer of a decision, or it went with the history of its instance."""

    sentence = "Không tìm thấy lần quyết định này; có thể nó đã được dọn cùng hồ sơ."


class ExternalTaskNotFound(NotFound):
    """No such external task."""

    sentence = "Không tìm thấy việc của hệ thống này."


class IncidentNotFound(NotFound):
    """No such incident, or it is resolved."""

    sentence = "Không tìm thấy sự cố này hoặc sự cố đã được xử lý."


class TaskNotReady(Conflict):
    """The task is not open any more: somebody was faster, or the process has moved on."""

    sentence = "Việc này không còn mở. Mở lại danh sách việc để xem tình trạng mới."


class TaskTaken(Conflict):
    """Somebody else has taken the task."""

    sentence = "Việc này {name} đã nhận lúc {at}."


class NotCandidate(Forbidden):
    """The task belongs to somebody else, or is not offered to this person."""

    sentence = "Việc này không được giao cho bạn. Người được giao mới làm được, hoặc nhờ lãnh đạo giao lại."


class NotDifferent(NotCandidate):
    """Four eyes: who did the earlier task may not do this one."""

    sentence = "Bạn đã làm bước trước của hồ sơ này nên bước này phải do người khác làm."


class NotManager(Forbidden):
    """Only those who lead may assign tasks."""

    sentence = "Chỉ lãnh đạo, chánh văn phòng, trưởng đơn vị hoặc quản trị làm được việc này."


class NotOfWhole(NotManager):
    """Only those who lead the whole organisation may end a process, or move one from outside."""

    sentence = "Chỉ lãnh đạo, chánh văn phòng hoặc quản trị làm được việc này."


class NotWatcher(Forbidden):
    """Only those who lead the whole organisation or design its processes see where every process stands."""

    sentence = "Chỉ lãnh đạo, chánh văn phòng, quản trị hoặc người thiết kế quy trình xem được hồ sơ quy trình."


class NotOwnUnit(NotManager):
    """A unit's head gives away, or hands to somebody else's people, what is not the unit's."""

    sentence = "Trưởng đơn vị chỉ giao việc của đơn vị mình, cho người của đơn vị mình."


class NotForOneself(NotManager):
    """An administrator takes a task that was not offered to them: it would open its document."""

    sentence = "Quản trị không tự nhận việc chưa giao cho mình. Giao cho người khác, hoặc nhờ lãnh đạo giao."


class NotDesigner(Forbidden):
    """Only designers of processes and administrators may deploy."""

    sentence = "Chỉ người thiết kế quy trình hoặc quản trị được triển khai quy trình."


class UnknownAssignee(DomainError):
    """The diagram gives a task to a user name that nobody has."""

    status = 409
    sentence = "Bước “{task}” giao việc cho “{username}” nhưng không có người dùng này. Chọn người khác."


class CannotProceed(DomainError):
    """The diagram has no way to go on with these values."""

    status = 409
    sentence = "Quy trình không đi tiếp được ở “{element}”: {reason}"


class InstanceOver(Conflict):
    """The process is over."""

    sentence = "Quy trình này đã kết thúc."


class InstanceSuspended(Conflict):
    """The process, or its definition, stands still until somebody lets it go on."""

    sentence = "Quy trình này đang tạm dừng. Cho chạy tiếp ở trang hồ sơ quy trình rồi làm lại."


class DefinitionSuspended(Conflict):
    """Nothing is started on this version."""

    sentence = "Quy trình “{name}” đang tạm dừng nhận hồ sơ mới. Cho chạy tiếp ở trang quy trình rồi làm lại."


class CannotMove(Conflict):
    """A token cannot be cancelled or started there."""

    sentence = "Không dời được: {reason}"


class NoReceiver(Conflict):
    """A message that nobody, or more than one, waits for."""

    sentence = "Thông điệp “{name}” có {count} nơi nhận, phải có đúng một."


class JobNotFound(NotFound):
    """No such job: it was done, or its step was given up."""

    sentence = "Không tìm thấy việc tự động này. Có thể nó vừa chạy xong."


class KeyUsed(Conflict):
    """The idempotency key was given for something else."""

    sentence = "Khóa chống trùng này đã dùng cho một yêu cầu khác. Dùng khóa mới."


class UnusableKey(Invalid):
    """An idempotency key that is too long or holds unprintable characters."""

    sentence = "Khóa chống trùng dài tối đa 255 ký tự và chỉ gồm ký tự in được."


class EmptyComment(Invalid):
    """A comment without text."""

    sentence = "Ghi nội dung ý kiến rồi gửi lại."


class UnusableValue(Invalid):
    """A value that no process variable may hold."""

    sentence = "Giá trị của “{name}” không dùng được: {reason}"
