"""Every page on both screens, in both languages, light and dark: accessible, within the screen, silent, blocked by nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page

from e2e import every_page, steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch


@pytest.mark.parametrize("name", every_page.EVERY)
def test_is_accessible_and_within_the_screen(look: Visit, watch: Watch, counter: Counter, name: str) -> None:
    """On a desktop, then the same page in a hand: opening it takes longer than looking."""
    page = _opened(name, "desktop", "en", look, watch, counter)
    problems = _in_light_and_dark(page, "desktop") | _on_other_widths(page)
    turned = page.context.new_cdp_session(page)
    problems |= _in_light_and_dark(page, "phone", lambda: _hold_in_the_hand(turned)) | {"zoom": _small_fields(page)}
    every_page.leave(name, page)
    assert not any(problems.values()), problems


@pytest.mark.parametrize("name", every_page.EVERY)
def test_is_accessible_and_within_the_screen_in_french(look: Visit, watch: Watch, counter: Counter, name: str) -> None:
    """On a phone; its colours are those of the English page. Longer words need other widths, too."""
    page = _opened(name, "phone", "fr", look, watch, counter)
    problems = {"phone": steps.inaccessible(page, colours=False) + _over(page), "zoom": _small_fields(page)}
    problems |= _on_other_widths(page)
    every_page.leave(name, page)
    assert not any(problems.values()), problems


def test_the_check_itself_finds_a_field_without_a_name_and_a_page_that_is_too_wide(visit: Visit) -> None:
    page = visit()
    page.goto("/account/profile")
    assert steps.inaccessible(page) + _over(page) == []
    page.evaluate("document.querySelector('label[for=name]').remove()")
    page.evaluate("document.querySelector('#main').style.inlineSize = '200vw'")
    assert any(one.startswith("label") for one in steps.inaccessible(page))
    assert "MAIN." in _over(page)


def _opened(name: str, screen: str, locale: str, look: Visit, watch: Watch, counter: Counter) -> Page:
    if name in every_page.REFUSALS:
        watch.allow(every_page.REFUSALS[name])
    page = look(screen, who=every_page.WHO.get(name, ""), locale=locale, here=name in every_page.FROM_HERE)
    every_page.open_one(name, page, counter)
    assert page.locator("html").get_attribute("lang") == locale
    return page


def _in_light_and_dark(page: Page, screen: str, turn: Callable[[], object] = bool) -> dict[str, list[str]]:
    """`turn` is asked anew for each: a change of colours gives the page back its first size."""
    problems = {}
    for scheme, colours in (("light", None), ("dark", True)):
        page.emulate_media(color_scheme=scheme)
        turn()
        steps.until(page, "document.getAnimations().every((it) => it.playState !== 'running')")
        problems[f"{screen}, {scheme}"] = steps.inaccessible(page, colours) + _over(page)
    return problems


def _hold_in_the_hand(page: CDPSession) -> None:
    size = SCREENS["phone"]["viewport"]
    page.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 2, "mobile": True})
    page.send("Emulation.setTouchEmulationEnabled", {"enabled": True})


def _on_other_widths(page: Page) -> dict[str, list[str]]:
    """WCAG 2.2, 1.4.10 and 1.4.4: a desktop at 400 % and at 200 %, and letters alone at 200 %."""
    found = {}
    for width, letters in ((640, "100%"), (320, "100%"), (1280, "100%"), (1280, "200%")):
        page.set_viewport_size({"width": width, "height": 512})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", letters)
        found[f"{width} px, letters {letters}"] = _over(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def _small_fields(page: Page) -> list[str]:
    """Where something can be typed or chosen in letters under 16 px, iOS zooms in when it is touched, and never out again."""
    return page.locator("input, select, textarea").evaluate_all(
        """(all) => all.filter((it) => !/^(checkbox|radio|hidden|file|submit|button)$/.test(it.type))
          .map((it) => [it.id || it.name, getComputedStyle(it).fontSize]).filter(([, size]) => parseFloat(size) < 16)"""
    )


def _over(page: Page) -> list[str]:
    """What reaches over the edge, when the page can be rolled sideways."""
    if page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        return []
    return page.locator("body *").evaluate_all(
        """(all) => all.filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
          .map((it) => `${it.tagName}.${it.className}`).slice(0, 8)"""
    )
