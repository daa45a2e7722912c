"""Small line charts as SVG, side by side, without a plotting library."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 250, 170, 48, 34, 58, 24
_COLOURS = ("#1f6f8b", "#d1495b", "#66a182")


@dataclass(frozen=True)
class Line:
    """A named line."""

    name: str
    x: list[int]
    y: list[float]


@dataclass(frozen=True)
class Panel:
    """One chart; its lines are named below the first."""

    title: str
    lines: list[Line]


def draw(panels: list[Panel], x_title: str) -> str:
    """The charts, each from zero."""
    width = len(panels) * (_LEFT + _WIDTH + _GAP)
    height = _TOP + _HEIGHT + _BOTTOM
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11" fill="#333">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, panel in enumerate(panels):
        out += _panel(panel, place * (_LEFT + _WIDTH + _GAP) + _LEFT, x_title)
    for place, line in enumerate(panels[0].lines):
        x, y = _LEFT + place * 160, height - 8
        out.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{_COLOURS[place]}"/>')
        out.append(f'<text x="{x + 15}" y="{y}">{escape(line.name)}</text>')
    return "\n".join([*out, "</svg>", ""])


def _panel(panel: Panel, left: int, x_title: str) -> list[str]:
    most_x = max(max(line.x) for line in panel.lines)
    most_y = _round_up(max(max(line.y) for line in panel.lines))
    out = [f'<text x="{left}" y="{_TOP - 14}" font-weight="bold">{escape(panel.title)}</text>']
    for part in range(5):
        y = _TOP + _HEIGHT - part * _HEIGHT / 4
        out.append(f'<path d="M{left} {y:.1f}h{_WIDTH}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 5}" y="{y + 4:.1f}" text-anchor="end">{most_y * part / 4:g}</text>')
    for part in (0, 2, 4):
        x = left + part * _WIDTH / 4
        anchor = ("start", "", "middle", "", "end")[part]
        unit = f" {x_title}" if part == 4 else ""
        out.append(
            f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 16}" text-anchor="{anchor}">{most_x * part // 4:,}{unit}</text>'
        )
    for place, line in enumerate(panel.lines):
        points = " ".join(
            f"{left + x / most_x * _WIDTH:.1f},{_TOP + _HEIGHT - y / most_y * _HEIGHT:.1f}"
            for x, y in zip(line.x, line.y, strict=True)
        )
        out.append(f'<polyline points="{points}" fill="none" stroke="{_COLOURS[place]}" stroke-width="2"/>')
    return out


def _round_up(value: float) -> float:
    step: float = 1
    while step * 10 < value:
        step *= 10
    return next(step * factor for factor in (1, 2, 4, 6, 8, 10) if step * factor >= value)
