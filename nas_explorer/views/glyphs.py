"""The drawn signs of operations, in a box of 16 by 16: geometry only, the colour comes from whoever draws.

Operations are never told apart by colour alone, so each has its sign. In a geometry `{c}` stands for the colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _squares(first: float, step: float, side: float, count: int) -> str:
    """Path data of a grid of count x count squares."""
    at = [f"{first + step * i:g}" for i in range(count)]
    return "".join(f"M{x} {y}h{side:g}v{side:g}h-{side:g}z" for x in at for y in at)


_BARS = '<path fill="{c}" d="M2 2.5h8v2.6H2zM2 6.7h8v2.6H2zM2 10.9h8v2.6H2zM11.8 6.2h3v3.6h-3z"/>'
_FUNNEL = '<path fill="none" stroke="{c}" stroke-width="1.5" stroke-linejoin="round" d="M2 3.5h12l-4 9.2H6z"/>'

GLYPHS: Mapping[str, str] = MappingProxyType(
    {
        "op-c1": '<rect x="2.75" y="2.75" width="10.5" height="10.5" rx="2" fill="none" stroke="{c}" stroke-width="1.5"/>'
        '<path fill="{c}" d="M6 6h4v4H6z"/>',
        "op-c3": f'<path fill="{{c}}" d="{_squares(2, 4.5, 3, 3)}"/>',
        "op-c5": f'<path fill="{{c}}" d="{_squares(1.6, 2.7, 1.9, 5)}"/>',
        "op-dil": f'<path fill="{{c}}" d="{_squares(1.2, 5.6, 2.4, 3)}"/>',
        "op-sep": _BARS,
        "op-dw": _BARS,
        "op-pool": _FUNNEL + '<path stroke="{c}" stroke-width="1.5" d="M5.6 7.2h4.8"/>',
        "op-maxp": _FUNNEL + '<path fill="{c}" d="M8 5.4l2.3 3.6H5.7z"/>',
        "op-skip": '<path fill="none" stroke="{c}" stroke-width="1.6" stroke-linecap="round" '
        'd="M2.5 11.5C3 4.2 11 2.8 13 9.6"/><path fill="{c}" d="M10.2 9.4l5-1.1-1.6 4.9z"/>'
        '<circle cx="2.6" cy="11.8" r="1.7" fill="{c}"/>',
        "op-none": '<circle cx="8" cy="8" r="5.3" fill="none" stroke="{c}" stroke-width="1.5" stroke-dasharray="2.6 1.9"/>'
        '<path stroke="{c}" stroke-width="1.5" stroke-linecap="round" d="M4.6 11.4l6.8-6.8"/>',
        "op-attn": '<path stroke="{c}" stroke-width="1.1" d="M3.5 3.5L12.5 12.5M3.5 12.5L12.5 3.5M3.5 3.5H12.5M3.5 12.5H12.5"/>'
        '<g fill="{c}"><circle cx="3.5" cy="3.5" r="2"/><circle cx="12.5" cy="3.5" r="2"/>'
        '<circle cx="3.5" cy="12.5" r="2"/><circle cx="12.5" cy="12.5" r="2"/></g>',
        "op-dense": '<path stroke="{c}" stroke-width="1" d="M3.5 3L12.5 5.5M3.5 3L12.5 10.5M3.5 8L12.5 5.5M3.5 8L12.5 10.5'
        'M3.5 13L12.5 5.5M3.5 13L12.5 10.5"/><g fill="{c}"><circle cx="3.5" cy="3" r="1.7"/>'
        '<circle cx="3.5" cy="8" r="1.7"/><circle cx="3.5" cy="13" r="1.7"/><circle cx="12.5" cy="5.5" r="1.7"/>'
        '<circle cx="12.5" cy="10.5" r="1.7"/></g>',
        "op-act": '<path fill="none" stroke="{c}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" d="M2 11.5h6l5.5-7"/>',
    }
)
