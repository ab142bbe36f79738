"""What stands for the explorer in a saved notebook before anything has been drawn."""

from __future__ import annotations

WIDTH, HEIGHT = 560, 84
FONTS = "Helvetica, Arial, sans-serif"


def invitation_svg() -> str:
    """A card that says what the cell is."""
    words = ("Explore", "Draw a search space, search it, look inside: run this cell to open it.")
    sizes = (("15", "600", "#1f1f1f", 34), ("13", "400", "#575757", 58))
    lines = "".join(
        f'<text x="20" y="{y}" font-family="{FONTS}" font-size="{size}" font-weight="{weight}" fill="{ink}">{text}</text>'
        for text, (size, weight, ink, y) in zip(words, sizes, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>{words[0]}</title>"
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8" fill="#ffffff" stroke="#e3e3e3"/>{lines}</svg>'
    )
