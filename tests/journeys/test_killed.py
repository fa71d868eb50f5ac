"""kill -9 at every step of the journey: after a restart it goes on, nothing is lost, nothing is there twice.

The story of decision 09/2016, told in browsers without JavaScript. Every step is sent once; the product is killed at a
moment told by a fixed list; somebody starts it again; the person looks whether the step is there and repeats it if not.
"""

import contextlib
import dataclasses
import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from demo.accounts import PIN
from directory.queries import list_organizations
from documents.official_pdf import compose
from kernel import audit, db
from kernel.postgres import Server
from signing.keys import KeyStore
from signing.validate import validate
from tests.held import Held
from tests.journeys.story import SUBJECT, at, own_wording, proposal
from tests.person import Form, Person, Unreachable, Upload, tidy
from tests.product import Product, served, until

DONE = "đã hoàn thành lúc"  #: on the page of a task that is done


@dataclasses.dataclass(frozen=True)
class Kill:
    """When the product is killed: `after` seconds from the moment the step was sent, or at a moment that is held.

    `holding`: a table the step (or the job behind it) writes; its writers are held, so that the product dies in the
    middle of the transaction. `database`: the database server dies with it, as when the power goes.
    """

    after: float | None = None
    holding: str = ""
    database: bool = False
    keeps: bool | None = None  #: whether the step is there after the restart; None: either is right


BEFORE = Kill(after=-1.0, keeps=False)
ANSWERED = Kill(keeps=True)
IN_THE_MIDDLE = Kill(holding="audit_entries", keeps=False)
POWER_CUT_IN_THE_MIDDLE = Kill(holding="audit_entries", database=True, keeps=False)
POWER_CUT_ANSWERED = Kill(database=True, keeps=True)
WHILE_SEALING = Kill(holding="document_signatures", keeps=True)  # the verdicts on the seal are the last the job writes


def soon(seconds: float) -> Kill:
    return Kill(after=seconds)


class Journey:
    """The product of April 2016, its people, and how often it was killed."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.people: dict[str, Person] = {}
        self.kills = 0

    @property
    def database(self) -> str:
        """The address of the product's own database server."""
        return Server(self.product.data / "pg").url

    def person(self, username: str) -> Person:
        return self.people.setdefault(username, Person(self.product, username))

    def task(self, who: str, step: str, when: dt.datetime, kill: Kill, **told: Any) -> None:
        """The person is offered this step and sends its form; names with "__" stand for those with a dot."""
        self.product.set_clock(when)
        person = self.person(who)
        path = until(lambda: person.find_task(step)) or ""
        button = told.pop("button", None)
        values = {name.replace("__", "."): value for name, value in told.items()}
        person.open(path)
        self.step(
            f"{who}: {step}",
            kill,
            act=lambda: person.fill("/complete", values, button=button),
            again=lambda: person.open(path),
            is_done=lambda: DONE in person.open(path).text,
        )

    def step(
        self,
        name: str,
        kill: Kill,
        *,
        act: Callable[[], object],
        again: Callable[[], object],
        is_done: Callable[[], bool],
    ) -> None:
        """Sent once and killed; if it is not there after the restart, done again from a fresh page."""
        self._interrupted(act, kill)
        kept = is_done()
        assert kill.keeps in {None, kept}, f"{name} was {'kept' if kept else 'lost'}"
        if not kept:
            again()
            act()
        assert is_done(), name

    def _interrupted(self, act: Callable[[], object], kill: Kill) -> None:
        sending = threading.Thread(target=self._send, args=(act,))
        if kill.holding:
            with Held(self.database, kill.holding) as is_held:
                sending.start()
                until(is_held)
                self._kill(kill)
        elif kill.after is None:
            self._send(act)
            self._kill(kill)
        else:
            if kill.after >= 0:
                sending.start()
                sending.join(kill.after)
            self._kill(kill)
        if sending.ident is not None:
            sending.join()
        self.product.start()

    def _send(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(Unreachable):  # the person sees the browser's own page
            act()

    def _kill(self, kill: Kill) -> None:
        self.kills += 1
        self.product.kill()
        if kill.database:
            told = (self.product.data / "pg" / "data" / "postmaster.pid").read_text(encoding="ascii")
            os.kill(int(told.split()[0]), signal.SIGKILL)


@pytest.fixture
def journey() -> Iterator[Journey]:
    with served(at(26, 4, 8)) as product:
        yield Journey(product)


def test_the_journey_goes_on_after_kill_9_at_every_step(journey: Journey) -> None:
    for part in (open_the_book, register, direct, draft_and_approve, sign_and_number, issue_and_file):
        try:
            part(journey)
        except AssertionError as failure:
            failure.add_note(journey.product.log()[-5000:])
            raise

    assert journey.kills == 19
    assert_the_books_hold_one_line_each(journey)
    assert_the_decision_has_two_valid_signatures(journey)
    assert_one_case_file_holds_both(journey)
    assert_nothing_waits_and_nothing_happened_twice(journey)


# ------------------------------------------------------------------------------------------------------------ the story
def open_the_book(journey: Journey) -> None:
    """26/4: eight normative decisions were numbered on paper this year."""
    clerk = journey.person("van-thu")
    clerk.open("/registers")
    journey.step(
        "open the book",
        IN_THE_MIDDLE,
        act=lambda: clerk.submit("kind_group", kind_group="Quyết định quy phạm pháp luật"),
        again=lambda: clerk.open("/registers"),
        is_done=lambda: "Sổ đăng ký quyết định quy phạm pháp luật" in clerk.open("/registers").text,
    )
    journey.step(
        "set its start",
        soon(0.02),
        act=lambda: clerk.submit("number", number="8", reason="Số đã cấp trên sổ giấy đầu năm 2016"),
        again=lambda: clerk.open("/registers"),
        is_done=lambda: "Số cuối cùng đã cấp: 8" in clerk.open("/registers").text,
    )


def register(journey: Journey) -> None:
    """27/4: the proposal comes in and is registered."""
    journey.product.set_clock(at(27, 4, 8, 30))
    clerk = journey.person("van-thu")
    file = Upload("41-TTr-VP.pdf", compose(proposal()).pdf)
    clerk.open("/incoming/receive")
    journey.step(
        "receive",
        IN_THE_MIDDLE,
        act=lambda: clerk.submit("files", files=file, channel="direct"),
        again=lambda: clerk.open("/incoming/receive"),
        is_done=lambda: bool(clerk.open("/incoming/receive").find_link("41-TTr-VP.pdf")),
    )
    journey.task(
        "van-thu",
        "Tiếp nhận, đăng ký vào sổ",
        at(27, 4, 8, 45),
        IN_THE_MIDDLE,
        button="Vào sổ",
        registration__number="41",
        registration__symbol="TTr-VP",
        registration__issued_date="27/04/2016",
        registration__kind="TTr",
        registration__organ_name="Văn phòng HĐND và UBND huyện Mộc Châu",
        registration__subject="Đề nghị ban hành Quy chế quản lý, sử dụng phần mềm quản lý văn bản và điều hành",
        registration__urgency="1",
        registration__signer_name="Nguyễn Đức Hùng",
        registration__signer_position="Chánh Văn phòng",
        registration__article7_declared=True,
    )


def direct(journey: Journey) -> None:
    """27 and 28/4: proposed, directed, given to a person, supported by another unit."""
    journey.task(
        "chanh-van-phong",
        "Trình, đề xuất phân phối",
        at(27, 4, 10),
        soon(0.0),
        proposed_lead_unit="P-VHTT",
        proposal="Kính trình Chủ tịch giao Phòng Văn hóa - Thông tin chủ trì.",
    )
    journey.task(
        "chu-tich",
        "Cho ý kiến chỉ đạo giải quyết",
        at(28, 4, 8),
        POWER_CUT_IN_THE_MIDDLE,
        lead_unit="P-VHTT",
        support_units=["P-TP"],
        inform_units=["VP"],
        due_date="05/05/2016",
        opinion="Phòng Văn hóa - Thông tin chủ trì soạn Quyết định, trình trước ngày 05/5.",
    )
    journey.task(
        "tp-vhtt",
        "Phân công giải quyết",
        at(28, 4, 9),
        BEFORE,
        lead_person="cv-vhtt",
        opinion="Đồng chí Hà soạn.",
    )
    journey.task(
        "tp-tp",
        "Cho ý kiến phối hợp",
        at(28, 4, 15),
        ANSWERED,
        opinion="Đã góp ý về căn cứ pháp lý.",
    )


def draft_and_approve(journey: Journey) -> None:
    """29/4 to 4/5: drafted, returned once, mended, approved, its layout checked."""
    words = own_wording()
    values = {
        "kind": "QĐ",
        "normative": True,
        "subject": SUBJECT,
        "legal_bases": words.legal_bases,
        "body": words.body,
        "enclosed_title": "Quy chế quản lý, vận hành và sử dụng phần mềm",
        "enclosed_body": words.enclosed_body,
        "recipients": words.recipients,
        "signer": "chu-tich",
        "archive_note": "VT, Hùng",
    }
    solved = {"outcome": "reply", "result": "Soạn Quyết định ban hành Quy chế."}
    journey.task("cv-vhtt", "Giải quyết văn bản", at(29, 4, 8), IN_THE_MIDDLE, **solved)
    journey.task("cv-vhtt", "Soạn dự thảo", at(29, 4, 10), soon(0.05), **values, copies="8")
    returned = {"outcome": "return", "opinion": "Sửa số bản: 80."}
    journey.task("tp-vhtt", "Duyệt nội dung", at(29, 4, 14), soon(0.01), **returned)
    journey.task("cv-vhtt", "Soạn dự thảo", at(4, 5, 8), IN_THE_MIDDLE, copies="80")
    approved = {"outcome": "approve", "opinion": "Đồng ý nội dung."}
    journey.task("tp-vhtt", "Duyệt nội dung", at(4, 5, 9), soon(0.1), **approved)
    approved = {"outcome": "approve", "opinion": "Đúng thể thức."}
    journey.task("chanh-van-phong", "Kiểm tra thể thức", at(4, 5, 15), soon(0.2), **approved)


def sign_and_number(journey: Journey) -> None:
    """5/5: signed; the number is given; the worker dies while it seals, and the next one goes on."""
    journey.task("chu-tich", "Ký ban hành", at(5, 5, 8), IN_THE_MIDDLE, button="Ký số", pin=PIN)
    journey.task("van-thu", "Cấp số, ngày ban hành", at(5, 5, 9), WHILE_SEALING, issued_date="05/05/2016")


def issue_and_file(journey: Journey) -> None:
    """5/5: sent out; decision and proposal go into one case file."""
    sent = {"recipients_confirmed": True, "copies": "80"}
    journey.task("van-thu", "Phát hành", at(5, 5, 10), POWER_CUT_ANSWERED, **sent)
    title = "Ban hành Quy chế quản lý, sử dụng phần mềm"
    journey.task("cv-vhtt", "Lập hồ sơ công việc", at(5, 5, 14), IN_THE_MIDDLE, file_title=title)
    chosen = case_file_choice(journey, title)
    journey.task("cv-vhtt", "Lập hồ sơ công việc", at(5, 5, 15), soon(0.03), case_file=chosen)


def case_file_choice(journey: Journey, title: str) -> str:
    """What the list of open case files offers."""
    drafter = journey.person("cv-vhtt")
    drafter.open(until(lambda: drafter.find_task("Lập hồ sơ công việc")) or "")
    form: Form = drafter.page.form("case_file")
    options = [tidy(o.text_content()) for o in form.element.xpath(".//select[@name='case_file']/option")]
    (chosen,) = [option for option in options if title in option]
    return chosen


# ------------------------------------------------------------------------------------------------------ what must hold
def assert_the_books_hold_one_line_each(journey: Journey) -> None:
    clerk = journey.person("van-thu")
    arrivals = clerk.open("/registers").tree.xpath("//table//tbody/tr")
    assert [tidy(row.xpath("./th")[0].text_content()) for row in arrivals] == ["1"]
    assert "41/TTr-VP" in tidy(arrivals[0].text_content())

    decisions = clerk.follow("Quyết định quy phạm pháp luật").tree.xpath("//table//tbody/tr")
    assert [tidy(row.xpath("./th")[0].text_content()) for row in decisions] == ["09/2016/QĐ-UBND"]
    assert "Không có số trống, không có số trùng." in clerk.page.text


def assert_the_decision_has_two_valid_signatures(journey: Journey) -> None:
    clerk = journey.person("van-thu")
    clerk.follow("09/2016/QĐ-UBND")
    pdf = clerk.open(clerk.page.link("Tải tệp xuống")).content
    report = validate(pdf, trust=KeyStore(journey.product.data / "ca").trust(), at=at(6, 5, 8))
    assert [signature.verdict for signature in report.signatures] == ["VALID", "VALID"]


def assert_one_case_file_holds_both(journey: Journey) -> None:
    drafter = journey.person("cv-vhtt")
    (case_file,) = [link for link in drafter.open("/case-files").links("/case-files/") if not link.endswith("/new")]
    rows = drafter.open(case_file).tree.xpath("//table//tbody/tr")
    numbers = [number for number in ("09/2016/QĐ-UBND", "41/TTr-VP") for row in rows if number in row.text_content()]
    assert len(rows) == len(numbers) == 2


def assert_nothing_waits_and_nothing_happened_twice(journey: Journey) -> None:
    db.configure(journey.database)
    until(_is_sealed)
    with db.reading() as session:
        (organization,) = list_organizations()
        assert audit.verify_chain(organization.id).intact
        for query in TWICE_OR_WAITING:
            assert session.execute(sa.text(query)).all() == [], query
        counts = {row[0]: row[1] for row in session.execute(sa.text(COUNTS))}
    assert counts == {"documents": 2, "completed instances": 1, "case files": 1, "issued files": 1}
    for username in journey.people:
        assert "Hết việc" in journey.person(username).open("/tasks").text, username


def _is_sealed() -> bool:
    audit.seal_pending(everything=True)
    with db.reading():
        (organization,) = list_organizations()
        return audit.verify_chain(organization.id).pending == 0


TWICE_OR_WAITING = (
    "SELECT subject_id FROM audit_entries WHERE tag = 'task:complete' GROUP BY subject_id HAVING count(*) > 1",
    """SELECT tag, subject_id FROM audit_entries WHERE tag IN ('document:register_incoming', 'document:sign',
       'document:assign_number', 'document:seal', 'document:issue') GROUP BY 1, 2 HAVING count(*) > 1""",
    "SELECT element_id, token FROM engine_tasks GROUP BY instance_id, element_id, token HAVING count(*) > 1",
    "SELECT element_id FROM engine_tasks WHERE state = 'ready'",
    "SELECT topic FROM engine_external_tasks WHERE state <> 'completed'",
    "SELECT task_name, status FROM procrastinate_jobs WHERE status = 'failed'",
)
COUNTS = """
    SELECT 'documents', count(*) FROM documents
    UNION ALL SELECT 'completed instances', count(*) FROM engine_instances WHERE state = 'completed'
    UNION ALL SELECT 'case files', count(*) FROM case_files
    UNION ALL SELECT 'issued files', count(*) FROM document_files WHERE role = 'issued_pdf'
"""
