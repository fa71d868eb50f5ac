"""A person at a browser without JavaScript: opens pages, follows links, fills in forms, as a newcomer would.

Nothing is typed where nothing can be seen, nothing is chosen that is not offered. The address may change between two
requests, because the product was started again; cookies are the host's.
"""

import dataclasses
import http.client
import http.cookiejar
import mimetypes
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

from demo.accounts import PASSWORD

PATIENCE = 60  #: seconds for one answer; generous, for a busy machine
BUTTONS = "submit"
TYPED = frozenset({"text", "search", "password", "hidden", "number", "date", "email", "tel", "url"})


class Unreachable(Exception):
    """Nobody answered, or the answer broke off."""


class Served(Protocol):
    """Where the product answers now: "http://127.0.0.1:8016/"."""

    @property
    def address(self) -> str: ...


@dataclasses.dataclass(frozen=True)
class Upload:
    """A file on the person's machine."""

    name: str
    data: bytes


# ---------------------------------------------------------------------------------------------------------------- pages
class Page:
    """What came back: status, address, content; read as HTML when it is."""

    def __init__(self, status: int, url: str, headers: Mapping[str, str], content: bytes) -> None:
        self.status = status
        self.url = url
        self.headers = headers
        self.content = content
        self.is_html = headers.get("Content-Type", "").startswith("text/html")
        self.tree: Any = html.document_fromstring(content.decode()) if self.is_html and content else None

    @property
    def path(self) -> str:
        """Of the address, with what stands behind "?"."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def text(self) -> str:
        """All words of the page, blanks made single."""
        return tidy(self.tree.text_content()) if self.is_html else self.content.decode(errors="replace")

    def find_link(self, words: str) -> str | None:
        """Where the first link with these words (in it or in its label) leads."""
        for link in self.tree.xpath("//a[@href]"):
            if words in tidy(link.text_content()) or words in link.get("aria-label", ""):
                return str(link.get("href"))
        return None

    def link(self, words: str) -> str:
        found = self.find_link(words)
        assert found is not None, f"no link “{words}” on {self.path} ({self.status}): {self.text[:1500]}"
        return found

    def links(self, prefix: str) -> list[str]:
        """Where all links lead that begin with this path, in the order of the page, each once."""
        return list(dict.fromkeys(map(str, self.tree.xpath("//a[starts-with(@href, $prefix)]/@href", prefix=prefix))))

    def find_form(self, field_or_action: str) -> "Form | None":
        """The form that has this field, or whose address ends like this."""
        for element in self.tree.xpath("//form"):
            form = Form(element)
            if element.get("action", "").endswith(field_or_action) or form.has_field(field_or_action):
                return form
        return None

    def form(self, field_or_action: str) -> "Form":
        found = self.find_form(field_or_action)
        assert found is not None, f"no form “{field_or_action}” on {self.path} ({self.status}): {self.text[:1500]}"
        return found


class Form:
    """A form as it stands on the page, with the controls that belong to it from outside."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.controls = [c for c in self._belonging() if c.get("disabled") is None]

    def has_field(self, name: str) -> bool:
        return any(control.get("name") == name for control in self.controls if not _is_button(control))

    def value_of(self, name: str) -> str:
        """What stands in the field now; of a choice, what is chosen."""
        return next((value for key, value in self.filled({}, None) if key == name and isinstance(value, str)), "")

    def find_button(self, words: str | None) -> Any:
        """The button with these words, by default the first; only what is shown without JavaScript."""
        buttons = [control for control in self.controls if _is_button(control) and not _needs_script(control)]
        for button in buttons:
            if words is None or words in tidy(button.text_content()):
                return button
        raise AssertionError(f"no button “{words}”, only {[tidy(b.text_content()) for b in buttons]}")

    def filled(self, values: Mapping[str, Any], button: Any) -> list[tuple[str, str | Upload]]:
        """The fields in the order of the page, as a browser would send them."""
        unknown = set(values) - {control.get("name") for control in self.controls if not _is_button(control)}
        assert not unknown, f"the form asks nothing like {sorted(unknown)}"
        sent: list[tuple[str, str | Upload]] = []
        for control in self.controls:
            name = control.get("name")
            if _is_button(control):
                sent += [(name, control.get("value", ""))] if name and control is button else []
            elif name:
                sent += [(name, value) for value in _say(control, values.get(name))]
        for name, value in values.items():
            if isinstance(value, str):
                assert any(key == name for key, _ in sent), f"“{value}” is not offered for {name}"
        return sent

    def _belonging(self) -> Iterator[Any]:
        within = set(self.element.xpath(".//input | .//select | .//textarea | .//button"))
        name = self.element.get("id") or "\0"
        for control in self.element.getroottree().xpath("//input | //select | //textarea | //button"):
            if control.get("form") == name or (control in within and control.get("form") is None):
                yield control


def tidy(words: str) -> str:
    return " ".join(words.split())


def _is_button(control: Any) -> bool:
    usual = BUTTONS if control.tag == "button" else "text"
    return bool(control.tag in {"button", "input"} and control.get("type", usual) == BUTTONS)


def _needs_script(control: Any) -> bool:
    hidden = "ancestor-or-self::*[@hidden or contains(concat(' ', @class, ' '), ' mo-script ')]"
    return bool(control.xpath(hidden))


def _say(control: Any, told: Any) -> list[str | Upload]:
    """What one control sends when the person wants `told` (None: leaves it as it is)."""
    if told is not None:
        seen = control.get("type") != "hidden" and not _needs_script(control)
        assert seen, f"{control.get('name')} cannot be seen"
    if control.tag == "select":
        return list(_choose(control, told))
    if control.tag == "textarea":
        return [_type(control, _text_of(control) if told is None else told)]
    kind = control.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return [control.get("value", "on")] if _ticked(control, told) else []
    if kind == "file":
        return list(_attach(told))
    assert control.tag == "button" or kind in TYPED, f"what is a field of type {kind}?"
    return [] if control.tag == "button" else [_type(control, control.get("value", "") if told is None else told)]


def _choose(control: Any, told: Any) -> Iterator[str]:
    options = control.xpath(".//option[not(@disabled)]")
    if told is None:
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
    else:
        chosen = [o for o in options if told in (o.get("value"), tidy(o.text_content()))]
        assert chosen, f"“{told}” is not among {[tidy(o.text_content()) for o in options]}"
    for option in chosen:
        yield option.get("value", tidy(option.text_content()))


def _ticked(control: Any, told: Any) -> bool:
    if told is None:
        return control.get("checked") is not None
    if isinstance(told, bool):
        return told
    wanted: Sequence[str] = [told] if isinstance(told, str) else told
    return control.get("value", "on") in wanted


def _attach(told: Any) -> Iterator[Upload]:
    if told is None:
        yield Upload("", b"")  # as browsers send an empty file field
    else:
        yield from [told] if isinstance(told, Upload) else told


def _type(control: Any, told: str) -> str:
    """No more than there is room for; lines end as browsers send them."""
    room = control.get("maxlength")
    assert room is None or len(told) <= int(room), f"{control.get('name')} has room for {room} characters"
    return "\r\n".join(told.splitlines()) if control.tag == "textarea" else told


def _text_of(control: Any) -> str:
    """HTML leaves out the first line break of a text area."""
    return str(control.text or "").removeprefix("\r\n").removeprefix("\n")


# --------------------------------------------------------------------------------------------------------------- people
class Person:
    """One account in one browser; `page` is what is on the screen."""

    def __init__(self, product: Served, username: str, *, password: str = PASSWORD) -> None:
        self.product = product
        self.username = username
        self.password = password
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        self.page = Page(0, "", {}, b"")

    def sign_in(self) -> Page:
        self.look("/sign-in")
        if self.page.find_form("password"):
            self.submit("password", username=self.username, password=self.password)
        assert self.page.status == 200, self.page.text
        assert self.page.find_form("password") is None, self.page.text
        return self.page

    def open(self, path: str) -> Page:
        """The page at this address; signs in on the way when asked to."""
        if self.look(path).path.startswith("/sign-in"):
            self.sign_in()
            self.look(path)
        return self.page

    def look(self, path: str, *, accept: str = "text/html") -> Page:
        """What is at this address, as it comes; signs in nowhere."""
        return self._ask(urllib.request.Request(self._url(path), headers={"Accept": accept}))  # noqa: S310 - ours

    def follow(self, words: str) -> Page:
        return self.open(self.page.link(words))

    def submit(self, field_or_action: str, *, button: str | None = None, **values: Any) -> Page:
        """Fills in the form on the screen that has this field (or address), presses the button with these words."""
        return self.fill(field_or_action, values, button=button)

    def fill(self, field_or_action: str, values: Mapping[str, Any], *, button: str | None = None) -> Page:
        """As `submit`, for fields whose names are no names of Python."""
        form = self.page.form(field_or_action)
        return self.send(form, form.find_button(button), values)

    def send(self, form: Form, button: Any, values: Mapping[str, Any]) -> Page:
        sent = form.filled(values, button)
        action = button.get("formaction") or form.element.get("action") or self.page.path
        method = form.element.get("method", "get").lower()
        if method == "get":
            return self.look(f"{urlsplit(action).path}?{urlencode([(n, v) for n, v in sent if isinstance(v, str)])}")
        if form.element.get("enctype") == "multipart/form-data":
            kind, body = _multipart(sent)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(sent).encode()
        return self.post(action, body, kind)

    def post(self, path: str, body: bytes, kind: str) -> Page:
        """The bytes as they are, of this media type: what only somebody with a tool of their own sends."""
        request = urllib.request.Request(self._url(path), body, {"Content-Type": kind})  # noqa: S310 - our own server
        return self._ask(request)

    def find_task(self, step: str) -> str | None:
        """The address of the first task at this step in Việc của tôi."""
        page = self.open("/tasks")
        for row in page.tree.xpath("//li[contains(@class, 'mo-row')]"):
            if step in map(tidy, row.xpath(".//*[contains(@class, 'mo-row-meta')]/span/text()")):
                return str(row.xpath(".//a/@href")[0])
        return None

    def task(self, step: str) -> str:
        found = self.find_task(step)
        assert found is not None, f"{self.username} has no task “{step}”: {self.page.text[:1500]}"
        return found

    def sign_out(self) -> Page:
        return self.submit("/sign-out")

    def _url(self, path: str) -> str:
        """Addresses of an earlier start lead to the same place of this one."""
        parts = urlsplit(urljoin(self.page.url, path))
        return urljoin(self.product.address, parts.path + (f"?{parts.query}" if parts.query else ""))

    def _ask(self, request: urllib.request.Request) -> Page:
        if self.page.url:
            request.add_header("Referer", urljoin(self.product.address, self.page.path))
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable from error
        try:
            with answer:
                self.page = Page(answer.status or 0, answer.url, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable from error
        return self.page


def _multipart(sent: Sequence[tuple[str, str | Upload]]) -> tuple[str, bytes]:
    """RFC 7578: content type and body."""
    boundary = uuid.uuid4().hex
    body = bytearray()
    for name, value in sent:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if isinstance(value, Upload):
            kind = mimetypes.guess_type(value.name)[0] or "application/octet-stream"
            body += f'; filename="{value.name}"\r\nContent-Type: {kind}'.encode()
        body += b"\r\n\r\n" + (value.data if isinstance(value, Upload) else value.encode()) + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", bytes(body)
