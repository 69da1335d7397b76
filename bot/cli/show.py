"""An extraction for reading on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bot.records import DETAIL_LABELS, STATUS_LABELS, Date, Extraction, Grounded, Item


def show_extraction(extraction: Extraction, versions: Sequence[tuple[int, str]]) -> None:
    """Head, items and checks of a notice; ``versions``: its former versions."""
    notice = extraction.notice
    rows = [
        ("编号", notice.id),
        ("文件", notice.file),
        ("标题", _text(notice.title)),
        ("发文单位", "、".join(g.text for g in notice.issuer)),
        ("被检查单位", _text(notice.inspected)),
        ("检查组", _text(notice.inspector)),
        ("检查时间", "至".join(d.text for d in (notice.inspection_start, notice.inspection_end) if d)),
        ("反馈日期", _text(notice.feedback_date)),
        ("成文日期", _text(notice.signed_date)),
        ("地区", "、".join(dict.fromkeys(p.canonical for p in notice.places))),
        ("修复", "；".join(notice.source.repairs)),
        ("历史版本", "、".join(f"第{number}版（{when[:10]} 被替换）" for number, when in versions)),
    ]
    for name, value in rows:
        if value:
            click.echo(f"{name}：{value}")
    click.echo(f"\n共 {len(extraction.items)} 个问题")
    for item in extraction.items:
        _show_item(item)
    for check in extraction.checks:
        click.echo(f"核对：{check.message}")


def _show_item(item: Item) -> None:
    detail = item.status.detail
    status = DETAIL_LABELS[detail] if detail else STATUS_LABELS[item.status.value]
    click.echo(f"\n{item.label}  〔{status}〕{_flat(item.problem.text)}")
    for measure in item.measures:
        click.echo(f"    - {measure.marker or ''}{_flat(measure.text)}")


def _text(value: Grounded | Date | None) -> str:
    return _flat(value.text) if value else ""


def _flat(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())
