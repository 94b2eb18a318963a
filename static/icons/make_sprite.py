"""Make sprite.svg from a Lucide folder: the icons named in ICONS, and our own mark. For developers; nothing runs it.

npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
python static/icons/make_sprite.py package/icons
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent


def inside(path: Path) -> str:
    """What is between the svg tags, on one line, without comments."""
    text = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.S)
    found = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S)
    if found is None:
        raise ValueError(f"{path} is no SVG picture")
    return re.sub(r"\s*\n\s*", "", found[1]).replace(" />", "/>")


def symbol(name: str, size: int, body: str) -> str:
    return f'<symbol id="{name}" viewBox="0 0 {size} {size}">{body}</symbol>'


def main(folder: Path) -> None:
    names = (HERE / "ICONS").read_text("utf-8").split()
    symbols = [symbol(name, 24, inside(folder / f"{name}.svg")) for name in names]
    symbols.append(symbol("mark", 64, inside(HERE / "mark.svg")))
    (HERE / "sprite.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
