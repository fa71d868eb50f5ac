"""What forms refuses, each with what to do now."""

from kernel.errors import DomainError, Invalid


class FormInvalid(Invalid):
    """Values that cannot be taken; `fields` maps a field's key to a sentence."""


class FormBroken(DomainError):
    """A form that cannot be shown as drawn: unknown component, key twice, a rule that is not FEEL."""

    status = 422
    sentence = "Biểu mẫu “{form}” chưa dùng được: {reason}"
