"""Who is signed in. The cookie holds a random token, the database its hash (directory.models.UserSession)."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory import presence
from directory.actors import Actor
from directory.presence import Presence
from kernel.errors import DomainError

COOKIE = "moc_session"

#: The endpoints that anybody may reach; everything else asks who is there.
PUBLIC = frozenset({"static", "health.live", "health.ready", "sign_in.show", "sign_in.sign_in", "live.stream"})

#: What a person who must first choose a new password may still do.
BEFORE_PASSWORD = frozenset({"account.show_password", "account.change_password", "sign_in.sign_out"})


class NotSignedIn(DomainError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    sentence = "Phiên làm việc đã hết. Đăng nhập lại để tiếp tục."


def init_app(app: Flask) -> None:
    app.jinja_env.globals["signed_in"] = signed_in


def stop_at_the_door() -> ResponseReturnValue | None:
    """Before every view: raises NotSignedIn, or sends on a person whose password has to be changed."""
    if request.endpoint in PUBLIC:
        return None
    if current().must_change_password and request.endpoint not in BEFORE_PASSWORD:
        return redirect(url_for("account.show_password"))
    return None


def current_actor() -> Actor:
    """Who acts, read once a request. Raises NotSignedIn."""
    return current().actor


def current() -> Presence:
    """Raises NotSignedIn."""
    found = signed_in()
    if found is None:
        raise NotSignedIn
    return found


def signed_in() -> Presence | None:
    """Who is there, or None; reads the database the first time it is asked in a request."""
    if "signed_in" not in g:
        g.signed_in = presence.find(token())
    found: Presence | None = g.signed_in
    return found


def token() -> str:
    """The session token of the cookie, or an empty string."""
    return request.cookies.get(COOKIE, "")


def set_cookie(response: Response, value: str, *, seconds: int) -> None:
    response.set_cookie(COOKIE, value, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure)


def clear_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def safe_path(wanted: str | None) -> str:
    """`wanted` when it is an address of this site, else the first screen."""
    parts = urlsplit(wanted or "")
    local = bool(wanted) and not parts.scheme and not parts.netloc
    if local and parts.path.startswith("/") and not parts.path.startswith(("//", "/\\")) and "\\" not in str(wanted):
        return str(wanted)
    return "/"
