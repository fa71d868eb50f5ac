"""Asynchronous continuations: a token that waits for a job of its own before it enters an element (camunda:asyncBefore)
or after it has left one (camunda:asyncAfter).

It is WAITING, marked in its internal data. In front of an element its history says "entered", for that is where it
stands; behind one the element was left already, and the token that waits has no history.
"""

from engine.bpmn.tokens import COMPLETED, FINISHED, JOB, WAITING, Token

BEFORE, AFTER = "before", "after"  #: the element


def await_job(token: Token, where: str) -> bool:
    """False: it cannot run now."""
    token._set_state(WAITING)
    token.internal_data[JOB] = where
    return False


def await_behind(token: Token) -> None:
    """Another token waits in the place that `token` leaves; an element's hangs on its body as before."""
    spec = token.task_spec
    behind = Token(token.workflow, spec, token.parent if spec.instance_of else token)
    behind.data = token.data if spec.instance_of else {}  # its loop counter and results belong to the round
    await_job(behind, AFTER)


def go_on(token: Token) -> None:
    """The job is running. What this makes ready runs with the caller's next engine steps."""
    where = token.internal_data.pop(JOB)
    if where == BEFORE:
        token.task_spec.begin_later(token)
        return
    token._set_state(COMPLETED)
    token.task_spec.leave(token)
    for child in token.children:
        if not child._state & FINISHED:
            child.task_spec._update(child)
    token.workflow._task_completed_notify(token)
