"""Sample documents of these days, in every stage of their life, so that each account of the demo finds something to do.

Each sample is one transaction (the sealed one two) and is known by its subject or file: a start that was killed makes
the rest, a later start makes nothing, however far people have moved the samples on.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable

import sqlalchemy as sa

from demo import letters
from demo.letters import Letter
from demo.office import Office, read_text
from directory.models import Organization
from documents.models import Document, DocumentFile
from kernel import clock, db, jobs
from kernel.errors import DomainError

log = logging.getLogger(__name__)

Sample = Callable[[Office, str], None]
Direction = tuple[str, list[str]]  # what the leader says, who supports

DECISION = (
    "Ban hành Quy chế quản lý và sử dụng phần mềm văn bản, điều hành trong các cơ quan, đơn vị thuộc huyện Mộc Châu"
)
PROPOSAL = Letter(
    number=41,
    symbol="TTr-VP",
    kind="TTr",
    kind_name="TỜ TRÌNH",
    organ="Văn phòng HĐND và UBND huyện Mộc Châu",
    parent="ỦY BAN NHÂN DÂN\nHUYỆN MỘC CHÂU",
    header="VĂN PHÒNG HĐND VÀ UBND",
    subject="Đề nghị ban hành Quy chế quản lý và sử dụng phần mềm văn bản, điều hành",
    body=read_text("to-trinh"),
    position="Chánh Văn phòng",
    signer="Nguyễn Đức Hùng",
    urgency=1,
)


def load_samples(organization: Organization, database_url: str) -> None:
    """Makes the samples that are not there yet. One that people made impossible is left out: the start goes on."""
    for subject, sample in SAMPLES.items():
        try:
            with db.unit_of_work():
                if not _is_there(organization.id, subject):
                    sample(Office(organization), subject)
        except DomainError as refusal:
            log.warning("sample left out: %s (%s)", subject, refusal.sentence)
    _issue_sealed(organization, database_url)


def _is_there(organization_id: uuid.UUID, mark: str) -> bool:
    """`mark`: a subject, or the name of a file that nobody has registered yet."""
    named = sa.select(DocumentFile.id).where(DocumentFile.document_id == Document.id, DocumentFile.name == mark)
    query = sa.select(Document.id).where(
        Document.organization_id == organization_id, sa.or_(Document.subject == mark, named.exists())
    )
    return db.session().scalars(query.limit(1)).first() is not None


# -------------------------------------------------------------------------------- the story of the regulation
def decide(office: Office, subject: str) -> None:
    """From the proposal to a signed and numbered decision; the seal is the job's."""
    arrival = register(office, PROPOSAL, 9)
    propose(office, arrival, 9, "P-VHTT", "Kính trình Chủ tịch giao Phòng Văn hóa - Thông tin chủ trì.")
    direct(office, arrival, 8, "P-VHTT", due=office.day(-3), to=("Soạn Quyết định, hỏi Phòng Tư pháp.", ["P-TP"]))
    assign(office, arrival, 8, "tp-vhtt", "cv-vhtt")
    office.do(office.moment(7, 9), "tp-tp", arrival, "Task_support", opinion="Đã rà soát căn cứ, đề nghị giữ Điều 7.")
    office.do(office.moment(7, 10), "cv-vhtt", arrival, "Task_solve", outcome="reply", result="Soạn Quyết định.")
    decision = reply_of(arrival)
    office.submit(office.moment(6, 9), "cv-vhtt", decision, regulation_draft(office, subject))
    approve(office, decision, 5, "tp-vhtt")
    office.sign(office.moment(4, 8, 30), "chu-tich", decision)
    office.do(office.moment(4, 9), "van-thu", decision, "Task_number", issued_date=office.day(4))


def _issue_sealed(organization: Organization, database_url: str) -> None:
    """The waiting seal is put on, then the decision is issued and filed."""
    with db.reading():
        office = Office(organization)
    with clock.set_to(office.moment(4, 9, 5)):
        jobs.run_waiting(database_url)
    with db.unit_of_work():
        query = sa.select(Document).where(Document.subject == DECISION, Document.state == "SEALED")
        decision = db.session().scalars(query).one_or_none()
        if decision is None:
            return
        office.do(office.moment(4, 10), "van-thu", decision.id, "Task_issue", recipients_confirmed=True, copies=80)
        title = "Quản lý và sử dụng phần mềm văn bản, điều hành"
        office.do(office.moment(3, 9), "cv-vhtt", decision.id, "Task_file", case_file="new", file_title=title)


def regulation_draft(office: Office, subject: str) -> dict[str, object]:
    day = office.day(9)
    named = (
        f"41/TTr-VP ngày {day:%d} tháng {day.month:02d} năm {day.year}"
        if day.month < 3
        else (f"41/TTr-VP ngày {day:%d} tháng {day.month} năm {day.year}")
    )
    return {
        **draft(subject, recipients=read_text("noi-nhan")),
        "normative": True,
        "legal_bases": read_text("can-cu").format(proposal=named),
        "body": read_text("quyet-dinh"),
        "enclosed_kind": "QC",
        "enclosed_title": "Quản lý và sử dụng phần mềm văn bản, điều hành",
        "enclosed_body": read_text("quy-che"),
        "copies": 80,
        "archive_note": "VT, Hùng",
    }


# -------------------------------------------------------------------------------- outgoing samples
EVERYBODY = "Như trên\nCác cơ quan, đơn vị thuộc huyện"


def wait_for_signature(office: Office, subject: str) -> None:
    document = office.start_draft(office.moment(2, 8), "cv-vhtt", draft(subject))
    office.submit(office.moment(2, 9), "cv-vhtt", document.id, draft(subject))
    approve(office, document.id, 1, "tp-vhtt")


def wait_for_number(office: Office, subject: str) -> None:
    document = office.start_draft(office.moment(3, 8), "cv-tp", draft(subject, kind="TB"))
    office.submit(office.moment(3, 9), "cv-tp", document.id, draft(subject, kind="TB"))
    approve(office, document.id, 1, "tp-tp")
    office.sign(office.moment(0, 8, 10), "chu-tich", document.id)


def wait_for_layout(office: Office, subject: str) -> None:
    document = office.start_draft(office.moment(2, 14), "cv-tp", draft(subject, kind="KH"))
    office.submit(office.moment(1, 9), "cv-tp", document.id, draft(subject, kind="KH"))
    values = {"outcome": "approve", "opinion": "Đồng ý nội dung."}
    office.do(office.moment(1, 15), "tp-tp", document.id, "Task_approve_content", **values)


def come_back(office: Office, subject: str) -> None:
    document = office.start_draft(office.moment(3, 8), "cv-vhtt", draft(subject, kind="BC"))
    office.submit(office.moment(2, 15), "cv-vhtt", document.id, draft(subject, kind="BC"))
    values = {"outcome": "return", "opinion": "Bổ sung số liệu hai xã vùng cao, nêu rõ nguyên nhân."}
    office.do(office.moment(1, 10), "tp-vhtt", document.id, "Task_approve_content", **values)


def be_drafted(office: Office, subject: str) -> None:
    office.start_draft(office.moment(1, 14), "cv-vhtt", draft(subject, kind="CV"))


def draft(
    subject: str, *, kind: str = "QĐ", recipients: str = "Như trên\nCác cơ quan, đơn vị thuộc huyện"
) -> dict[str, object]:
    return {
        "kind": kind,
        "subject": subject,
        "legal_bases": "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015" if kind == "QĐ" else "",
        "body": BODIES[kind],
        "recipients": recipients,
        "signer": "chu-tich",
        "archive_note": "VT",
    }


BODIES = {
    "QĐ": (
        "Điều 1. Thành lập Tổ công nghệ số cộng đồng huyện để phổ biến kỹ năng số tới người dân.\n"
        "Điều 2. Tổ làm việc kiêm nhiệm, do Trưởng phòng Văn hóa - Thông tin làm Tổ trưởng.\n"
        "Điều 3. Chánh Văn phòng, Trưởng phòng Văn hóa - Thông tin thi hành Quyết định này./."
    ),
    "TB": "1. Lịch tiếp công dân tháng tới giữ như tháng này.\n2. Địa điểm: Trụ sở tiếp công dân huyện./.",
    "KH": (
        "1. Mục đích\nĐưa pháp luật đến người dân các xã vùng cao bằng cách dễ hiểu, dễ nhớ.\n"
        "2. Việc phải làm\na) Biên soạn tờ gấp bằng tiếng Việt và tiếng dân tộc;\nb) Tổ chức 12 buổi tuyên truyền./."
    ),
    "BC": (
        "1. Kết quả\nĐã số hóa 1.240 hồ sơ, đạt 62% kế hoạch.\n"
        "2. Khó khăn\nMáy quét tại bốn xã đã cũ.\n3. Đề nghị\nBổ sung kinh phí mua máy quét./."
    ),
    "CV": "Phòng Văn hóa - Thông tin đã nhận được đề nghị của quý cơ quan và xin trả lời như sau:",
}


# -------------------------------------------------------------------------------- incoming samples
def wait_at_desk(office: Office, file_name: str) -> None:
    """Arrived, not registered."""
    receive(office, next(letter for letter in letters.UNREGISTERED if letter.file_name == file_name), 0)


def receive(office: Office, letter: Letter, ago: int) -> Document:
    at = office.moment(ago, 8)
    return office.receive(at, letter.file_name, letter.printed(office.day(ago + 1)))


def register(office: Office, letter: Letter, ago: int) -> uuid.UUID:
    document = receive(office, letter, ago)
    values = letter.registered(office.day(ago + 1))
    office.do(
        office.moment(ago, 8, 20), "van-thu", document.id, "Task_register", registration=values, outcome="register"
    )
    return document.id


def propose(office: Office, document: uuid.UUID, ago: int, unit: str, words: str) -> None:
    values = {"proposed_lead_unit": unit, "proposal": words}
    office.do(office.moment(ago, 9, 30), "chanh-van-phong", document, "Task_present", **values)


def direct(office: Office, document: uuid.UUID, ago: int, lead: str, *, due: dt.date, to: Direction) -> None:
    words, support = to
    values = {"lead_unit": lead, "support_units": support, "inform_units": ["VP"], "due_date": due, "opinion": words}
    office.do(office.moment(ago, 10), "chu-tich", document, "Task_direct", **values)


def assign(office: Office, document: uuid.UUID, ago: int, head: str, person: str) -> None:
    office.do(office.moment(ago, 14), head, document, "Task_assign", lead_person=person, opinion="")


def approve(office: Office, document: uuid.UUID, ago: int, head: str) -> None:
    """The unit's head for the content, the office's chief for the layout."""
    values = {"outcome": "approve", "opinion": "Đồng ý."}
    office.do(office.moment(ago, 9), head, document, "Task_approve_content", **values)
    office.do(office.moment(ago, 14), "chanh-van-phong", document, "Task_check_layout", **values)


def wait_for_proposal(office: Office, subject: str) -> None:
    register(office, letters.TRAINING_LETTER, 0)


def wait_for_direction(office: Office, subject: str) -> None:
    document = register(office, letters.STORM_LETTER, 0)
    propose(office, document, 0, "VP", "Đề nghị Chủ tịch chỉ đạo ngay, giao Văn phòng ra văn bản.")


def be_late(office: Office, subject: str) -> None:
    document = register(office, letters.ACCOUNTS_LETTER, 6)
    propose(office, document, 6, "P-VHTT", "Giao Phòng Văn hóa - Thông tin trả lời.")
    direct(office, document, 5, "P-VHTT", due=office.day(2), to=("Cấp tài khoản, báo cáo kết quả.", []))
    assign(office, document, 5, "tp-vhtt", "cv-vhtt")


def be_due_today(office: Office, subject: str) -> None:
    document = register(office, letters.OPINION_LETTER, 4)
    propose(office, document, 4, "P-TP", "Giao Phòng Tư pháp chủ trì góp ý.")
    direct(office, document, 3, "P-TP", due=office.day(0), to=("Góp ý về căn cứ pháp lý và kinh phí.", ["P-VHTT"]))
    assign(office, document, 3, "tp-tp", "cv-tp")


def be_due_soon(office: Office, subject: str) -> None:
    document = register(office, letters.CERTIFICATE_LETTER, 3)
    propose(office, document, 3, "P-VHTT", "Giao Phòng Văn hóa - Thông tin lập danh sách.")
    direct(office, document, 2, "P-VHTT", due=office.day(-2), to=("Lập danh sách đầy đủ.", ["P-TP"]))
    assign(office, document, 2, "tp-vhtt", "cv-vhtt")


def be_settled(office: Office, subject: str) -> None:
    document = register(office, letters.LIGHTS_LETTER, 5)
    propose(office, document, 5, "P-VHTT", "Để theo dõi.")
    direct(office, document, 4, "P-VHTT", due=office.day(-1), to=("Theo dõi tiến độ.", []))
    assign(office, document, 4, "tp-vhtt", "cv-vhtt")
    office.do(office.moment(3, 9), "cv-vhtt", document, "Task_solve", outcome="no_reply", result="Đã cập nhật tiến độ.")
    title = "Chiếu sáng công cộng"
    office.do(office.moment(3, 10), "cv-vhtt", document, "Task_file", case_file="new", file_title=title)


def reply_of(arrival: uuid.UUID) -> uuid.UUID:
    """The draft that was opened inside the arrival's process."""
    instance = sa.select(Document.instance_id).where(Document.id == arrival).scalar_subquery()
    query = sa.select(Document.id).where(Document.instance_id == instance, Document.id != arrival)
    return db.session().scalars(query).one()


SAMPLES: dict[str, Sample] = {
    DECISION: decide,
    letters.ACCOUNTS_LETTER.subject: be_late,
    letters.LIGHTS_LETTER.subject: be_settled,
    letters.OPINION_LETTER.subject: be_due_today,
    letters.CERTIFICATE_LETTER.subject: be_due_soon,
    "Tổng hợp kết quả số hóa hồ sơ quý III": come_back,
    "Lịch tiếp công dân tháng tới": wait_for_number,
    "Thành lập Tổ công nghệ số cộng đồng huyện Mộc Châu": wait_for_signature,
    "Phổ biến, giáo dục pháp luật tại các xã vùng cao": wait_for_layout,
    "Trả lời đề nghị cấp thiết bị cho nhà văn hóa bản": be_drafted,
    letters.STORM_LETTER.subject: wait_for_direction,
    letters.TRAINING_LETTER.subject: wait_for_proposal,
    **{letter.file_name: wait_at_desk for letter in letters.UNREGISTERED},
}
