"""The studio is tested through the same browsers as the rest of the web."""

from tests.webapp.conftest import app, browser, signed_in

__all__ = ["app", "browser", "signed_in"]
