"""What every answer carries: the content security policy, no guessing, no framing; and the token of every form."""

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'"
)
EDITOR = "; style-src-attr 'unsafe-inline'"  #: bpmn-js writes style attributes; the editors' pages alone allow them

FILE_LIMIT = 25 * 1024 * 1024  #: bytes, Điều 3 khoản 3 of the regulation; checked file by file at intake
FILES_AT_ONCE = 20
REQUEST_LIMIT = FILES_AT_ONCE * FILE_LIMIT + 5 * 1024 * 1024  #: bytes; refused before it is read
FORM_LIMIT = 4 * 1024 * 1024  #: bytes of all fields that are not files

csrf = CSRFProtect()


class _PageCookies(SecureCookieSessionInterface):
    """The cookie of the page's token goes only where it came from: over TLS when the page did."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_app(app: Flask) -> None:
    app.session_interface = _PageCookies()
    app.config.update(
        MAX_CONTENT_LENGTH=REQUEST_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser session: a form left open over lunch still counts
    )
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    app.after_request(_add_headers)


def allow_style_attributes() -> None:
    """For the pages of the diagram, form and decision editors."""
    g.style_attributes = True


def _refuse_nul() -> None:
    """PostgreSQL's text holds no NUL, and no keyboard sends one: whoever does gets 400, not a failure of ours."""
    told = [request.path, *request.args.values(), *(value for _, value in request.form.items(multi=True))]
    if any("\0" in text for text in told):
        raise BadRequest


def _add_headers(response: Response) -> Response:
    policy = POLICY + EDITOR if g.get("style_attributes") else POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
