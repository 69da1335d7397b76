"""How the page looks: system fonts for Chinese, sober colours, light and dark."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils import colors, sizes

_FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
_MONO = ("Consolas", "Noto Sans Mono CJK SC", "monospace")
_NAVY = colors.Color(
    name="navy",
    c50="#eef3fa", c100="#d9e4f2", c200="#b4c9e5", c300="#86a8d3", c400="#5683bd", c500="#2f639f",
    c600="#1f4e86", c700="#193f6d", c800="#143256", c900="#0f2541", c950="#0a192c",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """Gradio's plain theme in navy and grey; no font is loaded from anywhere."""
    return gr.themes.Default(
        primary_hue=_NAVY,
        secondary_hue=_NAVY,
        neutral_hue=colors.slate,
        radius_size=sizes.radius_sm,
        text_size=sizes.text_lg,
        font=_FONTS,
        font_mono=_MONO,
    ).set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        # Gradio's own greys are too light to be read by everybody (WCAG 2.1, 1.4.3).
        body_text_color_subdued="*neutral_600",
        input_placeholder_color="*neutral_500",
    )
