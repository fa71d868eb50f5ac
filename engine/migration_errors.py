"""What the migration of running instances refuses."""

from collections.abc import Sequence

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class NotMigrator(Forbidden):
    """Only those who lead the whole, and designers of processes, move running instances to another version."""

    sentence = "Chỉ lãnh đạo, chánh văn phòng, quản trị hoặc người thiết kế quy trình chuyển được hồ sơ sang bản khác."


class CannotMigrate(Conflict):
    """An instance that cannot be taken over as it stands; `reasons`: sentences."""

    sentence = "Hồ sơ này chưa chuyển được."

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons) or type(self).sentence)


class UnusablePlan(Invalid):
    """A plan with errors, or one whose versions do not belong together."""

    sentence = "Bản ghép chưa dùng được. Sửa các chỗ được nêu rồi thử lại."


class NothingToMigrate(Invalid):
    """No instance was chosen."""

    sentence = "Chọn ít nhất một hồ sơ để chuyển."


class MigrationNotFound(NotFound):
    """No such batch, or no such instance in it."""

    sentence = "Không tìm thấy đợt chuyển này."


class CannotUndo(Conflict):
    """The instance has moved since it was migrated."""

    sentence = "Không hoàn tác được: {reason}"
