"""The built-in functions (DMN 1.5, 10.3.4), by name: `BUILTINS`. Each module registers those of its theme."""

from feel.functions import booleans, contexts, conversions, dates, lists, numbers, ranges, sorting, statistics, texts
from feel.functions.registry import BUILTINS, Builtin

__all__ = [
    "BUILTINS",
    "Builtin",
    "booleans",
    "contexts",
    "conversions",
    "dates",
    "lists",
    "numbers",
    "ranges",
    "sorting",
    "statistics",
    "texts",
]
