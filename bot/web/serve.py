"""Serving the page: the bind rules, the ASGI application, the address when it is up."""

from __future__ import annotations

import errno
import ipaddress
import socket
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.errors import SettingsError, UsageError
from bot.users import Users
from vectorstore.quiet import quiet

if TYPE_CHECKING:
    import gradio as gr

    from bot.settings import Settings
    from bot.web.desk import Desk
    from bot.web.guard import Application

Say = Callable[[str], None]
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that mean all of a machine's own, with the one by which it reaches itself."""
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve the workbench until it is interrupted.

    With users everybody has to log in. Raises ``SettingsError`` for a host that other machines can reach where there
    are none, ``UsageError`` where the port is taken, ``StoreError``.
    """
    login = needs_login(host, Users(settings.data))
    listening = listen(host, port)
    with listening, tempfile.TemporaryDirectory(prefix="zhenggai-") as uploads:
        silence(uploads)
        from bot.app import open_store
        from bot.web.desk import Desk
        from bot.web.page import build

        store = open_store(settings, create=True, say=_say)
        try:
            desk = Desk(store, settings)
            run(application(build(desk), desk, login=login), listening, say=_say)
        finally:
            store.close()


def needs_login(host: str, users: Users) -> bool:
    """Whether there are users, who then have to log in. Raises ``SettingsError`` where others could walk in."""
    login = bool(users.all())
    if not login and not is_loopback(host):
        raise SettingsError(
            f"不能在 {host} 上提供网页：其他机器可以访问该地址，而还没有登录用户。"
            "请先用 zhenggai user add 用户名 添加用户，或使用 --host 127.0.0.1（仅本机访问）"
        )
    return login


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a taken port is known before anything is loaded. Raises ``UsageError``."""
    address = host.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"端口 {port} 已被占用：请关闭占用它的程序，或用 --port 指定别的端口") from error
        raise UsageError(f"无法在 {host}:{port} 上监听（{error.strerror}）：请检查 --host 和 --port") from error
    return bound


def silence(uploads: str) -> None:
    """Telemetry off and uploads in a folder of this process, before gradio is imported."""
    import os

    quiet()
    os.environ["GRADIO_TEMP_DIR"] = uploads


def application(page: gr.Blocks, desk: Desk, *, login: bool) -> Application:
    """The page as an ASGI application that loads nothing from other hosts and serves no file of its own choosing.

    ``login``: whether a login is needed. Without one only this machine's own names are answered.
    """
    import gradio as gr
    from fastapi import FastAPI

    from bot.web import assets, downloads, endpoints, look
    from bot.web.access import Access
    from bot.web.guard import Guard

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    options: dict[str, Any] = {
        "theme": look.theme(),
        "css": assets.read("page.css"),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "enable_monitoring": False,
        "show_error": False,
        "allowed_paths": [],
        "blocked_paths": [str(desk.settings.data.absolute())],
        "max_file_size": f"{desk.settings.max_file_mb}mb",
        "mcp_server": True,
    }
    downloads.add(app, desk)
    gr.mount_gradio_app(app, page, path="", **options)
    endpoints.answer_mcp_in_json(page)
    inner = Access(app, Users(desk.settings.data), desk.audit, required=login)
    return Guard(inner, hosts=() if login else _LOOPBACK_NAMES)


def run(app: Application, listening: socket.socket, *, say: Say) -> None:
    """Run the server on the socket until it is interrupted; say the address when it is up."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                say(f"整改通已启动，请用浏览器打开：{address(listening)}{_others(listening)}（按 Ctrl+C 停止）")

    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)
    Server(config).run(sockets=[listening])


def address(listening: socket.socket) -> str:
    """The address to type into a browser of this machine."""
    host, port = listening.getsockname()[:2]
    host = _EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _others(listening: socket.socket) -> str:
    """What to type on other machines, where every address of this one is served."""
    host = listening.getsockname()[0]
    return f"；在其他机器上，请把 {_EVERY_ADDRESS[host]} 换成本机的 IP 地址" if host in _EVERY_ADDRESS else ""


def _say(message: str) -> None:
    """A line for whoever started the server."""
    print(message, flush=True)
