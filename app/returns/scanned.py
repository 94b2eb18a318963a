"""What a scanner reads off a label, or a hand types, as the code of a return."""

import re

# Crockford's alphabet has none of these letters: who types one has read it wrongly.
MISREAD = str.maketrans("ILO", "110")
IN_ADDRESS = re.compile(r"[?&]code=([^&#]*)")
CODE = re.compile(r"R-[0-9A-HJKMNP-TV-Z]{8}")
LENGTH = 8  # letters behind the “R-”: they may begin with an R themselves


def code(text: str) -> str:
    """“R-7K3F9QXM”, or an empty text for what can be none. The label's QR code says an address that ends in it (`papers.url`),
    the bars and the letters below them the code alone; spaces, small letters and a missing “R-” or “-” do not matter."""
    named = IN_ADDRESS.search(text)
    last = named[1] if named else text.strip().rstrip("/").rpartition("/")[2]
    letters = "".join(last.split()).upper()
    if len(letters) > LENGTH:
        letters = letters.removeprefix("R").removeprefix("-")
    found = f"R-{letters.translate(MISREAD)}"
    return found if CODE.fullmatch(found) else ""
