"""Papers and drawings as pictures, and what a scanner reads on them."""

import pypdfium2
import typst
import zxingcpp
from PIL import Image

BARS, QR = "Code 128", "QR Code"


def pages(pdf: bytes, dpi: int = 300) -> list[Image.Image]:
    """As a laser printer would put them down, in grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def thermal(page: Image.Image, turned: float = 0.0) -> Image.Image:
    """Black or white, nothing between, a little askew (degrees) under the scanner."""
    dots = page.point(lambda tone: 255 if tone > 127 else 0)
    return dots.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def read(page: Image.Image) -> set[tuple[str, str]]:
    """(kind of code, its text) of all codes on it."""
    return {(str(found.format), found.text) for found in zxingcpp.read_barcodes(page)}


def drawn(svg: str, width: float, height: float = 0, dpi: int = 300) -> Image.Image:
    """An SVG on a dark sheet, `width` mm wide, as tall as it wants or `height` mm."""
    size = f"width: {width}mm" + (f", height: {height}mm" if height else "")
    sheet = (
        f'#set page(width: auto, height: auto, margin: 5mm, fill: black)\n#image(bytes(sys.inputs.svg), format: "svg", {size})'
    )
    pdf = typst.compile(sheet.encode(), sys_inputs={"svg": svg}, format="pdf")
    return pages(pdf, dpi)[0]
