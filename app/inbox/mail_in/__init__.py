"""A mail read: who wrote it, what is said in it and what is quoted, whether a machine sent it. Knows nothing of threads.

`reading` takes it apart, `charsets` makes letters of bytes, `page_text` lines of HTML, `plain_text` lines of text; `cutting`
tells with `quotes` and `closings` what is said from what was there before; `machines` and `proofs` read its headers.
"""
