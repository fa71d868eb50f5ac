"""The verbs of the engine. Each checks, changes, writes one audit line, then tells packages above; none commits.

All raise DomainErrors. What raises in the middle of a diagram undoes the whole action.
"""

from engine.migration import check_plan, generate_plan
from engine.operations.actions import (
    add_signer,
    answer_consultation,
    consult,
    delegate_task,
    forget_rewinds,
    note_opened,
    reject_task,
    remove_signer,
    resolve_task,
    return_task,
    set_clock,
    withdraw_consultation,
    withdraw_task,
)
from engine.operations.cleaning import clean_history, count_cleanable
from engine.operations.conditions import start_by_conditions
from engine.operations.deployment import check_files, check_process, deploy, deploy_files, deploy_shipped
from engine.operations.external import (
    complete_external_task,
    fail_external_task,
    throw_bpmn_error,
    throw_escalation,
)
from engine.operations.instances import cancel_instance, cancel_instances, start_instance, start_instance_of
from engine.operations.jobs import discard_job
from engine.operations.messages import broadcast_signal, deliver_message
from engine.operations.migrations import start_migration, try_plan, undo_migrated
from engine.operations.repair import move_tokens, preview_move, restart_instance
from engine.operations.retrying import retry_incident, retry_incidents, set_retries
from engine.operations.suspension import resume_definition, resume_instance, suspend_definition, suspend_instance
from engine.operations.tasks import add_comment, assign_task, claim_task, complete_task, release_task
from engine.operations.timers import fire_due_timers
from engine.operations.variables import set_variables

__all__ = [
    "add_signer",
    "answer_consultation",
    "consult",
    "delegate_task",
    "forget_rewinds",
    "note_opened",
    "reject_task",
    "remove_signer",
    "resolve_task",
    "return_task",
    "set_clock",
    "withdraw_consultation",
    "withdraw_task",
    "add_comment",
    "assign_task",
    "broadcast_signal",
    "cancel_instance",
    "cancel_instances",
    "check_plan",
    "check_files",
    "check_process",
    "claim_task",
    "clean_history",
    "complete_external_task",
    "complete_task",
    "count_cleanable",
    "deliver_message",
    "deploy",
    "deploy_files",
    "deploy_shipped",
    "discard_job",
    "fail_external_task",
    "fire_due_timers",
    "generate_plan",
    "move_tokens",
    "preview_move",
    "release_task",
    "restart_instance",
    "resume_definition",
    "resume_instance",
    "retry_incident",
    "retry_incidents",
    "set_retries",
    "set_variables",
    "start_by_conditions",
    "start_instance",
    "start_migration",
    "start_instance_of",
    "suspend_definition",
    "suspend_instance",
    "throw_bpmn_error",
    "throw_escalation",
    "try_plan",
    "undo_migrated",
]
