"""News for people: what of an event is worth telling, to whom, in which words, and on which way it reaches them."""
