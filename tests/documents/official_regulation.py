"""Splits the text file of a decision that encloses a regulation into what `compose` takes."""

import pathlib
import re

from documents.official_pdf import Enclosed, OfficialContent

REGULATION = pathlib.Path(__file__).parents[3] / "shared" / "quyet-dinh-09-2016.txt"


def read_decision(text: str) -> OfficialContent:
    """The decision of `text`: header, legal bases, "QUYẾT ĐỊNH:", articles, Nơi nhận, the enclosed regulation."""
    head, rest = re.split(r"^QUYẾT ĐỊNH$", text, maxsplit=1, flags=re.MULTILINE)
    grounds, rest = re.split(r"^QUYẾT ĐỊNH:$", rest, maxsplit=1, flags=re.MULTILINE)
    articles, rest = re.split(r"^\s*Nơi nhận:\s*$", rest, maxsplit=1, flags=re.MULTILINE)
    recipients, enclosed = re.split(r"^\s*QUY CHẾ\s*$", rest, maxsplit=1, flags=re.MULTILINE)
    enclosed, signature = re.split(r"^\s*(?=TM\. )", enclosed, maxsplit=1, flags=re.MULTILINE)
    subject, authority, *bases = _lines(grounds)
    *names, note = (line.lstrip("- ").rstrip(";.") for line in _lines(recipients))
    prefix, title, *_, name = _lines(signature)
    number, symbol = re.search(r"Số: (\S+?/(\S+))", head).group(1, 2)  # type: ignore[union-attr]
    assert number
    year, _, symbol = symbol.partition("/")
    heading, body = re.split(r"(?=^Chương I$)", enclosed, maxsplit=1, flags=re.MULTILINE)
    return OfficialContent(
        header_name="\n".join(_lines(head)[:2]),
        place_name="Mộc Châu",
        symbol=symbol,
        year=int(year),
        number_year=int(year),
        kind_name="Quyết định",
        subject=subject,
        authority_line=authority,
        legal_bases=bases,
        body=articles,
        signer_prefix=prefix,
        signer_title=title,
        signer_name=name,
        recipients=names,
        archive_note=note.removeprefix("Lưu: "),
        issuer_name="Ủy ban nhân dân huyện Mộc Châu",
        enclosed=Enclosed(kind_name="Quy chế", title=" ".join(_lines(heading.split("(")[0])), body=body),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
