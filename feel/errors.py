"""What the evaluator says about a text it cannot take."""


class FeelError(Exception):
    """Text that is no expression of the language, or a call that cannot be answered. Line and column count from 1,
    `length` in characters; `expected`: what may stand at this place, in words."""

    def __init__(
        self, message: str, line: int = 1, column: int = 1, length: int = 0, expected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.length = length
        self.expected = expected


class LimitExceeded(FeelError):
    """An expression that costs more time, memory or depth than one may."""
