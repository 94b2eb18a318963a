"""What the meter says: the score and the effort in words, and our own words for each warning and suggestion of zxcvbn's.

Theirs are the keys. A text that a newer release adds is left out until it is here (`test_password_strength.py` tells).
"""

from app.i18n import _, voice

GUESSES_PER_SECOND = 1e4  # with a stolen table: what argon2id leaves to a fast computer, told on the cautious side
MINUTE, CENTURY = 60, 100 * 365 * 86_400  # seconds


def of_score(score: int) -> str:
    return (_("Very weak"), _("Weak"), _("Not strong enough yet"), _("Strong"), _("Very strong"))[score]


def effort(guesses: float) -> str:
    seconds = guesses / GUESSES_PER_SECOND
    if seconds < MINUTE:
        return _("A computer would guess it at once.")
    if seconds > CENTURY:
        return _("A computer would need centuries to guess it.")
    return _("A computer would need about {time} to guess it.").format(time=voice().lasting(seconds))


def warning(said: str) -> str:
    """An empty text for none."""
    return {
        "Straight rows of keys are easy to guess.": _("A row of keys is easy to guess."),
        "Short keyboard patterns are easy to guess.": _("A short pattern on the keyboard is easy to guess."),
        'Repeats like "aaa" are easy to guess.': _("One character again and again, such as “aaa”, is easy to guess."),
        'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _(
            "“abcabcabc” is hardly more difficult to guess than “abc”."
        ),
        'Sequences like "abc" or "6543" are easy to guess.': _("Sequences such as “abc” or “6543” are easy to guess."),
        "Recent years are easy to guess.": _("Years of our time are easy to guess."),
        "Dates are often easy to guess.": _("Dates are often easy to guess."),
        "This is a top-10 common password.": _("This is one of the ten commonest passwords."),
        "This is a top-100 common password.": _("This is one of the hundred commonest passwords."),
        "This is a very common password.": _("Very many people have this password."),
        "This is similar to a commonly used password.": _("It is nearly a password that very many people have."),
        "A word by itself is easy to guess.": _("One word alone is easy to guess."),
        "Names and surnames by themselves are easy to guess.": _("A name alone is easy to guess."),
        "Common names and surnames are easy to guess.": _("Names are easy to guess."),
    }.get(said, "")


def advice(said: str) -> str:
    return {
        "Use a few words, avoid common phrases.": _("Use a few words, but no well-known phrase."),
        "No need for symbols, digits, or uppercase letters.": _("It needs no signs, digits or capitals."),
        "Add another word or two. Uncommon words are better.": _("Add another word or two, the rarer the better."),
        "Use a longer keyboard pattern with more turns.": _("Make the pattern on the keyboard longer, with more turns."),
        "Avoid repeated words and characters.": _("Repeat no words and no characters."),
        "Avoid sequences.": _("Use no sequences."),
        "Avoid recent years.": _("Use no year of our time."),
        "Avoid years that are associated with you.": _("Use no year that has to do with you."),
        "Avoid dates and years that are associated with you.": _("Use no date and no year that has to do with you."),
        "Capitalization doesn't help very much.": _("A capital at the beginning hardly helps."),
        "All-uppercase is almost as easy to guess as all-lowercase.": _("All in capitals is nearly as easy to guess."),
        "Reversed words aren't much harder to guess.": _("A word written backwards is hardly more difficult to guess."),
        "Predictable substitutions like '@' instead of 'a' don't help very much.": _("“@” in place of “a” hardly helps."),
    }.get(said, "")
