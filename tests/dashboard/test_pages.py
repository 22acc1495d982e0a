"""The pages: behind the token, live without a click, and with nothing from the network; in a real browser where there is one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from kb.graph import Graph, look, withdraw
from tests.conftest import missing
from tests.system import System, running, states

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

SCRIPT = "<script>alert('taken')</script> Ministers meet"
ARTICLE = f"""{SCRIPT}

Erna Solberg met Angela Merkel in Oslo on January 8, 2020. <img src=x onerror=alert(1)>

Norway urged Chile to hold talks with Peru.
"""
_BROWSER = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_BROWSER += ["--disable-component-update", "--disable-sync", "--disable-quic"]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("pages") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def address(system: System) -> str:
    url = f"http://127.0.0.1:{system.settings().dashboard_port}"
    system.wait("the page", lambda: _alive(url))
    return url


@pytest.fixture(scope="module")
def token(system: System) -> str:
    return (system.home / "run" / "token").read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=_BROWSER)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, address: str, token: str) -> Iterator[Page]:
    context = browser.new_context()
    found = context.new_page()
    found.goto(f"{address}/?token={token}")
    yield found
    context.close()


def _alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_without_the_token_there_is_nothing(address: str) -> None:
    for path in ("/", "/fact/x", "/_nicegui/static/nicegui.js", "/readyz", "/?token=wrong"):
        answer = httpx.get(address + path)
        assert (answer.status_code, "kb up" in answer.text) == (401, True)
    assert httpx.get(f"{address}/healthz").json() == {"alive": True}


def test_the_token_is_traded_for_a_cookie_that_scripts_and_other_sites_cannot_use(address: str, token: str) -> None:
    answer = httpx.get(f"{address}/?token={token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert token not in cookie
    inside = httpx.get(address, cookies=dict(answer.cookies))
    assert inside.status_code == 200
    policy = inside.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert inside.headers["x-content-type-options"] == "nosniff"


def test_another_host_or_origin_is_refused(address: str, token: str) -> None:
    cookies = dict(httpx.get(f"{address}/?token={token}").cookies)
    assert httpx.get(address, cookies=cookies, headers={"Host": "evil.example"}).status_code == 421
    assert httpx.get(address, cookies=cookies, headers={"Origin": "https://evil.example"}).status_code == 403
    redirect = httpx.get(f"{address}//evil.example/?token={token}")
    assert redirect.headers["location"].startswith("/evil.example")


def test_it_says_when_all_it_needs_is_there(system: System, address: str, token: str) -> None:
    cookies = dict(httpx.get(f"{address}/?token={token}").cookies)
    system.wait("readiness", lambda: httpx.get(f"{address}/readyz", cookies=cookies).status_code == 200)
    assert httpx.get(f"{address}/readyz", cookies=cookies).json()["graph"] is True


@pytest.mark.browser
def test_a_dropped_file_shows_its_facts_without_a_click(system: System, page: Page) -> None:
    assert page.get_by_text("No facts yet").is_visible()
    dialogs: list[Dialog] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108  a built-in method has no attributes
    system.drop("north.txt", ARTICLE)
    page.get_by_text("MEETING occurred · Angela Merkel – Erna Solberg · Oslo · 2020-01-08").wait_for(timeout=20_000)
    page.get_by_text("“Erna Solberg met Angela Merkel in Oslo on January 8, 2020.").first.wait_for()
    assert page.get_by_text(SCRIPT).first.is_visible()
    assert page.get_by_text("publication date unknown").first.is_visible()
    page.get_by_text("looked at and not used").first.click()
    assert page.get_by_text("a call on others to act").is_visible()
    assert dialogs == []


@pytest.mark.browser
def test_a_fact_leads_to_its_sentence_in_the_text(page: Page) -> None:
    page.locator("article.fact a.what").first.click()
    page.get_by_text("That it was said does not make it true").wait_for()
    page.locator("blockquote a").first.click()
    page.locator("mark").first.wait_for()
    assert "Erna Solberg met Angela Merkel" in page.locator("mark").first.inner_text()


@pytest.mark.browser
def test_nothing_comes_from_the_network(page: Page, address: str) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.reload()
    page.locator("article.fact").first.wait_for()
    assert asked
    assert [request.url for request in asked if not request.url.startswith((address, "data:"))] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_dark_and_light(
    browser: Browser, address: str, token: str, scheme: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/?token={token}")
    page.locator("article.fact").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert dark == (scheme == "dark")
    context.close()


@pytest.mark.browser
def test_the_id_of_withdrawn_evidence_says_why(system: System, page: Page, address: str) -> None:
    with Graph.connect(system.settings()) as graph:
        system.wait("the article", lambda: states(graph, "Article") == ["done"])
        sentence = look.facts(graph, all=True)[0].evidence[0]
        page.goto(f"{address}/fact/{sentence.id}")
        page.get_by_text("That it was said").wait_for()
        withdraw(graph, sentence.article_id, "a hoax", os.environ.get("USER", "tester"))
    page.goto(f"{address}/fact/{sentence.id}")
    page.get_by_text("because: withdrawn: a hoax").wait_for()
    page.goto(f"{address}/fact/no-such-id")
    page.get_by_text("Not found").wait_for()
