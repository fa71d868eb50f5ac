"""Every part of the product that answers at an address; each owner adds a line."""

from flask import Blueprint

from webapp.account.views import blueprint as account
from webapp.health.views import blueprint as health
from webapp.live import blueprint as live
from webapp.notices.views import blueprint as notices
from webapp.sign_in.views import blueprint as sign_in
from webapp.studio.diagrams import blueprint as diagrams
from webapp.studio.views import blueprint as studio
from webapp.tasks.views import blueprint as tasks

BLUEPRINTS: list[Blueprint] = [
    sign_in,
    account,
    tasks,
    notices,
    live,
    health,
    studio,
    diagrams,
]
