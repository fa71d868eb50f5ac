"""The only package that knows Flask: what people and programs see of the product over HTTP."""

import datetime as dt
from pathlib import Path
from typing import Protocol

from flask_babel import Babel

from documents import issuing
from kernel import db
from kernel import files as file_store  # `files` is also a part of this package
from webapp import auth, blueprints, errors, navigation, security, statics, texts, wiring
from webapp.app import App


class Settings(Protocol):
    """What the web asks of the configuration."""

    @property
    def database_url(self) -> str: ...
    @property
    def data_dir(self) -> Path: ...
    @property
    def ca_dir(self) -> Path: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def seal_pin(self) -> str: ...


def create_app(settings: Settings) -> App:
    """An application over the database and the file store of `settings`. No connection is made yet."""
    db.configure(settings.database_url)
    file_store.configure(settings.data_dir / "files")
    issuing.configure(settings.ca_dir, seal_pin=settings.seal_pin)
    wiring.wire()
    app = App("webapp")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="moc_page",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=7),
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
    )
    Babel(app)
    for part in (security, auth, errors, texts, statics, navigation):
        part.init_app(app)
    for blueprint in blueprints.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
