"""Make templates/parts/icons.html from a Lucide folder: of each icon named in ICONS, one path. For developers; nothing runs it.

npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
python static/icons/make_paths.py package/icons

Drawn in the page itself, an icon is two elements. As `<use>` of a file it is four or more, and a slow phone lays the page out a
second time when they come.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
MADE = HERE.parents[1] / "templates" / "parts" / "icons.html"
NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
FINER = re.compile(r"(?<=\.\d\d)\d+")  # than a hundredth of a unit: nobody sees it
FIRST_MOVE = re.compile(rf"^m({NUMBER})[ ,]?({NUMBER})(?![\d.])[ ,]?(?=[-.\d])|^m")


def path(shape: ElementTree.Element) -> str:
    """One shape as path data that can stand after others: it begins at a place of its own, not where the one before ended."""
    own = {name: float(value) for name, value in shape.attrib.items() if re.fullmatch(NUMBER, value)}
    match shape.tag.rpartition("}")[2]:
        case "path":
            # Pairs that follow a relative move are relative lines; after an absolute one they would be absolute.
            return FIRST_MOVE.sub(lambda found: f"M{found[1]} {found[2]}l" if found[1] else "M", shape.attrib["d"])
        case "polyline":
            return f"M{shape.attrib['points']}"
        case "line":
            return "M{x1:g} {y1:g}L{x2:g} {y2:g}".format(**own)
        case "circle":
            half = f"a{own['r']:g} {own['r']:g} 0 0 0 "
            return f"M{own['cx'] - own['r']:g} {own['cy']:g}{half}{2 * own['r']:g} 0{half}-{2 * own['r']:g} 0"
        case "rect":
            return rect(**own)
        case other:
            raise ValueError(f"a {other} has no path here yet")


def rect(x: float, y: float, width: float, height: float, rx: float = 0, ry: float = 0) -> str:
    """From the top left corner's end, as the clock goes; all corners alike."""
    r = rx or ry
    across, down = f"{width - 2 * r:g}", f"{height - 2 * r:g}"
    corner = [f"a{r:g} {r:g} 0 0 1 {a * r:g} {b * r:g}" if r else "" for a, b in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    return f"M{x + r:g} {y:g}h{across}{corner[0]}v{down}{corner[1]}h-{across}{corner[2]}v-{down}{corner[3]}z"


def main(folder: Path) -> None:
    lines = ["{# Made by static/icons/make_paths.py of Lucide's icons, each 24 units wide and high. #}", "{% set icons = {"]
    for name in (HERE / "ICONS").read_text("utf-8").split():
        shapes = ElementTree.parse(folder / f"{name}.svg").getroot()  # noqa: S314  our own files
        drawn = "".join(map(path, shapes)).replace(" -", "-")
        lines.append(f'"{name}": "{FINER.sub("", drawn)}",')
    MADE.write_text("\n".join([*lines, "} %}", ""]), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
