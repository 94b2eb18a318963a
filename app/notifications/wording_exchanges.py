"""The words for news of what is sent in exchange: cancelled, or dearer than what came back. See `wording_returns.py`."""

from app.i18n import Voice


def words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """Title, body and action by the kind of event."""
    return _called_off(voice) | _proposed(voice)


def _called_off(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """What was to be sent in exchange."""
    _ = voice.gettext
    off, back, see = _("Exchange cancelled: %(what)s"), _("Your money comes back."), _("See the return")
    again = _("The seller makes it good in another way.")
    return {
        "return_exchange_cancelled": (off, back, see),
        "return_exchange_reduced": (_("Exchange cancelled in part: %(what)s"), back, see),
        "claim_exchange_cancelled": (_("Replacement cancelled: %(what)s"), again, _("See the claim")),
    }


def _proposed(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """What is dearer than what came back, and what they say to that."""
    _ = voice.gettext
    see, choose, act = _("See the return"), _("Agree to it, or have your money back."), _("Agree, or money back")
    how, again = _("How to pay it is on the page of the return."), _("The seller looks at it again.")
    instead = _("Money in place of an exchange: %(what)s")
    return {
        "return_exchange_proposed": (_("The one you want costs %(amount)s more: %(what)s"), choose, act),
        "return_exchange_taken_back": (_("No difference to be paid for now: %(what)s"), again, see),
        "return_exchange_agreed": (_("Agreed to pay %(amount)s: %(what)s"), how, see),
        "return_exchange_refused": (_("Money back, as you wanted: %(what)s"), "", see),
        "return_exchange_lapsed": (_("No answer in time: %(what)s"), _("You get your money back."), see),
        "return_money_chosen": (instead, _("As you wanted."), see),
        "return_money_unasked": (instead, _("We have not heard from you in time."), see),
    }
