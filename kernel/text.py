"""Vietnamese text at the entrance: one Unicode form, and a folded form for search and comparison."""

import re
import unicodedata

_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000]+")


def nfc(text: str) -> str:
    """Composed form, as TCVN 6909 stores it."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """NFC, runs of blanks as one, none at the ends; line breaks stay."""
    lines = (_BLANKS.sub(" ", line).strip() for line in nfc(text).replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d: "Quyết định" and "QUYET DINH" fold alike."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return _BLANKS.sub(" ", "".join(c for c in bare if not unicodedata.combining(c))).casefold().strip()
