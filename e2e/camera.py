"""A camera that sees one picture, and what Chromium on a desktop does not have: a detector of codes in it."""

import base64
import io
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from e2e.counter import Counter

SIZE = (640, 480)
# As the browsers that have it: of what stands before the camera it tells the codes. Each frame is drawn and read outside.
DETECTOR = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code', 'ean_13', 'code_128']; }

  constructor({ formats }) { this.formats = formats; }

  async detect(video) {
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext('2d').drawImage(video, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return readCodes(btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join('')), this.formats);
  }
};
"""


def seeing(file: Path) -> list[str]:
    """How the browser is started whose camera sees what `held_before` has written."""
    return ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={file}"]


def held_before(file: Path, picture: Image.Image) -> None:
    """As a film of one frame (YUV4MPEG2), a little askew, in the hand of somebody."""
    seen = Image.new("L", SIZE, 90)
    held = picture.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=90)
    held.thumbnail((SIZE[0] - 20, SIZE[1] - 20))
    seen.paste(held, ((SIZE[0] - held.width) // 2, (SIZE[1] - held.height) // 2))
    grey = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    file.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\nFRAME\n" % SIZE + seen.tobytes() + grey)


def label(counter: Counter, token: str, path: str) -> Image.Image:
    """A paper of the counter's as it is printed, from the desk of whose session it is; the corner with the QR code alone."""
    answer = httpx.get(f"{counter.url}{path}", cookies={"session": token})
    assert answer.status_code == 200, answer.text
    page = pypdfium2.PdfDocument(answer.content)[0].render(scale=4).to_pil().convert("L")
    (code,) = [it for it in zxingcpp.read_barcodes(page) if it.text.startswith("http")]
    corners = [getattr(code.position, name) for name in ("top_left", "top_right", "bottom_left", "bottom_right")]
    xs, ys = sorted(it.x for it in corners), sorted(it.y for it in corners)
    return page.crop((xs[0] - 40, ys[0] - 40, xs[-1] + 40, ys[-1] + 40))


def watched(page: Page) -> list[tuple[int, int]]:
    """The sizes of the frames that came; page's detector reads them here."""
    frames: list[tuple[int, int]] = []

    def read(picture: str, kinds: list[str]) -> list[dict[str, Any]]:
        frame = Image.open(io.BytesIO(base64.b64decode(picture)))
        frames.append(frame.size)
        found = zxingcpp.read_barcodes(frame)
        return [{"rawValue": it.text} for it in found if str(it.format).lower().replace(" ", "_") in kinds]

    page.expose_function("readCodes", read)
    page.add_init_script(DETECTOR)
    return frames
