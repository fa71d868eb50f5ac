"""What the evaluator says about a text it cannot take."""


class FeelError(Exception):
    """Text that is no expression of the language, or a call that cannot be answered. Line and column count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
