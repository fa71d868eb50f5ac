"""Refusals of signing."""

from kernel.errors import DomainError


class WrongPin(DomainError):
    """The PIN does not open the key; raised by keys, before anything is signed."""

    status = 422
    sentence = "Mã PIN không đúng. Nhập lại mã PIN của chứng thư số."


class NoKey(DomainError):
    """The person or agency has no certificate here."""

    status = 409
    sentence = "Chưa có chứng thư số cho {owner}. Liên hệ quản trị để được cấp."


class CertificateOutOfDate(DomainError):
    """The certificate is not valid at the moment of signing."""

    status = 409
    sentence = "Chứng thư số của {owner} không còn hiệu lực vào lúc ký. Liên hệ quản trị để được cấp lại."


class PlaceMissing(DomainError):
    """The file has no prepared place of that name."""

    status = 409
    sentence = "Tệp này không có chỗ chuẩn bị sẵn để {purpose}. Lập lại tệp trình ký."


class AlreadySigned(DomainError):
    """The place is signed already; nothing is done twice."""

    status = 409
    sentence = "Tệp này đã được {purpose} rồi."


class NumberUnfit(DomainError):
    """The number cannot be drawn in its place: empty, or more than six characters."""

    status = 422
    sentence = "Số văn bản “{number}” không điền được vào chỗ đã chuẩn bị."


class LeaderSignatureBroken(DomainError):
    """The leader's signature does not validate before or after number and seal; the file stays as it was."""

    status = 409
    sentence = "Chưa đóng dấu được: chữ ký của lãnh đạo không kiểm tra được ({reason})."
