"""The structure of an official text: chapters, sections, articles, clauses, points.

NĐ 30/2020/NĐ-CP, Phụ lục I, phần II.6: a chapter has a Roman number and its title in capitals below, a section and an
article Arabic numbers, a clause `1.`, a point `a)` in the order of the Vietnamese alphabet. Each line of the text
is one paragraph of its own; empty lines only separate.
"""

import dataclasses
import enum
import re
from collections.abc import Iterator

from kernel.text import tidy

# The letters of points, in order: đ follows d; f, j, w and z are not used.
POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"


class BlockKind(enum.StrEnum):
    """What a paragraph is."""

    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    CLAUSE = "clause"
    POINT = "point"
    DASH = "dash"
    PARAGRAPH = "paragraph"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Block:
    """One paragraph. `label` is what numbers it, as printed ("Chương I", "Điều 1.", "1.", "a)", "-"), "" for a plain
    paragraph; `text` is the rest; `is_title` says that an article's text is its heading, not its rule."""

    kind: BlockKind
    label: str
    text: str
    is_title: bool = False


_PATTERNS = [
    (BlockKind.PART, re.compile(r"(Phần (?:thứ \w+|[IVXLC]+|\d+))[.:]?\s*(.*)", re.IGNORECASE)),
    (BlockKind.CHAPTER, re.compile(r"(Chương (?:[IVXLC]+|\d+))[.:]?\s*(.*)", re.IGNORECASE)),
    (BlockKind.SECTION, re.compile(r"((?:Mục|Tiểu mục) \d+)[.:]?\s*(.*)", re.IGNORECASE)),
    (BlockKind.ARTICLE, re.compile(r"(Điều \d+)(?:[.:]\s*|\s*$)(.*)", re.IGNORECASE)),
    (BlockKind.CLAUSE, re.compile(r"(\d{1,3}(?:\.\d{1,3})*\.)\s+(.*)")),
    (BlockKind.POINT, re.compile(rf"([{POINT_LETTERS}]{{1,2}}\))\s+(.*)")),
    (BlockKind.DASH, re.compile(r"([-–+])\s+(.*)")),
]
_HEADINGS = {BlockKind.PART, BlockKind.CHAPTER, BlockKind.SECTION}


def parse_body(text: str) -> list[Block]:
    """The paragraphs of `text` with what each is. The title of a part, chapter or section may stand on the same line
    or on the lines below (they are joined); nothing is dropped, an unknown line is a plain paragraph."""
    blocks: list[Block] = []
    for line in filter(None, tidy(text).split("\n")):
        block = _read(line)
        if block.kind is BlockKind.PARAGRAPH and blocks and _wants_title(blocks[-1], line):
            before = blocks[-1]
            blocks[-1] = dataclasses.replace(before, text=f"{before.text} {line}".strip())
        else:
            blocks.append(block)
    return [*_mark_titles(blocks)]


def check_order(blocks: list[Block]) -> list[str]:
    """Sentences about numbers out of order: articles over the whole text, clauses within an article, points within a
    clause (after d comes đ)."""
    problems: list[str] = []
    article, expected = "", {BlockKind.ARTICLE: 1, BlockKind.CLAUSE: 1, BlockKind.POINT: 1}
    for block in blocks:
        place = expected.get(block.kind)
        if place is None or block.label.count(".") > 1:
            continue
        wanted = _label(block.kind, place)
        if block.label.lower() != wanted.lower():
            where = f"{article}: " if article and block.kind is not BlockKind.ARTICLE else ""
            problems.append(f"{where}chờ “{wanted}” nhưng gặp “{block.label}”.")
        expected[block.kind] = (_place(block) or place) + 1
        if block.kind is BlockKind.ARTICLE:
            article = block.label.rstrip(".")
            expected[BlockKind.CLAUSE] = 1
        if block.kind is not BlockKind.POINT:
            expected[BlockKind.POINT] = 1
    return problems


def _read(line: str) -> Block:
    for kind, pattern in _PATTERNS:
        found = pattern.fullmatch(line)
        if found:
            label = found[1] + "." if kind is BlockKind.ARTICLE else found[1]
            return Block(kind=kind, label="-" if kind is BlockKind.DASH and label == "–" else label, text=found[2])
    return Block(kind=BlockKind.PARAGRAPH, label="", text=line)


def _wants_title(before: Block, line: str) -> bool:
    """A heading takes the line below; a further line only while the title goes on in capitals."""
    if before.kind not in _HEADINGS:
        return False
    return not before.text or (before.text.isupper() and line.isupper())


def _mark_titles(blocks: list[Block]) -> Iterator[Block]:
    """An article whose first line does not end as a sentence, and that goes on, has a title there."""
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        goes_on = after is not None and after.kind not in {*_HEADINGS, BlockKind.ARTICLE}
        is_title = block.kind is BlockKind.ARTICLE and goes_on and not block.text.endswith((".", ";", ":", ","))
        yield dataclasses.replace(block, is_title=is_title)


def _label(kind: BlockKind, place: int) -> str:
    if kind is BlockKind.ARTICLE:
        return f"Điều {place}."
    if kind is BlockKind.CLAUSE:
        return f"{place}."
    return f"{POINT_LETTERS[(place - 1) % len(POINT_LETTERS)]})"


def _place(block: Block) -> int | None:
    if block.kind is BlockKind.POINT:
        return POINT_LETTERS.index(block.label[0]) + 1
    digits = re.search(r"\d+", block.label)
    return int(digits[0]) if digits else None
