"""Every page on both screens, in both languages, light and (in one of them) dark: accessible, within the screen, silent,
blocked by nothing."""

import pytest
from playwright.sync_api import Page

from e2e import every_page, steps
from e2e.conftest import SCREENS, ZONES, Visit
from e2e.counter import Counter
from e2e.watch import Watch


@pytest.mark.parametrize("name", every_page.EVERY)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("locale", ZONES)
def test_is_accessible_and_within_the_screen_in_light_and_dark(
    look: Visit, watch: Watch, counter: Counter, screen: str, locale: str, name: str
) -> None:
    if name in every_page.REFUSALS:
        watch.allow(every_page.REFUSALS[name])
    page = look(screen, who=every_page.WHO.get(name, ""), locale=locale, here=name in every_page.FROM_HERE)
    every_page.open_one(name, page, counter)
    problems = {}
    colours: dict[str, bool | None] = {"light": None, "dark": True} if locale == "en" else {"light": False}
    for scheme, asked in colours.items():
        page.emulate_media(color_scheme=scheme)
        steps.until(page, "document.getAnimations().every((it) => it.playState !== 'running')")
        problems[scheme] = steps.inaccessible(page, asked) + _over(page)
    if screen == "phone":
        problems["zoom"] = _small_fields(page)
    if screen == "desktop":
        problems |= _on_other_widths(page)
    every_page.leave(name, page)
    assert not any(problems.values()), problems
    assert page.locator("html").get_attribute("lang") == locale


def test_the_check_itself_finds_a_field_without_a_name_and_a_page_that_is_too_wide(visit: Visit) -> None:
    page = visit()
    page.goto("/account/profile")
    assert steps.inaccessible(page) + _over(page) == []
    page.evaluate("document.querySelector('label[for=name]').remove()")
    page.evaluate("document.querySelector('#main').style.inlineSize = '200vw'")
    assert any(one.startswith("label") for one in steps.inaccessible(page))
    assert "MAIN." in _over(page)


def _on_other_widths(page: Page) -> dict[str, list[str]]:
    """WCAG 2.2, 1.4.10 and 1.4.4: a desktop at 400 % and at 200 %, and letters alone at 200 %."""
    found = {}
    for width, letters in ((640, "100%"), (320, "100%"), (1280, "200%")):
        page.set_viewport_size({"width": width, "height": 512})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", letters)
        found[f"{width} px, letters {letters}"] = _over(page)
    page.set_viewport_size(SCREENS["desktop"]["viewport"])
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
