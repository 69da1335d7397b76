"""Bind rules and the served page's resources."""

from __future__ import annotations

import re
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from bot.errors import SettingsError, UsageError
from bot.users import Users
from bot.web import serve
from tests.support import settings_for

OUTSIDE = re.compile(r"^(?:https?:)?//")
_LOADING = re.compile(
    r"""(?:<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=|@import\s*(?:url\()?|url\()\s*["']?([^"')\s>]+)"""
)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "office-server"])
def test_other_machines_are_refused_without_a_login(host: str, tmp_path: Path) -> None:
    """A host that others can reach ends with a setting error before anything is opened."""
    with pytest.raises(SettingsError) as raised:
        serve.serve(settings_for(tmp_path / "data"), host=host, port=0)
    assert str(raised.value) == (
        f"不能在 {host} 上提供网页：其他机器可以访问该地址，而还没有登录用户。"
        "请先用 zhenggai user add 用户名 添加用户，或使用 --host 127.0.0.1（仅本机访问）"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_this_machine_is_served(host: str, tmp_path: Path) -> None:
    """Every spelling of the loopback address is allowed without users; with users a login is needed there too."""
    users = Users(tmp_path)
    assert serve.needs_login(host, users) is False
    users.add("张三", "临湘-2021-abc")
    assert serve.needs_login(host, users) is True
    assert serve.needs_login("0.0.0.0", users) is True


@pytest.mark.server
@pytest.mark.parametrize(("host", "others"), [("127.0.0.1", ""), ("0.0.0.0", "127.0.0.1 换成本机的 IP 地址")])
def test_the_address_that_is_told_opens_the_page(host: str, others: str) -> None:
    """0.0.0.0 is no address to type: the machine's own one is told, and what to do on others."""
    with serve.listen(host, 0) as bound:
        assert serve.address(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert others in serve._others(bound)
        assert bool(others) == bool(serve._others(bound))


@pytest.mark.server
def test_a_taken_port_is_said_in_one_line() -> None:
    """A port in use names the port and the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as raised:
            serve.listen("127.0.0.1", port)
    assert str(raised.value) == f"端口 {port} 已被占用：请关闭占用它的程序，或用 --port 指定别的端口"


@pytest.mark.server
def test_no_resource_of_the_page_comes_from_another_host(site: str) -> None:
    """Whatever the page and its style sheets load by an address is loaded from the server itself, and exists."""
    html = fetch(site)
    # The theme is loaded by script, so that no tag names it.
    seen = dict(resources(site, html + '<link href="theme.css">'))
    assert [address for address in seen if not address.startswith(site)] == []
    assert len(seen) >= 4
    assert "fonts.googleapis" not in html
    assert "cdnjs" not in html


@pytest.mark.server
def test_no_file_of_the_machine_is_served(site: str, seed_folder: Path) -> None:
    """Gradio's file route gives neither the data folder nor the program nor the system."""
    for path in (seed_folder / "catalogue.sqlite", Path(serve.__file__), Path("/etc/passwd")):
        with pytest.raises(urllib.error.HTTPError) as raised:
            fetch(f"{site}/gradio_api/file={path}")
        assert raised.value.code in (403, 404)


def resources(base: str, html: str) -> Iterator[tuple[str, str]]:
    """(address, content) of what a page loads by tags and style sheets."""
    # The base address of the page is its own; inline scripts are no addresses.
    for reference in dict.fromkeys(_LOADING.findall(html)):
        if reference.startswith(("data:", "blob:", "#")):
            continue
        address = urljoin(f"{base}/", reference)
        content = fetch(address) if address.startswith(base) else ""
        yield address, content
        if address.endswith(".css"):
            yield from resources(address.rsplit("/", 1)[0], content)


def fetch(address: str) -> str:
    """The text at an address."""
    with urllib.request.urlopen(address, timeout=30) as response:
        body: bytes = response.read()
    return body.decode("utf-8", "replace")
