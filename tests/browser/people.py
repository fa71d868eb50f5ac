"""People at screens of their own: they sign in, find their work, type, press buttons, look; and pictures are taken."""

import base64
import contextlib
import dataclasses
import re
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    TimeoutError,
    ViewportSize,
    expect,
)
from playwright.sync_api import Error as PlaywrightError

from demo.accounts import PASSWORD

PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
WAITING = 120.0  #: seconds; for a busy machine
LEFT = "net::ERR_ABORTED"  #: a page that is left gives up what it was still loading; that is no failure

DRAGGED = """([content, name]) => {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const dragged = new DataTransfer();
    dragged.items.add(new File([bytes], name, { type: "application/pdf" }));
    return dragged;
}"""


@dataclasses.dataclass
class Complaints:
    """What pages complained of; `expected` are the refusals that a test causes on purpose."""

    said: list[str] = dataclasses.field(default_factory=list)
    expected: list[str] = dataclasses.field(default_factory=list)

    @contextlib.contextmanager
    def expecting(self, part: str) -> Iterator[None]:
        """Inside the block a complaint with this part is what the test wants."""
        self.expected.append(part)
        yield
        self.expected.remove(part)

    def listen(self, page: Page, who: str) -> None:
        page.on("pageerror", lambda error: self._add(who, page, str(error)))
        page.on("console", lambda told: self._hear(who, page, told))
        page.on("requestfailed", lambda request: self._miss(who, page, request))

    def _hear(self, who: str, page: Page, told: ConsoleMessage) -> None:
        if told.type == "error" or "Content Security Policy" in told.text:
            self._add(who, page, f"{told.text} ({told.location.get('url', '')})")

    def _miss(self, who: str, page: Page, request: Request) -> None:
        if request.failure != LEFT:
            self._add(who, page, f"{request.method} {request.url}: {request.failure}")

    def _add(self, who: str, page: Page, sentence: str) -> None:
        if not any(part in sentence for part in self.expected):
            self.said.append(f"{who} at {page.url}: {sentence}")


@dataclasses.dataclass(kw_only=True)
class Person:
    """One of the demo agency, signed in, in a browser of their own."""

    username: str
    page: Page
    address: str
    album: Path

    # ------------------------------------------------------------------------------------------------------- going
    def open(self, path: str) -> None:
        """Goes there; signs in first when the door asks, as it does every morning."""
        self.page.goto(f"{self.address}{path}")
        if "/sign-in" in self.page.url and path != "/sign-in":
            self.sign_in()

    def sign_in(self) -> None:
        self.type("Tài khoản", self.username)
        self.type("Mật khẩu", PASSWORD)
        self.press("Đăng nhập")
        expect(self.page.get_by_role("banner")).to_be_visible()

    def go(self, name: str) -> None:
        """By the navigation on the left, where a number may stand behind the name."""
        beginning = re.compile(rf"^\s*{name}(\s|$)")
        self.page.get_by_role("navigation", name="Chức năng", exact=True).get_by_role("link", name=beginning).click()

    def open_task(self, step: str, title: str = "") -> None:
        """Finds the task in "Việc của tôi" by what stands on its row."""
        self.open("/tasks")
        self.row(step, title).get_by_role("link").click()
        expect(self.page.locator("#xu-ly")).to_be_attached()

    def wait_for_task(self, step: str) -> None:
        """The list says that it changed, or is looked at again, until the task is there."""
        self.open("/tasks")
        deadline = time.monotonic() + WAITING
        while not self.row(step).is_visible():
            assert time.monotonic() < deadline, f"{self.username} waits for {step} in vain"
            with contextlib.suppress(TimeoutError):
                self.page.get_by_role("link", name="Tải lại").click(timeout=1000)
                continue
            self.page.reload()

    def row(self, step: str, title: str = "") -> Locator:
        return self.page.locator(".mo-row").filter(has_text=step).filter(has_text=title).first

    # ------------------------------------------------------------------------------------------------------- doing
    def field(self, label: str) -> Locator:
        """By the beginning of its label, as people find it; what is hidden nobody finds."""
        place = self.page.locator("main")
        if (dialog := self.page.locator("[popover]:popover-open, dialog[open]")).count():
            place = dialog
        labelled = place.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        return labelled.and_(place.locator("input, select, textarea")).locator("visible=true").first

    def type(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """The option that begins so; a hint may stand behind its words."""
        field = self.field(label)
        offered = field.get_by_role("option", name=re.compile(rf"^{re.escape(option)}"))
        field.select_option(value=offered.first.get_attribute("value"))

    def tick(self, label: str) -> None:
        self.field(label).check()

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=re.compile(rf"^\s*{re.escape(name)}"))
        button.locator("visible=true").first.click()

    def hears(self, said: str) -> None:
        """What the product says after a deed."""
        expect(self.page.locator(".mo-toast").filter(has_text=said)).to_be_visible()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()

    def send(self, name: str, said: str) -> None:
        """Presses the button that ends the task, and hears what became of it."""
        self.press(name)
        self.hears(said)

    def drop(self, name: str, content: bytes) -> None:
        """A file dragged from the desktop onto the frame that takes files."""
        encoded = base64.b64encode(content).decode("ascii")
        dragged = self.page.evaluate_handle(DRAGGED, [encoded, name])
        self.page.locator(".mo-drop").dispatch_event("drop", {"dataTransfer": dragged})

    # ---------------------------------------------------------------------------------------------------- pictures
    def picture(self, name: str, *, whole: bool = False) -> None:
        """`whole`: all of the page, not only what the screen shows."""
        self.album.mkdir(parents=True, exist_ok=True)
        for sheet in self.page.locator("img.mo-sheet:visible").all()[:1]:
            sheet.evaluate("image => image.decode()")
        self.page.screenshot(path=self.album / f"{name}.png", full_page=whole, animations="disabled")

    def picture_on_phone(self, name: str, *, part: str = "") -> None:
        self.page.set_viewport_size(PHONE)
        if part:
            self.page.locator(".mo-switch").get_by_role("link", name=part).click()
        self.picture(f"{name}-dt")
        self.page.set_viewport_size(DESK)

    def picture_in_the_dark(self, name: str) -> None:
        self.dress("dark")
        self.picture(f"{name}-toi")
        self.dress("light")

    def dress(self, theme: str) -> None:
        """Light or dark, at once: without the moments in between."""
        self.page.locator("html").evaluate(
            """(root, theme) => {
                root.dataset.bsTheme = theme;
                for (const moving of document.getAnimations()) moving.finish();
            }""",
            theme,
        )


class People:
    """Each person once; every context with its own cookies, as on machines of their own."""

    def __init__(self, browser: Browser, address: str, complaints: Complaints, *, album: str) -> None:
        self._browser = browser
        self._address = address.rstrip("/")
        self._complaints = complaints
        self._album = PICTURES / album
        self._known: dict[str, Person] = {}
        self._contexts: list[BrowserContext] = []

    def __call__(self, username: str) -> Person:
        if username not in self._known:
            self._known[username] = self._sign_in(username)
        return self._known[username]

    def stranger(self, username: str = "") -> Person:
        """Somebody at the door, not yet signed in."""
        context = self._browser.new_context(viewport=DESK, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        self._contexts.append(context)
        page = context.new_page()
        self._complaints.listen(page, username)
        return Person(username=username, page=page, address=self._address, album=self._album)

    def picture(self, name: str) -> None:
        """Everybody's screen as it is now."""
        for username, person in self._known.items():
            with contextlib.suppress(PlaywrightError):
                person.picture(f"{name}-{username}")

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

    def _sign_in(self, username: str) -> Person:
        person = self.stranger(username)
        person.open("/tasks")
        return person
