"""The plot: our figures beside the plain server's, as an image that reads on light and on dark pages."""

from collections.abc import Sequence
from html import escape
from math import ceil, log10

from tests.bench.results import Result
from tests.bench.servers import OURS, PLAIN

_RATES = {
    "requests_per_s": "requests/s",
    "deliveries_per_s": "deliveries/s",
    "connects_per_cpu_s": "connects per CPU s",
}
_ROW, _BAR, _TOP = 34, 11, 58
_LEFT, _WIDTH, _RIGHT = 340, 400, 130

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 } .quiet { fill: #59636e } .line { stroke: #d1d9e0 }
.ours { fill: #0b6bcb } .plain { fill: #8c959f } .title { font-size: 15px; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .quiet { fill: #9198a1 } .line { stroke: #3d444d }
  .ours { fill: #58a6ff } .plain { fill: #6e7681 }
}
"""


def plot(results: Sequence[Result]) -> str:
    """An SVG image with a pair of bars for each workload that both servers were measured on. The scale is
    logarithmic: a step of the grid is ten times.
    """
    pairs = _pairs(results)
    if not pairs:
        raise ValueError("nothing was measured on both servers")
    scale = _Scale(min(min(pair) for _, *pair in pairs), max(max(pair) for _, *pair in pairs))
    height = _TOP + _ROW * len(pairs) + 26
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img">',
        "<title>This server beside the plain one</title>",
        f"<style>{_STYLE}</style>",
        '<text class="title" x="16" y="24">This server beside plain Strawberry</text>',
        *_legend(),
        *scale.grid(height - 26),
    ]
    for row, (name, ours, plain) in enumerate(pairs):
        parts += _bars(_TOP + row * _ROW, name, ours, plain, scale)
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    """Where values stand between the powers of ten around them."""

    def __init__(self, least: float, most: float) -> None:
        self._from = int(log10(least)) - (least < 1)
        self._steps = max(1, ceil(log10(most)) - self._from)

    def width(self, value: float) -> float:
        """How long the bar of a value is."""
        return _WIDTH * (log10(value) - self._from) / self._steps

    def grid(self, bottom: int) -> list[str]:
        """The lines at powers of ten, with what they stand for."""
        parts = []
        for step in range(self._steps + 1):
            x = _LEFT + _WIDTH * step / self._steps
            parts.append(f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{bottom}"/>')
            said = f"{10 ** (self._from + step):,}"
            parts.append(f'<text class="quiet" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{said}</text>')
        return parts


def _pairs(results: Sequence[Result]) -> list[tuple[str, float, float]]:
    """What is shown: a workload with its figure, of ours and of the plain server."""
    plain = {result.workload: result.figures for result in results if result.server == PLAIN}
    return [
        (f"{result.workload}: {said}", result.figures[figure], plain[result.workload][figure])
        for result in results
        for figure, said in _RATES.items()
        if result.server == OURS and figure in result.figures and figure in plain.get(result.workload, {})
    ]


def _legend() -> list[str]:
    parts = []
    for place, (kind, said) in enumerate((("ours", "this server"), ("plain", "plain Strawberry"))):
        x = _LEFT + place * 120
        parts.append(f'<rect class="{kind}" x="{x}" y="14" width="{_BAR}" height="{_BAR}" rx="2"/>')
        parts.append(f'<text x="{x + 17}" y="24">{said}</text>')
    return parts


def _bars(top: int, name: str, ours: float, plain: float, scale: _Scale) -> list[str]:
    """A pair of bars, with their values and how many times the lower one the upper one is."""
    parts = [f'<text x="{_LEFT - 10}" y="{top + 16}" text-anchor="end">{escape(name)}</text>']
    for place, (kind, value) in enumerate((("ours", ours), ("plain", plain))):
        y, width = top + place * (_BAR + 1), scale.width(value)
        said = f"{value:,.0f}" + (f" ({ours / plain:.3g}×)" if kind == "ours" else "")
        parts.append(f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2"/>')
        parts.append(f'<text class="quiet" x="{_LEFT + width + 6:.1f}" y="{y + 10}">{said}</text>')
    return parts
