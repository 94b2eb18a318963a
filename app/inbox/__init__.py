"""One place for every word between customers, sellers and the shop.

tables      a thread, its messages and their files
kept        a thread as it is kept, whoever asks
about       what a thread is about, as it stood when it began: an order, a return, or nothing
starting    beginning one                   posting     saying something in one
putting     what somebody does with theirs alone: read, archived, muted, kept
words       texts as terms to be looked for  searching   which threads say them
"""
