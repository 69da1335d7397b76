"""The article out of a web page, whatever was built around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DamagedInput, EmptyInput, InputError
from bot.notices.formats.html import looks_like_html, read_html
from bot.notices.load import Loaded, load
from tests.notices.notice_files import PARAGRAPH

TITLE = "中共某县水利局党组关于巡察整改进展情况的通报"
BODY = [
    PARAGRAPH,
    "一、整改情况",
    "（一）关于“学习不够深入”问题。",
    "整改情况：一是开展学习5次；二是制定《学习办法》，已整改到位。",
]
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
TEXT = "\n".join([TITLE, *BODY])


def page(body: str, *, title: str = f"{TITLE}_某县人民政府") -> Loaded:
    return load(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), "notice.html")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<h1>{TITLE}</h1>{ARTICLE}", id="plain"),
        pytest.param(f"<main><article><header><h1>{TITLE}</h1></header>{ARTICLE}</article></main>", id="html5"),
        pytest.param(f"<div class=x><div>{TITLE}</div><div id=zoom>{ARTICLE}</div></div>", id="divs"),
        pytest.param(f"<form action=a.aspx><div><b>{TITLE}</b></div><div>{ARTICLE}</div></form>", id="asp"),
        pytest.param(f"<div>{TITLE}<br/>{'<br><br>'.join(BODY)}</div>", id="line breaks"),
        pytest.param(
            f"<table><tr><td><a>首页</a></td><td><a>新闻</a></td></tr><tr><td colspan=2><table><tr><td>{TITLE}</td>"
            f"</tr><tr><td>{ARTICLE * 3}</td></tr></table></td></tr></table>",
            id="layout tables",
        ),
        pytest.param(f"<h2>{TITLE}</h2><div><div>{ARTICLE[:90]}{ARTICLE[90:]}</div></div>", id="nested"),
        pytest.param(
            f"<h1>{TITLE}</h1>" + "".join(f"<p><span>{p[:9]}</span><font>{p[9:]}</font></p>" for p in BODY), id="word"
        ),
    ],
)
def test_article_is_found_in_any_frame(body: str) -> None:
    """Title and paragraphs come out as lines, in order, whatever elements hold them."""
    text = page(body).text
    assert text.replace("\n".join(BODY * 3), "\n".join(BODY)) == TEXT


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><ul><li>首页</li><li>新闻</li></ul></nav>",
        "<div><a href=/>首页</a> <a href=/a>政务公开</a> <a href=/b>互动交流</a></div>",
        "<ul><li><a>关于某县整改情况的通报</a></li><li><a>关于整改的公示</a></li><li><a>空气质量状况</a></li></ul>",
        "<footer><p>主办：某县人民政府　湘ICP备05017375号</p></footer>",
        "<aside>今日天气：晴，气温12至20度，空气质量优，适宜外出。</aside>",
        "<div role=navigation>首页 新闻</div>",
    ],
)
def test_menus_and_side_columns_are_cut(furniture: str) -> None:
    """Navigation, lists of other pages, footers and asides are set apart, not part of the text."""
    loaded = page(f"{furniture}<div><h1>{TITLE}</h1><div>{ARTICLE}</div></div>{furniture}")
    assert loaded.text == TEXT
    assert len(loaded.cut) == 2


def test_list_of_other_pages_with_abstracts_is_cut() -> None:
    """A side column whose links carry a sentence each is still a list of other pages."""
    links = "".join(
        f"<li><a>关于整改的通报{n}</a><p>日前，某县召开会议，研究部署整改工作{n}。</p></li>" for n in range(6)
    )
    loaded = page(f"<div><h1>{TITLE}</h1><div>{ARTICLE * 3}</div></div><div><h3>热点</h3><ul>{links}</ul></div>")
    assert loaded.text.split("\n") == [TITLE, *BODY * 3]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a = '整改，不是正文。整改，不是正文。';</script>",
        "<style>p { color: red }</style>",
        "<p style='display: none'>隐藏的文字，不应出现。</p>",
        "<div hidden>隐藏的文字，不应出现。</div>",
        "<!-- 注释，不应出现。 -->",
        "<noscript>请启用脚本，否则无法浏览。</noscript>",
        "<select><option>请选择，栏目。</option></select>",
    ],
)
def test_what_a_browser_does_not_print_is_dropped(hidden: str) -> None:
    """Scripts, styles, comments and hidden elements are nowhere, not even among what was cut."""
    loaded = page(f"<h1>{TITLE}</h1>{ARTICLE}{hidden}")
    assert (loaded.text, loaded.cut) == (TEXT, ())


def test_header_signature_and_attachment_around_the_article_stay() -> None:
    """Source and date above the article and signature, date, attachments below it belong to the notice."""
    loaded = page(
        f"<div><h1>{TITLE}</h1><div><span>来源：某县纪委</span>&emsp;<span>发布时间：2022-01-24</span></div>"
        f"<div>{ARTICLE}</div><div>中共某县水利局党组</div><div>2021年9月1日</div><div>附件：<a>整改清单.docx</a></div>"
        "<div>分享到：<a>微信</a> <a>微博</a></div></div>"
    )
    assert loaded.text == (
        f"{TITLE}\n来源：某县纪委\u2003发布时间：2022-01-24\n"
        + "\n".join(BODY)
        + "\n中共某县水利局党组\n2021年9月1日\n附件：整改清单.docx"
    )
    assert loaded.cut == ("分享到：微信 微博",)


def test_imprint_of_the_site_is_no_signature() -> None:
    """A line that names the site's owner ends like a signature; its label tells that it is none."""
    loaded = page(f"<div><h1>{TITLE}</h1>{ARTICLE}</div><div><p>主办：某县人民政府办公室　承办：某县数据局</p></div>")
    assert (loaded.text, loaded.cut) == (TEXT, ("主办：某县人民政府办公室\u3000承办：某县数据局",))


def test_missing_title_is_taken_from_the_page() -> None:
    """Where the body prints no title, the title element's part that names the notice is put above it and recorded."""
    loaded = page(ARTICLE, title=f"某县人民政府门户网站 - {TITLE}")
    assert (loaded.text, loaded.repairs) == (TEXT, ("正文缺标题，已取自网页标题",))


def test_white_space_is_what_a_browser_shows() -> None:
    """Line breaks between Chinese characters vanish, runs become one space, non-breaking spaces stay."""
    loaded = page(f"<h1>{TITLE}</h1><p>　　根据县委\n   统一部署，开展 \n PM2.5\n治理&nbsp;&nbsp;工作，现予公布。</p>")
    assert loaded.text.split("\n")[1:] == ["　　根据县委统一部署，开展 PM2.5 治理\xa0\xa0工作，现予公布。"]


def test_entities_are_decoded() -> None:
    """Named and numbered entities become the characters they stand for."""
    assert "“甲&乙”<1℃" in page(f"<h1>{TITLE}</h1><p>{PARAGRAPH}&ldquo;甲&amp;乙&#8221;&lt;1&#x2103;</p>").text


def test_ordered_lists_print_their_numbers() -> None:
    """A browser prints the numbers of an ordered list; they are part of the text."""
    loaded = page(f"<h1>{TITLE}</h1><p>{PARAGRAPH}</p><ol start=3><li>问题一</li><li>问题二</li></ol>")
    assert loaded.text.split("\n")[2:] == ["3.问题一", "4.问题二"]


def test_table_becomes_text_and_grid() -> None:
    """Cells are parted by tabs, rows by line breaks; a merged cell stands in every row it covers."""
    loaded = page(
        f"<h1>{TITLE}</h1><p>{PARAGRAPH}</p><table><tr><th>序号<th>反馈问题<th>整改措施</tr><tr><td rowspan=2>1"
        "<td>问题一<td><p>措施一</p><p>措施二</p></tr><tr><td>问题二<td></tr><tr><td colspan=3>合计</td></tr></table>"
    )
    assert loaded.text.split(PARAGRAPH)[1] == ("\n序号\t反馈问题\t整改措施\n1\t问题一\t措施一\n措施二\n\t问题二\n合计")
    (table,) = loaded.tables
    assert [[loaded.text[start:end] for start, end in row] for row in table.rows] == [
        ["序号", "反馈问题", "整改措施"],
        ["1", "问题一", "措施一\n措施二"],
        ["1", "问题二", ""],
        ["合计", "合计", "合计"],
    ]
    assert loaded.text[slice(*table.span)].startswith("序号\t")


def test_declared_charset_is_followed() -> None:
    """gb2312 in the page's meta is read as its superset GB18030."""
    html = f"<html><head><meta charset='gb2312'><title>{TITLE}</title></head><body>{ARTICLE}镕</body></html>"
    assert load(html.encode("gb18030"), "a.htm").encoding == "gb18030"


@pytest.mark.parametrize("body", ["", "<script>location='/a'</script>", "<img src=a.png>"])
def test_page_without_text_is_empty(body: str) -> None:
    """A page that only redirects or shows pictures fails with what to do."""
    with pytest.raises(EmptyInput) as caught:
        load(f"<html><head></head><body>{body}</body></html>".encode(), "a.html")
    assert str(caught.value) == "文件中没有正文文字。请检查文件是否保存完整。"


@pytest.mark.parametrize(
    ("data", "suffix", "expected"),
    [
        (b"<!DOCTYPE html><p>x", "", True),
        (b"\xef\xbb\xbf  <HTML>", ".txt", True),
        ("<html><body>".encode("utf-16"), ".txt", True),
        (b"<p>a<br>b</p><div>", ".txt", True),
        (b"a<br>b", ".html", True),
        (b"a <br> b", ".txt", False),
        ("1<2，《办法》".encode(), ".txt", False),
    ],
)
def test_pages_are_told_from_text(data: bytes, suffix: str, expected: bool) -> None:
    """Tags near the beginning make a page, whatever the file's name; a stray one in a text does not."""
    assert looks_like_html(data, suffix) is expected


TAGS = (
    ["<p>", "</p>", "<table>", "<tr>", "<td rowspan=3>", "<td colspan=9>", "</table>", "<a>", "</a>", "<ol>", "<li>"],
    ["<nav>", "</div>", "<br>", "整改，完成。", "&nbsp;", "<script>", "\n", "<h1>"],
)


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*TAGS[0], *TAGS[1]]), max_size=40))
def test_any_tag_soup_gives_text_with_valid_cells(soup: list[str]) -> None:
    """However broken the page, cells lie inside the text and only input errors are raised."""
    try:
        raw = read_html("".join(["<html><body>", *soup]).encode())
    except InputError:
        return
    for table in raw.tables:
        assert all(0 <= start <= end <= len(raw.text) for row in table.rows for start, end in row)


def test_depth_and_width_are_bounded() -> None:
    """Thousands of declared columns exhaust nothing; nesting beyond what the parser follows is refused, not cut off."""
    wide = f"<table><tr><td colspan=9999 rowspan=9999>甲<td>乙</tr><tr><td>丙</tr></table>{PARAGRAPH}"
    assert page(wide).text.startswith(f"{TITLE}\n甲")
    assert page("<div>" * 200 + PARAGRAPH).text == f"{TITLE}\n{PARAGRAPH}"
    with pytest.raises(DamagedInput) as caught:
        page("<div>" * 20_000 + PARAGRAPH)
    assert str(caught.value) == (
        "网页结构异常（嵌套过深或单段过长），无法完整读取。请用浏览器打开后复制正文，另存为文本文件再试。"
    )
