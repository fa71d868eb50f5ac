"""What an exception tells an administrator: a sentence, its cause, the place in the code."""

import traceback
from pathlib import Path

from kernel.errors import DomainError

LONGEST = 2_000  #: characters of a sentence or cause
DEEPEST = 40  #: frames, the innermost
_HERE = Path(__file__).resolve().parent.parent


def sentence(failure: BaseException) -> str:
    """A refusal's own words; of anything else its class and text."""
    return _cut(str(failure) if isinstance(failure, DomainError) else _named(failure))


def cause(failure: BaseException) -> str:
    """Class and text, then those of what it was raised from, a line each."""
    lines: list[str] = []
    seen = failure
    while len(lines) < 10:
        lines.append(_named(seen))
        inner = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if inner is None:
            break
        seen = inner
    return _cut("\n".join(lines))


def place(failure: BaseException) -> str:
    """File, line and function of each frame, the innermost last. No values: they may belong to a document."""
    frames = traceback.extract_tb(failure.__traceback__)[-DEEPEST:]
    return "\n".join(f"{_file(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _named(failure: BaseException) -> str:
    text = str(failure)
    return f"{type(failure).__name__}: {text}" if text else type(failure).__name__


def _file(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(_HERE)) if path.is_relative_to(_HERE) else name


def _cut(text: str) -> str:
    return text.replace("\0", "")[:LONGEST]
