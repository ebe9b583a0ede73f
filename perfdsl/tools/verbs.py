"""The commands by name and what each is for; the page of help that lists them. Imports nothing that is slow to load."""

from __future__ import annotations

from unicodedata import east_asian_width

COMMANDS = {
    "check": ("校核", "check", "校核考评办法：读得懂吗，加得平吗，有没有两种读法"),
    "run": ("试算", "run", "用数据试算得分、名次、等次和结果运用"),
    "explain": ("查分", "explain", "查一个单位的分是怎么来的"),
    "fmt": ("整理", "fmt", "整理排版，含义不变"),
    "graph": ("关系图", "graph", "画出计算关系"),
    "test": ("验算", "test", "按验算文件逐格核对"),
    "diff": ("对照", "diff", "对照两份办法：改了什么，影响什么，影响谁"),
    "list": ("目录", "list", "文件夹里有哪些办法、各是什么版本"),
    "new-year": ("转年度", "new_year", "由上一年的办法起草下一年的，列出要看的地方"),
    "git": ("版本库", "git", "让 git 按条款、按单元格显示修订"),
    "docs": ("导出", "docs", "导出读法登记：选了哪些读法，换一种会变几个单位"),
    "demo": ("", "demo", "试算随附的示例市 2025 年度"),
}
ALIASES = {alias: name for name, (alias, _, _) in COMMANDS.items() if alias}
HELP = ("-h", "--help", "--帮助")
TOLD = "考评办法：校核、试算、查分。"
OPTIONS = (("--version, --版本", "显示版本"), (", ".join(HELP), "显示帮助"))


def page() -> str:
    """``perfdsl --help``."""
    listed = [(f"{name} {alias}", told) for name, (alias, _, told) in COMMANDS.items() if alias]
    parts = ["用法：perfdsl [选项] 命令 …", f"  {TOLD}", _section("选项", OPTIONS), _section("命令", listed)]
    return "\n\n".join(parts) + "\n"


def _section(heading: str, rows: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> str:
    most = max(_width(name) for name, _ in rows)
    return "\n".join([f"{heading}:", *(f"  {name}{' ' * (most - _width(name))}  {told}" for name, told in rows)])


def _width(text: str) -> int:
    """Columns on a screen (:func:`perfdsl.text.render.width` would load what a page of help does not need)."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
