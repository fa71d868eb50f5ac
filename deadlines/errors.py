"""What deadlines refuses, each with what to do now."""

from kernel.errors import Conflict, Forbidden


class NotWatching(Forbidden):
    """Somebody who does not lead asks for the work of others, or a unit's head for another unit's."""

    sentence = "Chỉ lãnh đạo, Chánh Văn phòng theo dõi toàn cơ quan; trưởng đơn vị theo dõi đơn vị mình."


class RemindedLately(Conflict):
    """The task was reminded of less than an hour ago."""

    sentence = "{name} đã nhắc việc này lúc {at}. Nhắc lại được từ {again}."


class NothingToRemind(Conflict):
    """The task is over."""

    sentence = "Việc này đã xong, không cần nhắc."
