"""The web process: gunicorn with threads; waitress where gunicorn cannot run.

The supervisor binds the socket and hands it over, so a restarted web process keeps its port and nobody who connects in
between is refused.
"""

import socket
import sys
from typing import Any

import config
from kernel import lifeline
from webapp import create_app, wiring

TIMEOUT = 120  #: seconds a request may take (an upload of 500 MB over a slow line)
GRACE = 3  #: seconds that requests get to end when the process is told to stop; open event streams never end


def main() -> None:
    """`python -m webapp.server FD`: serves on the listening socket of this number until told to stop."""
    settings = config.load()
    lifeline.hold()
    wiring.configure(settings)
    if sys.platform == "win32":
        _serve_with_waitress(settings, int(sys.argv[1]))
    else:
        _serve_with_gunicorn(settings, int(sys.argv[1]))


def _serve_with_gunicorn(settings: config.Settings, number: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - does not exist on Windows

    class Server(BaseApplication):  # type: ignore[misc]
        """Each web process makes its own application after the fork: connections are never shared."""

        def load_config(self) -> None:
            for name, value in _gunicorn_options(settings, number).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return create_app(settings)

    Server().run()


def _gunicorn_options(settings: config.Settings, number: int) -> dict[str, Any]:
    return {
        "bind": f"fd://{number}",
        "worker_class": "gthread",
        "workers": settings.web_processes,
        "threads": settings.threads,
        "timeout": TIMEOUT,
        "graceful_timeout": GRACE,
        "keepalive": 15,
        "loglevel": settings.log_level.lower(),
        "control_socket_disable": True,
        "proc_name": "moc-web",
    }


def _serve_with_waitress(settings: config.Settings, number: int) -> None:
    import waitress  # noqa: PLC0415 - installed where gunicorn cannot run

    waitress.serve(create_app(settings), sockets=[socket.socket(fileno=number)], threads=settings.threads)


if __name__ == "__main__":
    main()
