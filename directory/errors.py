"""What directory refuses, each with what to do now."""

from kernel.errors import DomainError, Invalid, NotFound


class SignInRefused(DomainError):
    """Wrong user name or password; the same sentence for both, so that neither can be probed."""

    status = 401
    sentence = "Tên đăng nhập hoặc mật khẩu chưa đúng. Gõ lại, chú ý chữ hoa và bộ gõ tiếng Việt."


class LockedOut(SignInRefused):
    """Too many wrong passwords in a row."""

    status = 429
    sentence = "Đăng nhập sai nhiều lần. Thử lại sau {until}, hoặc nhờ quản trị đặt lại mật khẩu."


class TooManyAtOnce(SignInRefused):
    """More passwords wait to be checked than this machine should check at a time."""

    status = 429
    sentence = "Nhiều người đang đăng nhập cùng lúc. Thử lại sau ít giây."


class PersonNotFound(NotFound):
    """No such person."""

    sentence = "Không có người dùng này."


class AppointmentNotHeld(NotFound):
    """The person does not hold this office today."""

    sentence = "Bạn không còn giữ chức vụ này. Chọn chức vụ khác."


class WeakPassword(Invalid):
    """A new password that cannot be taken."""
