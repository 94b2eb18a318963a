"""Authenticators that Chromium plays: each belongs to one page (CDP's WebAuthn domain)."""

from typing import Any

from playwright.sync_api import CDPSession, Page, expect

# Chromium's authenticators answer at once what a page offers by itself; a person would have to choose.
NOT_BY_ITSELF = "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Authenticator:
    """A phone's own by default: keeps passkeys, verifies its person, is always touched at once."""

    def __init__(self, page: Page, **about: Any) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, **about,
        }  # fmt: skip
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def send(self, method: str, **arguments: Any) -> Any:
        return self.session.send(f"WebAuthn.{method}", {"authenticatorId": self.id, **arguments})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.send("getCredentials")["credentials"]
        return found

    def remove(self) -> None:
        self.send("removeVirtualAuthenticator")


def add(page: Page, name: str = "") -> list[str]:
    """Answers the recovery codes, where they are shown."""
    page.goto("/account/passkeys/new")
    if name:
        page.locator("#name").fill(name)
    use(page)
    expect(page.locator(".codes, #passkeys").first).to_be_visible()
    return page.locator(".codes code").all_text_contents()


def use(page: Page) -> None:
    page.locator("passkey-button button").click()


def remove_one(page: Page) -> None:
    """On the page of security: what asks first is opened first."""
    page.locator("details:has(form[action$='/removal']) summary").first.click()
    with page.expect_navigation():
        page.locator("form[action$='/removal'] button").first.click()
