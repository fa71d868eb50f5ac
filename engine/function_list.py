"""The functions that expressions may call, told to whoever writes one: those of FEEL, and our own with their words."""

from typing import Any

from engine import registry
from feel import builtins


def told() -> list[dict[str, Any]]:
    """As webapp.studio.expressions.show_functions answers them."""
    standard = [_told(name, own=False) for name in sorted(builtins.FUNCTIONS)]
    return standard + [_told(name, own=True) for name in sorted(registry.function_names())]


def _told(name: str, *, own: bool) -> dict[str, Any]:
    words = registry.words_of(name) if own else registry.FunctionWords()
    return {
        "name": name,
        "own": own,
        "group": "Cơ quan" if own else "FEEL",
        "description": words.description,
        "forms": [f"{name}({', '.join(form)})" for form in words.forms] or [f"{name}()"],
        "parameters": [list(form) for form in words.forms],
        "example": words.example,
        "result": words.result,
    }
