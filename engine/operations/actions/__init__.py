"""Verbs beside completing a task, where its diagram lists them (moc:actions)."""

from engine.operations.actions.clocks import set_clock
from engine.operations.actions.consulting import answer_consultation, consult, withdraw_consultation
from engine.operations.actions.delegating import delegate_task, resolve_task
from engine.operations.actions.opening import note_opened
from engine.operations.actions.returning import reject_task, return_task
from engine.operations.actions.signing import add_signer, remove_signer
from engine.operations.actions.withdrawing import forget_rewinds, withdraw_task

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
]
