"""The functions that expressions may call, told to whoever writes one: those of FEEL, and our own with their words."""

from typing import Any

from engine import registry
from feel.functions import BUILTINS, Builtin

OWN = "Cơ quan"  #: group of ours


def told() -> list[dict[str, Any]]:
    """As webapp.studio.expressions.show_functions answers them: those of FEEL, then ours, each by name."""
    standard = [_told(name, BUILTINS[name], group=BUILTINS[name].group) for name in sorted(BUILTINS)]
    return standard + [_told(name, registry.words_of(name), group=OWN) for name in sorted(registry.function_names())]


def names() -> frozenset[str]:
    """Of all functions."""
    return frozenset(BUILTINS) | registry.function_names()


def _told(name: str, words: Builtin | registry.FunctionWords, *, group: str) -> dict[str, Any]:
    spread = isinstance(words, Builtin) and words.spread
    return {
        "name": name,
        "own": group == OWN,
        "group": group,
        "description": words.description,
        "forms": [f"{name}({form})" for one in words.forms for form in _written(one, spread=spread)],
        "parameters": [list(form) for form in words.forms],
        "example": words.example,
        "result": words.result,
    }


def _written(form: tuple[str, ...], *, spread: bool) -> list[str]:
    """What stands between the parentheses; any number of values in place of a list."""
    told = ", ".join(form)
    if not spread:
        return [told]
    return [told, "a, b, …"] if form == ("list",) else [f"{told}, …"]
