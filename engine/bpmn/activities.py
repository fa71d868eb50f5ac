"""Tasks: of people, of machines, of the engine itself."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.assignment import Offer
from engine.bpmn import answers
from engine.bpmn.events import Event, throw_error, throw_outwards
from engine.bpmn.node import Node
from engine.bpmn.references import Reference
from engine.bpmn.tokens import STARTED, Token
from engine.bpmn.variables import Variables
from engine.errors import CannotProceed
from engine.expressions import Value
from engine.registry import BpmnError
from engine.values import adopted_all


class NoneTask(Node, defaults.NoneTask):
    """Undefined: passes."""


class ManualTask(Node, defaults.ManualTask):
    """Done outside the system; nobody waits for it."""


class UserTask(Node, defaults.UserTask):
    manual = True
    offer = Offer()
    limit: Reference | None = None  #: the decision that says by when it is due


class ScriptTask(Node, defaults.ScriptTask):
    """Assigns results of expressions, one after the other."""

    assignments: list[tuple[str, Value]]

    def _run_hook(self, token: Token) -> bool:
        variables = Variables(token)
        for name, value in self.assignments:
            variables[name] = self.evaluate(token, value)
        return True


class ServiceTask(Node, defaults.ServiceTask):
    """An external task waits for a worker; anything else is done at once: a registered operation, an expression or a
    decision. Service, send and business rule tasks."""

    service = ""  #: registered name
    expression: Value | None = None
    decision: Reference | None = None
    mapping = answers.RESULT_LIST  #: of the rows a decision answers
    result_variable = ""

    def activate(self, token: Token) -> bool:
        if self.topic is None:
            return True
        token._set_state(STARTED)
        return False

    def _run_hook(self, token: Token) -> bool:
        if self.topic is None:
            try:
                self._work(token)
            except BpmnError as error:
                if not throw_error(token, error.code):
                    raise CannotProceed(element=self.label, reason=f"lỗi {error.code}: {error}.") from error
        return True

    def _work(self, token: Token) -> None:
        if self.service:
            result = token.workflow.top_workflow.host.call_service(token, self.service)
            found = adopted_all(result or {})
            Variables(token).take({self.result_variable: found} if self.result_variable else found)
        elif self.expression is not None:
            self._set_result(token, self.evaluate(token, self.expression))
        elif self.decision is not None:
            self._decide(token, self.decision)

    def _decide(self, token: Token, decision: Reference) -> None:
        rows = token.workflow.top_workflow.host.decide(token, self.name_of(token, decision))
        try:
            self._set_result(token, answers.mapped(rows, self.mapping))
        except answers.Unmapped as wrong:
            raise CannotProceed(element=self.label, reason=str(wrong)) from wrong
        if self.local_out:
            token.data["decisionResult"] = rows  # for camunda:outputParameter; gone with the token

    def _set_result(self, token: Token, value: Any) -> None:
        if self.result_variable:
            Variables(token)[self.result_variable] = value


class SendTask(ServiceTask):
    message: Event | None = None  #: sent when nothing else is to be done

    def _work(self, token: Token) -> None:
        if self.message is not None:
            throw_outwards(token, self.message)
        super()._work(token)


class BusinessRuleTask(ServiceTask):
    pass
