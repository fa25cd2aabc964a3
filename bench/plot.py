# SPDX-License-Identifier: BSD-2-Clause
"""Bar charts as SVG text: groups of labelled bars, nothing else."""

from xml.sax.saxutils import escape

COLOURS = ["#767676", "#a9a9a9", "#c0392b", "#2e6da4", "#6fa8dc", "#e67e22", "#7d9a3c", "#8e6bbf"]
WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 760, 190, 70, 15, 12, 36


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def text(x, y, words, extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" {extra}>{escape(words)}</text>'


def bars(title, groups):
    """groups: {group: {label: value}}; longest value fills the width."""
    longest = max(v for group in groups.values() for v in group.values())
    labels = list(dict.fromkeys(label for group in groups.values() for label in group))
    scale = (WIDTH - LEFT - RIGHT) / longest
    parts, y = [text(10, 22, title, 'font-size="14" font-weight="bold"')], TOP
    for group, values in groups.items():
        if group:
            y += 14
            parts.append(text(10, y, group, 'font-weight="bold"'))
            y += 6
        for label, value in values.items():
            colour = COLOURS[labels.index(label) % len(COLOURS)]
            parts.append(text(LEFT - 8, y + 12, label, 'text-anchor="end"'))
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(value * scale, 1):.1f}" '
                         f'height="{BAR - 2}" fill="{colour}"/>')
            parts.append(text(LEFT + value * scale + 5, y + 12, number(value)))
            y += BAR
        y += GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
            f'viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="12">\n'
            '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")
