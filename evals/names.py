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
    "rank": "证据名次",
    "recall@1": "召回@1",
    "recall@3": "召回@3",
    "recall@5": "召回@5",
    "recall@10": "召回@10",
    "recall@500字": "召回@500字",
    "recall@1500字": "召回@1500字",
    "recall@2500字": "召回@2500字",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
    "wrong_document@1": "首段出自他文",
    "right": "答对",
    "right.fact": "　事实",
    "right.paraphrase": "　换说法",
    "right.list": "　列举",
    "right.count": "　计数",
    "right.compare": "　比较",
    "right.yes_no": "　是否",
    "right.follow_up": "　追问",
    "contained": "含正确答案",
    "exact_match": "完全一致",
    "answer_score": "答案得分",
    "f1_chars": "F1 字（MLQA）",
    "f1_run": "F1 连续（CMRC2018）",
    "noans": "无答案题（NoAns）",
    "evidence": "证据齐全",
    "list_complete": "清单完整",
    "wrong_document": "引用他文",
    "citation_recall": "引用 召回率",
    "citation_precision": "引用 准确率",
    "statements_without_tokens": "无要素语句",
    "citation_spans_valid": "引用 偏移有效",
    "refusal": "拒答与否",
    "refusal_recall": "拒答 召回率",
    "refusal_recall.out_of_scope": "　超出范围",
    "refusal_recall.near_miss": "　近似而无",
    "refusal_recall.false_premise": "　前提有误",
    "refusal_precision": "拒答 准确率",
    "over_refusal": "误拒",
    "refused_but_answered": "拒而又答",
    "refusal_reason": "拒答理由",
    "summary_item_f1": "条目 F1",
    "summary_item_precision": "条目 准确率",
    "summary_item_recall": "条目 召回率",
    "summary_complete": "条目齐全",
    "overview_supported": "概述有据",
    "summary_spans_valid": "偏移有效（摘要）",
    "figures_traced": "数字有出处",
    "figures_recomputed": "数字可复算",
    "figures_right": "数字与标注一致",
    "status_not_stronger": "状态不拔高",
    "briefing_covered": "条目有交代",
    "briefing_item_f1": "条目 F1（简报）",
    "briefing_item_precision": "条目 准确率（简报）",
    "briefing_item_recall": "条目 召回率（简报）",
    "briefing_spans_valid": "偏移有效（简报）",
    "robust": "不受干扰",
    "robust.paraphrase": "　换说法",
    "robust.typo": "　错别字",
    "robust.traditional": "　繁体",
    "robust.full_width": "　全角",
    "robust.twin": "　孪生通报",
    "robust.injected": "　夹带指令",
    "robust.damaged": "　受损文件",
    "written": "由大模型写成",
    "sections_ok": "大模型读懂的段落",
}
"""Shown in this order; a metric without a label stands in the JSON alone."""

LOWER_IS_BETTER = frozenset(
    {"status_over_claims", "status_cost", "mis_attached", "merged", "split", "level_slip"}
    | {"wrong_document", "wrong_document@1", "over_refusal", "refused_but_answered", "statements_without_tokens"}
)


KINDS: dict[str, str] = {
    "typo": "错别字",
    "traditional": "繁体",
    "full_width": "全角",
    "twin": "孪生通报",
    "injected": "夹带指令",
    "damaged": "受损文件",
    "fact": "事实",
    "paraphrase": "换说法",
    "list": "列举",
    "count": "计数",
    "compare": "比较",
    "yes_no": "是否",
    "follow_up": "追问",
    "out_of_scope": "超出范围",
    "near_miss": "近似而无",
    "false_premise": "前提有误",
}
"""Kinds of questions as shown."""


def label(name: str) -> str:
    """The Chinese name of a metric."""
    return LABELS.get(name, name)


def whole_label(name: str) -> str:
    """The Chinese name of a metric where it stands alone: 答对（追问） for ``right.follow_up``."""
    base, _, part = name.partition(".")
    return f"{label(base)}（{label(name).strip()}）" if part and name in LABELS else label(name)


def in_order(names: list[str]) -> list[str]:
    """Metrics in the order of ``LABELS``, others after them by name."""
    place = {name: index for index, name in enumerate(LABELS)}
    return sorted(names, key=lambda name: (place.get(name, len(place)), name))


def as_good(name: str, value: float, floor: float) -> bool:
    """Whether a value reaches its floor (or stays under its ceiling)."""
    return value <= floor + 1e-12 if name in LOWER_IS_BETTER else value >= floor - 1e-12
