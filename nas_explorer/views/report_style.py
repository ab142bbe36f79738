"""The style sheet of the report: the palette's colours as CSS variables, light, dark, and light again on paper."""

from __future__ import annotations

from dataclasses import fields

from nas_explorer.views.palette import DARK, LIGHT, Palette, css_name


def variables(colours: Palette) -> str:
    """Every colour of a palette as a CSS custom property."""
    plain = [f"{css_name(f.name)}:{getattr(colours, f.name)}" for f in fields(Palette) if f.name not in ("name", "operations", "font")]
    return ";".join(plain + [f"--op-{family}:{colour}" for family, colour in colours.operations.items()])


STYLE = (
    f""":root{{color-scheme:light dark;{variables(LIGHT)}}}
@media screen and (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}
"""
    + """*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/20px system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:940px;margin:0 auto;padding:32px 24px 64px}
h1{display:inline;font-size:22px;line-height:28px;margin:0 10px 0 0;overflow-wrap:anywhere}
h2{font-size:15px;line-height:20px;margin:0 0 12px}h3{font-size:13px;margin:0 0 8px}
.note{font-weight:400;font-size:12px;color:var(--ink-2);margin-left:6px}
section{border-top:1px solid var(--line);padding:20px 0}header{padding-bottom:20px}
p{max-width:70ch;color:var(--ink-2)}
.chip{display:inline-block;font-size:11px;line-height:16px;font-weight:500;padding:1px 8px;border-radius:10px;
background:var(--sub-2);color:var(--ink-2)}
.chip.finished{background:var(--ok-bg);color:var(--ok)}.chip.failed{background:var(--err-bg);color:var(--err)}
.chip.running{background:var(--brand-bg);color:var(--brand-ink)}.chip.paused{background:var(--warn-bg);color:var(--warn)}
dl{margin:0}dt{color:var(--ink-2);font-size:12px;line-height:16px}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.numbers,.facts{display:flex;flex-wrap:wrap;gap:12px 32px}.numbers dd{font-size:16px;line-height:22px}
.settings>div{display:grid;grid-template-columns:150px 1fr;gap:12px;padding:4px 0;border-bottom:1px solid var(--line)}
.settings dd{font-weight:400}.settings dt{line-height:20px}
figure{margin:0}figcaption{font-size:12px;color:var(--ink-2);margin-top:4px}
svg{display:block;max-width:100%;height:auto}
article{border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin-bottom:12px;break-inside:avoid}
.diagram{overflow-x:auto;margin:0 0 10px}
code,pre{font:12px/18px ui-monospace,Menlo,Consolas,monospace;color:var(--ink-2);overflow-wrap:anywhere;white-space:pre-wrap}
code{display:block;margin-top:10px}
table{border-collapse:collapse;width:100%;font-size:12px;line-height:16px}
th{font-weight:500;color:var(--ink-2);white-space:nowrap}th,td{text-align:right;padding:6px 8px;border-bottom:1px solid var(--line)}
tr>:first-child,.tiles,.words{text-align:left}tbody th{color:var(--ink)}.tiles svg{max-width:none}
summary{cursor:pointer;color:var(--ink-2)}
@media print{body{font-size:12px}main{max-width:none;padding:0}section{break-inside:avoid-page}tr{break-inside:avoid}}
"""
)
