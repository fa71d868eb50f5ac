"""The fonts that prepared places are filled with: Tinos, cut to Latin and Vietnamese, rescaled to 1000 units an em.

pyHanko writes glyph widths in font units, which PDF reads as thousandths of an em: a font of 2048 units would come out
at double spacing and break PDF/A (ISO 19005-2, 6.2.11.5). `python -m signing.fonts SOURCE` builds the two files again
from the full Tinos.
"""

import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent / "fonts"
REGULAR = FOLDER / "Tinos-Regular-1000.ttf"
ITALIC = FOLDER / "Tinos-Italic-1000.ttf"

UNITS = 1000
# Basic Latin, Latin-1, the Vietnamese letters and the punctuation official texts use.
RANGES = ((0x20, 0x7E), (0xA0, 0x1B0), (0x300, 0x323), (0x1EA0, 0x1EF9), (0x2010, 0x2026))


def build(source: pathlib.Path, target: pathlib.Path) -> None:
    """Writes the cut and rescaled copy of one font file."""
    from fontTools import subset  # noqa: PLC0415 - only when the fonts are built
    from fontTools.ttLib import TTFont, scaleUpem  # noqa: PLC0415 - the same

    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    scaleUpem.scale_upem(font, UNITS)
    font.save(target)


def main(source: pathlib.Path) -> None:
    build(source / "Tinos-Regular.ttf", REGULAR)
    build(source / "Tinos-Italic.ttf", ITALIC)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
