"""What documents refuse, each with what to do now."""

from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from signing.errors import WrongPin


class DocumentNotFound(NotFound):
    """No such document, or none this person may see."""

    sentence = "Không tìm thấy văn bản. Có thể đường dẫn đã cũ hoặc văn bản không thuộc quyền xem của bạn."


class NotRecordsClerk(Forbidden):
    """Only the records office receives, registers, numbers, seals and issues (NĐ 30/2020 Điều 4.2b)."""

    sentence = "Việc này chỉ Văn thư cơ quan được làm (Nghị định 30/2020/NĐ-CP, Điều 4 khoản 2)."


class NotLeader(Forbidden):
    """Only the head or a deputy directs (NĐ 30/2020 Điều 23)."""

    sentence = "Chỉ người đứng đầu hoặc cấp phó của cơ quan được cho ý kiến chỉ đạo."


class NotDrafter(Forbidden):
    """Somebody else writes this draft."""

    sentence = "Dự thảo này do {drafter} soạn; chỉ người soạn được sửa."


class NotSigner(Forbidden):
    """The document waits for somebody else's signature."""

    sentence = "Văn bản này trình {signer} ký; chỉ người đó được ký."


class WrongState(Conflict):
    """The document is not where the act belongs."""

    sentence = "Văn bản đang ở bước “{state}”, không làm được việc này. Tải lại trang để xem tình trạng mới."


class IntakeRefused(Invalid):
    """A file that must not be stored (Quy chế, Điều 3)."""


class ProhibitedContent(DomainError):
    """What Điều 7 khoản 1 keeps out of this system. No copy is kept."""

    status = 422
    sentence = (
        "Không nhận: {reason}. Theo Điều 7 khoản 1 Quy chế, loại này không được cập nhật, lưu trữ, xử lý trên phần "
        "mềm; chuyển theo đường văn bản giấy. Hệ thống không giữ bản nào."
    )


class DuplicateDocument(Conflict):
    """Number, symbol and issuer are in the book already (NĐ 30/2020 PL VI, mục 1h)."""

    sentence = (
        "Văn bản số {number_symbol} của {issuer} đã vào sổ với số đến {arrival_number} ngày {arrival_date}. "
        "Nếu vẫn vào sổ, ghi lý do."
    )


class BookLocked(Conflict):
    """The book is closed."""

    sentence = "“{book}” đã khóa. Chọn sổ khác hoặc đề nghị mở lại sổ."


class NotSigned(Conflict):
    """Number and seal come only after the competent signature (NĐ 30/2020 Điều 32.2d)."""

    sentence = (
        "Văn bản chưa có chữ ký số của người có thẩm quyền nên chưa được cấp số, đóng dấu "
        "(Nghị định 30/2020/NĐ-CP, Điều 32 khoản 2 điểm d)."
    )


class NotApproved(Conflict):
    """The version to be signed is not the one that was approved and checked (NĐ 30/2020 Điều 11, 12)."""

    sentence = (
        "Bản đang trình ký chưa được duyệt nội dung và kiểm tra thể thức; bản thảo đã sửa thì phải duyệt lại "
        "(Nghị định 30/2020/NĐ-CP, Điều 11 khoản 2)."
    )


class SealNotReady(Conflict):
    """A document is issued only with the agency's signature."""

    sentence = "Văn bản đã cấp số, đang chờ đóng dấu. Chưa phát hành được."


class ReasonMissing(Invalid):
    """An act that is allowed only with a reason."""


class PinRests(WrongPin):
    """Too many wrong PINs in a short time: the right one is not tried either."""

    status = 429
    sentence = "Nhập sai mã PIN nhiều lần. Thử lại sau {minutes} phút; nếu quên mã PIN, liên hệ quản trị."


class SignatureNotValid(Conflict):
    """The new signature does not validate; nothing of it is kept."""

    sentence = "Chưa ký được: chữ ký vừa tạo không kiểm tra được ({reason})."


class CaseFileNotFound(NotFound):
    """No such case file in this organisation."""

    sentence = "Không tìm thấy hồ sơ công việc."


class NotCreator(Forbidden):
    """A case file is closed by who opened it."""

    sentence = "Chỉ người lập hồ sơ, Văn thư hoặc Văn phòng được kết thúc hồ sơ."
