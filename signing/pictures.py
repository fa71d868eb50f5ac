"""Pictures for demo certificates: a handwriting-like signature in blue, a round seal in red, on transparent ground.

NĐ 30/2020/NĐ-CP, Phụ lục I, II.7d and II.8: the signature's picture is blue, the seal's red, PNG, transparent. A demo
seal says on its ring that it is one, and shows a star where a real one has the national emblem.
"""

import io
import math
import random
import zlib
from typing import Any

from signing.fonts import REGULAR

BLUE = (18, 52, 168, 255)
RED = (214, 24, 30, 235)
SAMPLE = "DẤU THỬ NGHIỆM"

_WIDTH, _HEIGHT = 960, 496
_SEAL = 1000


def signature(name: str) -> bytes:
    """The picture of a signature; each name has its own, always the same."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only when certificates are issued

    image = Image.new("RGBA", (_WIDTH, _HEIGHT), (*BLUE[:3], 0))
    pen = ImageDraw.Draw(image)
    chance = random.Random(zlib.crc32(name.encode()))  # noqa: S311 - a drawing, no secret
    for x, y, width in _strokes(chance):
        pen.ellipse((x - width, y - width, x + width, y + width), fill=BLUE)
    return _png(image.resize((_WIDTH // 2, _HEIGHT // 2), Image.Resampling.LANCZOS))


def _strokes(chance: random.Random) -> list[tuple[float, float, float]]:
    """Dots (x, y, radius) along a big first loop, a running line of shrinking waves and a flourish below."""
    waves = chance.randint(5, 8)
    tilt, lift = chance.uniform(0.5, 1.2), chance.uniform(40, 80)
    dots = []
    for step in range(3000):
        t = step / 3000
        x = 150 + 640 * t + 70 * (1 - t) * math.sin(2 * math.pi * waves * t + tilt)
        height = 150 * (1 - t) ** 1.6 + 34
        y = 250 - lift * t - height * math.cos(2 * math.pi * waves * t) * (0.75 + 0.25 * math.sin(9 * t + tilt))
        dots.append((x, y, 3.0 + 2.2 * abs(math.sin(math.pi * waves * t + 0.6))))
    for step in range(1200):
        t = step / 1200
        dots.append((820 - 620 * t, 370 + 46 * math.sin(2.6 * t + tilt) - 20 * t, 1.5 + 4 * t * (1 - t) * 1.2))
    return dots


def seal(text: str) -> bytes:
    """The picture of a round seal, `text` along the upper ring."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only when certificates are issued

    image = Image.new("RGBA", (_SEAL, _SEAL), (*RED[:3], 0))
    pen = ImageDraw.Draw(image)
    for inset, width in ((6, 14), (34, 5), (238, 6)):
        pen.ellipse((inset, inset, _SEAL - inset, _SEAL - inset), outline=RED, width=width)
    pen.polygon(_star(_SEAL / 2, _SEAL / 2, 190), fill=RED)
    _along_ring(image, text.upper(), arc=math.radians(236), middle=-math.pi / 2, inward=False)
    _along_ring(image, f"★ {SAMPLE} ★", arc=math.radians(104), middle=math.pi / 2, inward=True)
    return _png(image.resize((_SEAL // 2, _SEAL // 2), Image.Resampling.LANCZOS))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = -math.pi / 2 + corner * math.pi / 5
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners


def _along_ring(image: Any, text: str, *, arc: float, middle: float, inward: bool) -> None:
    """Letters along the ring, centred at the angle `middle` on at most `arc` (radians); below, their feet stand on the
    outer side (`inward`)."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only when certificates are issued

    radius = _SEAL * 0.362
    for size in range(110, 20, -4):
        font = ImageFont.truetype(str(REGULAR), size)
        widths = [size * 0.16 + (size * 0.6 if letter == "★" else font.getlength(letter)) for letter in text]
        if sum(widths) / radius <= arc:
            break
    direction = -1 if inward else 1
    angle = middle - direction * sum(widths) / radius / 2
    for letter, width in zip(text, widths, strict=True):
        angle += direction * width / radius / 2
        tile = Image.new("RGBA", (size * 2, size * 2), (*RED[:3], 0))
        pen = ImageDraw.Draw(tile)
        if letter == "★":
            pen.polygon(_star(size, size, size * 0.3), fill=RED)
        else:
            pen.text((size, size), letter, font=font, fill=RED, anchor="mm", stroke_width=2, stroke_fill=RED)
        turn = -math.degrees(angle) - 90 + (180 if inward else 0)
        tile = tile.rotate(turn, resample=Image.Resampling.BICUBIC)
        x, y = _SEAL / 2 + radius * math.cos(angle) - size, _SEAL / 2 + radius * math.sin(angle) - size
        image.alpha_composite(tile, (round(x), round(y)))
        angle += direction * width / radius / 2


def _png(image: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()
