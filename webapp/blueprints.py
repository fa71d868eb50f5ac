"""Every part of the product that answers at an address; each owner adds a line."""

from flask import Blueprint

from webapp.account.views import blueprint as account
from webapp.case_files.views import blueprint as case_files
from webapp.decisions.views import blueprint as decisions
from webapp.documents.views import blueprint as documents
from webapp.files.views import blueprint as files
from webapp.health.views import blueprint as health
from webapp.incoming.views import blueprint as incoming
from webapp.instances.acting import blueprint as repair
from webapp.instances.definition_views import blueprint as definitions
from webapp.instances.incident_views import blueprint as incidents
from webapp.instances.views import blueprint as instances
from webapp.live import blueprint as live
from webapp.monitoring.views import blueprint as monitoring
from webapp.notices.views import blueprint as notices
from webapp.outgoing.views import blueprint as outgoing
from webapp.registers.views import blueprint as registers
from webapp.sign_in.views import blueprint as sign_in
from webapp.studio.deployments import blueprint as deployments
from webapp.studio.diagrams import blueprint as diagrams
from webapp.studio.expressions import blueprint as expressions
from webapp.studio.functions import blueprint as functions
from webapp.studio.views import blueprint as studio
from webapp.tasks.action_views import blueprint as task_actions
from webapp.tasks.views import blueprint as tasks
from webapp.versions.views import blueprint as versions

BLUEPRINTS: list[Blueprint] = [
    sign_in,
    account,
    tasks,
    task_actions,
    monitoring,
    notices,
    incoming,
    outgoing,
    documents,
    files,
    registers,
    case_files,
    live,
    health,
    studio,
    deployments,
    decisions,
    diagrams,
    functions,
    expressions,
    instances,
    repair,
    versions,
    incidents,
    definitions,
]
