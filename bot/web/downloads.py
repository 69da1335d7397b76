"""Files that the page hands out, made at the moment they are asked for: nothing is written to disk for them.

Plain addresses behind the login: ledger, conversations, audit log, reports of evaluations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Query, Request
from fastapi.responses import PlainTextResponse, Response

from bot.audit import Wanted, parse_day, to_csv
from bot.errors import ZhenggaiError
from bot.web import briefing
from bot.web.access import visitor_of
from bot.web.desk import Desk
from bot.web.shelf import Conversation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
Many = Annotated[list[str], Query()]


def add(app: FastAPI, desk: Desk) -> None:
    """Register the addresses."""
    _add_ledger(app, desk)
    _add_conversations(app, desk)
    _add_audit(app, desk)
    _add_reports(app, desk)
    briefing.add_download(app, desk, _file)


def _add_ledger(app: FastAPI, desk: Desk) -> None:
    from bot.ledger import LedgerFilter, parse_status, parse_year, select, sources
    from bot.ledger.export import to_csv as ledger_csv
    from bot.ledger.export import to_xlsx

    @app.get("/download/ledger.{form}")
    def ledger(
        form: str,
        status: Many = [],  # noqa: B006  (FastAPI copies it)
        place: str = "",
        year: str = "",
        category: str = "",
        theme: Many = [],  # noqa: B006
        keyword: str = "",
        notice: Many = [],  # noqa: B006
    ) -> Response:
        def made() -> tuple[bytes, str]:
            wanted = LedgerFilter(
                parse_status(status), place, parse_year(year), category, tuple(theme), keyword, tuple(notice)
            )
            rows = select(desk.store, wanted)
            if form == "csv":
                return ledger_csv(rows), CSV
            return to_xlsx(rows, sources(desk.store, rows)), XLSX

        return _file(f"整改台账.{form}", made) if form in ("csv", "xlsx") else _nothing()


def _add_conversations(app: FastAPI, desk: Desk) -> None:
    from bot.web.transcript import to_docx, to_text

    @app.get("/download/conversation/{name}.{form}")
    def conversation(name: str, form: str, request: Request) -> Response:
        found: Conversation | None = desk.shelf.get(visitor_of(request).owner, name)
        if found is None or form not in ("docx", "txt"):
            return _nothing()
        if form == "txt":
            return _file("问答记录.txt", lambda: (to_text(found).encode("utf-8-sig"), TEXT))
        return _file("问答记录.docx", lambda: (to_docx(found), DOCX))


def _add_audit(app: FastAPI, desk: Desk) -> None:
    @app.get("/download/audit.csv")
    def audit(request: Request, user: str = "", since: str = "", until: str = "", keyword: str = "") -> Response:
        if not visitor_of(request).audits:
            return PlainTextResponse("只有管理员可以导出审计记录。", 403)

        def made() -> tuple[bytes, str]:
            return to_csv(desk.audit.entries(Wanted(user, parse_day(since), parse_day(until), keyword))), CSV

        return _file("审计记录.csv", made)


def _add_reports(app: FastAPI, desk: Desk) -> None:
    from bot.web.evaluation import REFUSED, report

    @app.get("/download/eval/{run}.html")
    def evaluation(run: str, request: Request, baseline: str = "") -> Response:
        if not visitor_of(request).manages:
            return PlainTextResponse(REFUSED, 403)
        return _file(f"评测报告-{run}.html", lambda: (report(desk.settings.data, run, baseline), HTML))


def _file(name: str, made: Callable[[], tuple[bytes, str]]) -> Response:
    """A file to be saved; an expected failure is a line of text."""
    try:
        data, kind = made()
    except ZhenggaiError as error:
        return PlainTextResponse(str(error), 400)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(data, media_type=kind, headers=headers)


def _nothing() -> Response:
    return PlainTextResponse("没有这个文件。", 404)
