"""The only package that knows Flask: what people and programs see of the product over HTTP."""

import datetime as dt

from flask_babel import Babel

import config
from webapp import auth, blueprints, errors, navigation, security, statics, texts, wiring
from webapp.app import App

SPARE_THREADS = 20  #: of a web process, for requests beside the streams of open pages


def create_app(settings: config.Settings) -> App:
    """An application over the database and the file store of `settings`. No connection is made yet."""
    wiring.configure(settings)
    app = App("webapp")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="moc_page",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=7),
        LIVE_PAGES=max(1, settings.threads - SPARE_THREADS),
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
    )
    Babel(app)
    for part in (security, auth, errors, texts, statics, navigation):
        part.init_app(app)
    for blueprint in blueprints.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
