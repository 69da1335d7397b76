"""The metrics by name: how each is called in Chinese, and which way is better."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "item_f1": "问题 F1",
    "item_precision": "问题 准确率",
    "item_recall": "问题 召回率",
    "item_soft_f1": "问题 F1（软）",
    "measure_f1": "措施 F1",
    "measure_precision": "措施 准确率",
    "measure_recall": "措施 召回率",
    "measure_soft_f1": "措施 F1（软）",
    "sub_measure_f1": "分项措施 F1",
    "measure_marker": "措施序号",
    "verifiable": "可核查",
    "status_accuracy": "状态 正确率",
    "status_over_claims": "状态 过度认定",
    "status_cost": "状态 代价",
    "status_detail": "状态 细分",
    "status_quotes_f1": "状态依据 F1",
    "documents_f1": "文件 F1",
    "quantities_f1": "数量 F1",
    "dates_f1": "日期 F1",
    "organizations_f1": "单位 F1",
    "responsible_units_f1": "责任单位 F1",
    "responsible_persons_f1": "责任人 F1",
    "accountability_f1": "问责 F1",
    "label": "编号",
    "category": "类别",
    "category_label": "类别编号",
    "deadline": "时限",
    "target": "目标",
    "metadata": "元数据",
    "metadata.title": "　标题",
    "metadata.issuer": "　发文单位",
    "metadata.inspected": "　被巡察单位",
    "metadata.inspector": "　巡察组",
    "metadata.inspection_start": "　进驻日期",
    "metadata.inspection_end": "　离开日期",
    "metadata.feedback_date": "　反馈日期",
    "metadata.signed_date": "　成文日期",
    "kind": "通报种类",
    "published_date": "发布日期",
    "declared_counts_f1": "声明数 F1",
    "places_f1": "地名 F1",
    "spans_valid": "偏移有效",
    "spans_strict_f1": "偏移 strict",
    "spans_exact_f1": "偏移 exact",
    "spans_partial_f1": "偏移 partial",
    "spans_iou_f1": "偏移 IoU",
    "mis_attached": "错挂",
    "merged": "合并",
    "split": "拆分",
    "level_slip": "层级错",
    "oracles": "无标注检查",
}
"""Shown in this order; a metric without a label stands in the JSON alone."""

LOWER_IS_BETTER = frozenset({"status_over_claims", "status_cost", "mis_attached", "merged", "split", "level_slip"})


def label(name: str) -> str:
    """The Chinese name of a metric."""
    return LABELS.get(name, name)


def in_order(names: list[str]) -> list[str]:
    """Metrics in the order of ``LABELS``, others after them by name."""
    place = {name: index for index, name in enumerate(LABELS)}
    return sorted(names, key=lambda name: (place.get(name, len(place)), name))


def as_good(name: str, value: float, floor: float) -> bool:
    """Whether a value reaches its floor (or stays under its ceiling)."""
    return value <= floor + 1e-12 if name in LOWER_IS_BETTER else value >= floor - 1e-12
