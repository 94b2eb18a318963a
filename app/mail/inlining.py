"""A mail's stylesheet, written once in its frame, put into the elements themselves: many mail programs drop the rest.

The one importer of css-inline.
"""

from css_inline import CSSInliner

# What stands in @media stays in the head: dark mode and narrow windows are a matter of the moment. Nothing is ever loaded.
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def inlined(html: str) -> str:
    """The same page, each rule in the `style` of what it is for."""
    return _INLINER.inline(html)
