"""Refusals and failures as pages: what happened, which rule, what to do now. JSON for those who ask for JSON."""

import dataclasses
import logging
import secrets
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from kernel import db
from kernel.errors import Conflict, DomainError, Invalid
from webapp.auth import NotSignedIn
from webapp.redraw import Redraw

log = logging.getLogger(__name__)

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read wrong over the telephone
SECRET_FIELDS = frozenset({"csrf_token", "password", "old", "new", "repeated", "pin", "next", "resume"})
RETRY_AFTER = 5  #: seconds until a page of a resting database asks again

LOST = (psycopg.OperationalError, psycopg.InterfaceError)  #: whatever stood around it, the database was gone

#: PostgreSQL undid one of two that waited for one another: nothing is lost, the other one went on
CROSSED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)

TITLES = {
    400: ("arrow-counterclockwise", "Trang này cần tải lại"),
    401: ("lock", "Cần đăng nhập lại"),
    403: ("lock", "Việc này không thuộc quyền của bạn"),
    404: ("search", "Không thấy trang này"),
    405: ("slash-circle", "Không mở được bằng cách này"),
    409: ("people", "Việc này vừa thay đổi"),
    413: ("cloud-arrow-up", "Tệp gửi lên quá lớn"),
    422: ("exclamation-triangle", "Có ô chưa đúng"),
    429: ("hourglass-split", "Thử lại sau ít phút"),
    500: ("tools", "Trang này chưa mở được"),
    503: ("database-exclamation", "Hệ thống đang nối lại"),
}

SENTENCES = {
    400: "Trang mở đã lâu hoặc mở ở nơi khác nên hệ thống không nhận. Quay lại, tải lại trang rồi gửi lại.",
    404: "Đường dẫn có thể bị thiếu ký tự, hoặc mục này đã được thu hồi.",
    405: "Địa chỉ này chỉ dùng khi gửi biểu mẫu. Mở lại từ danh sách.",
    413: "Mỗi tệp không quá 25 MB (Điều 3 khoản 3 Quy chế). Giảm dung lượng hoặc gửi làm nhiều lần.",
    500: "Việc vừa làm chưa được ghi. Thử lại; nếu vẫn vậy, báo quản trị kèm mã tra cứu dưới đây.",
    503: "Cơ sở dữ liệu chưa trả lời. Trang tự thử lại, không cần làm gì.",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failure:
    """What an error page tells."""

    status: int
    sentence: str
    reference: str
    fields: dict[str, str]

    @property
    def icon(self) -> str:
        return TITLES.get(self.status, TITLES[500])[0]

    @property
    def title(self) -> str:
        return TITLES.get(self.status, TITLES[500])[1]


def init_app(app: Flask) -> None:
    app.register_error_handler(NotSignedIn, _ask_to_sign_in)
    app.register_error_handler(DomainError, _refuse)
    app.register_error_handler(Redraw, _draw_again)
    app.register_error_handler(CSRFError, _refuse_token)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(sa.exc.DBAPIError, _answer_database)
    for lost in (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
        app.register_error_handler(lost, _wait_for_database)
    app.register_error_handler(Exception, _fail)


def wants_json() -> bool:
    """Asked by a program or by fetch, not by a person's browser."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.is_json or best == "application/json"


def typed_values() -> list[tuple[str, str]]:
    """What the person typed in the form that was refused, without secrets and files."""
    try:
        items = list(request.form.items(multi=True))
    except (RequestEntityTooLarge, OSError):
        return []
    return [(name, value) for name, value in items if name not in SECRET_FIELDS]


def _ask_to_sign_in(error: NotSignedIn) -> ResponseReturnValue:
    if wants_json():
        return _json(_failure(error.status, error.sentence))
    if request.method in {"GET", "HEAD"}:
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.show", next=None if wanted == "/" else wanted))
    page = render_template("sign_in/again.html", resume=request.full_path.rstrip("?"), kept=typed_values(), username="")
    return page, error.status


def _refuse(error: DomainError) -> ResponseReturnValue:
    fields = error.fields if isinstance(error, Invalid) else {}
    return _answer(_failure(error.status, error.sentence, fields))


def _draw_again(again: Redraw) -> ResponseReturnValue:
    if wants_json():
        return _refuse(again.refused)
    try:
        with db.reading():
            return again.draw(again.refused), again.refused.status
    except DomainError as gone:
        return _refuse(gone)
    except sa.exc.SQLAlchemyError:
        return _unavailable()


def _refuse_token(error: CSRFError) -> ResponseReturnValue:
    return _answer(_failure(400, SENTENCES[400]))


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    return _answer(_failure(status, SENTENCES.get(status, SENTENCES[400])))


def _answer_database(error: sa.exc.DBAPIError) -> ResponseReturnValue:
    """Two did the same thing in the same instant: what the checks of both could not see yet, a constraint has."""
    return _refuse(Conflict()) if isinstance(error.orig, psycopg.errors.UniqueViolation) else _fail(error)


def _wait_for_database(error: Exception) -> ResponseReturnValue:
    if isinstance(error, sa.exc.DBAPIError) and isinstance(error.orig, CROSSED):
        return _refuse(Conflict())
    log.warning("the database does not answer: %s", str(error).partition("\n")[0])
    return _unavailable()


def _is_lost(error: BaseException | None) -> bool:
    """Whether it came of a connection that broke: libraries that write in our transaction raise their own errors, and
    what tidies up after it fails in its turn."""
    while error is not None:
        if isinstance(error, LOST):
            return True
        if isinstance(error, sa.exc.DBAPIError) and (error.connection_invalidated or isinstance(error.orig, LOST)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _fail(error: Exception) -> ResponseReturnValue:
    if _is_lost(error):
        return _wait_for_database(error)
    failure = _failure(500, SENTENCES[500])
    log.error("%s %s failed, reference %s", request.method, request.path, failure.reference, exc_info=error)
    return _answer(failure)


def _answer(failure: Failure) -> ResponseReturnValue:
    if wants_json():
        return _json(failure)
    try:
        with db.reading():
            return _page(failure), failure.status
    except sa.exc.SQLAlchemyError:
        return _unavailable()


def _page(failure: Failure) -> str:
    kept = [value for _, value in typed_values() if value.strip()]
    return render_template("errors/page.html", failure=failure, kept=kept)


def _unavailable() -> ResponseReturnValue:
    """Rendered without the database; the browser asks again by itself."""
    failure = _failure(503, SENTENCES[503])
    headers = {"Retry-After": str(RETRY_AFTER)}
    if wants_json():
        return jsonify(_told(failure)), 503, headers
    kept = [value for _, value in typed_values() if value.strip()]
    retries = request.method in {"GET", "HEAD"}
    page = render_template("errors/unavailable.html", failure=failure, seconds=RETRY_AFTER, kept=kept, retries=retries)
    return page, 503, headers


def _json(failure: Failure) -> ResponseReturnValue:
    return jsonify(_told(failure)), failure.status


def _told(failure: Failure) -> dict[str, Any]:
    return {"error": failure.sentence, "fields": failure.fields, "reference": failure.reference}


def _failure(status: int, sentence: str, fields: dict[str, str] | None = None) -> Failure:
    return Failure(status=status, sentence=sentence, reference=_reference(), fields=fields or {})


def _reference() -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{code[:4]}-{code[4:]}"
