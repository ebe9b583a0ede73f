"""Forms, names and rulebooks for the tests of this room. The forms stand in for clause kinds: syntax imports none."""

from __future__ import annotations

from functools import lru_cache

from perfdsl.syntax import nodes
from perfdsl.syntax.characters import plain
from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import Names, columns, declared, period
from perfdsl.syntax.shapes import read
from perfdsl.syntax.vocabulary import Vocabulary, vocabulary
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problems
from perfdsl.text.source import Source, Span

FORMS = (
    Form(name=Word("veto", "一票否决", ("否决项",), "veto"), header="veto"),
    Form(
        name=Word("proportional", "按比例计分", english="proportional"),
        phrases=(
            Word("proportional", "按完成比例", ("按比例得分",), "proportional"),
            Word("manual", "人工评分", (), "manual"),
            Word("reason", "写明理由"),
            Word("bands", "分档", ("分段",), "bands"),
        ),
    ),
)


@lru_cache(maxsize=1)
def words() -> Vocabulary:
    """The vocabulary of the tests."""
    return vocabulary(FORMS)


NAMES = Names(
    names=frozenset(
        [
            "按时办结率",
            "按时办结件数",
            "应办结件数",
            "12345热线办结率",
            "PM2.5浓度",
            "认定日期",
            "发文日期",
            "指标",
            "级别",
            "类型",
            "有无湖泊",
            "甲",
            "乙",
            "丙",
            "表彰",
            "每档扣分",
            "事项编号",
            "APP注册数",
            "三产比重",
        ]
    ),
    choices=frozenset(["国家级", "省级", "有", "无", "是", "否", "其他"]),
    methods=frozenset({"比例扣分"}),
    objects=frozenset({"未按期办结"}),
    units=frozenset({"吨标煤"}),
)


def written(text: str) -> nodes.Written:
    """``text`` as if it stood alone in a file."""
    return nodes.Written(text, Span(Source("试.perf", text), 0, len(text)))


def shape(start: str, text: str, names: Names = NAMES) -> tuple[nodes.Node | None, Problems]:
    """Read ``text`` with the names of the tests."""
    return read(start, written(text), words(), names)


def node(start: str, text: str) -> nodes.Node:
    """The node of a text that reads without problems."""
    found, problems = shape(start, text)
    assert not problems, [(p.code, p.message) for p in problems]
    assert found is not None
    return found


def segments(text: str) -> tuple[nodes.Segment, ...]:
    """The segments of a phrase."""
    phrase = node("phrase", text)
    assert isinstance(phrase, nodes.Phrase)
    return phrase.segments


def source(text: str) -> Source:
    """A file."""
    return Source("试.perf", text)


def frame(text: str) -> tuple[nodes.Tree, Problems]:
    """Parse a file."""
    return parse(source(text), words())


_SHAPED = {"expression", "condition", "phrase", "ledger", "band"}


def meaning(text: str) -> object:
    """All that a file says, spellings and spans aside: what the formatter may not change."""
    tree, problems = frame(text)
    names = declared(tree)
    blocks = [
        (
            block.kind,
            plain(block.name.text),
            [_value("phrase", note, names) for note in block.notes],
            block.code.text if block.code else None,
            [
                (
                    field.key,
                    _value(words().labels[field.key].shape.value, field.value, names),
                    [item.text for item in field.items],
                    _rows(field.rows, names),
                )
                for field in block.fields
            ],
            _rows(block.rows, names),
        )
        for block in tree.blocks
    ]
    known = [(one.code, one.reason) for one in tree.acknowledged]
    return blocks, known, sorted(problem.code for problem in problems if problem.code not in ("K001", "K002"))


def _value(shape_name: str, value: nodes.Written, names: Names) -> object:
    if shape_name in _SHAPED:
        found, problems = read(shape_name, value, words(), names)
        return found if not problems else ([p.code for p in problems], plain(value.text))
    if shape_name == "columns":
        return [(plain(c.name.text), [plain(n.text) for n in c.notes]) for c in columns(value)[0]]
    if shape_name == "period":
        return period(value)[0] or plain(value.text)
    return plain(value.text) if shape_name == "names" else value.text.strip()


def _rows(rows: tuple[nodes.Row, ...], names: Names) -> object:
    made = []
    for row in rows:
        cells: list[object] = []
        for heading, cell in zip(rows[0].cells, row.cells, strict=False):
            word = words().column_spellings.get(plain(heading.text))
            label = words().label_spellings.get(plain(heading.text))
            if row is rows[0]:
                cells.append(word.key if word else label.key if label else plain(cell.text))
                continue
            kind = words().column_shapes.get(word.key, "") if word else label.shape.value if label else "band"
            cells.append(_value(kind, cell, names) if kind in _SHAPED and cell.text else plain(cell.text))
        made.append(cells)
    return made


REGISTRY = """\
# 试写的办法，单位和数字都是编的
考评办法 临江市2026年度部门绩效考评（100 分）【临江@2026】
  文件：《临江市2026年度部门绩效考评办法》（临发〔2026〕3号）
  状态：送审稿
  考核期：2026年1月1日至2026年12月31日
  本数：以上、不低于均含本数；超过、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 + 加分 − 扣分，加分最高 4 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：各单位简单平均，含本单位

附表 单位名册（每个单位一行）
  列：单位、类别（乡镇、部门）、办件目标（件）
台账 通报（每个事项一行）
  列：单位、事项编号、级别（省级、市级）、发文日期
数据 办件数据（每个单位一行，政务中心、统计局）
  列：办件量（件，每月）、12345热线办结率（%）、PM2.5浓度（微克/立方米）

一级指标 一、服务（60 分）
指标 1.办件提速（河道、热线）（20 分）【S1】   # 名称里有括号
  条款：第三条第（一）项
  评分单位：政务中心、统计局，结果一致方可计分
  指标值：12345热线办结率 − 平均（12345热线办结率）
  目标值：附表 “单位名册” 的 “办件目标”
  计分：达到得满分；每低 1 个百分点扣 0.5 分（低多少 = （目标值 − 指标值） ÷ 目标值），不足 1 个百分点的按比例计，扣完本指标为止
  免扣：办件量 ≥ 1000 件 且 类别 为 “乡镇”、“部门”
  原文：办结率每低1个百分点扣0.5分，扣完为止。
指标 2.案卷（10 分）【S2】
  要点：1 分 “归档率”，达到得满分，否则不得分；9 分 “整改”，每有 1 件未按期办结扣 1 分，扣完本要点为止
指标 3.进度（30 分）【S3】
  计分：分档
    | 进度           | 得分 |
    | 95% 以上       | 30   |
    # 原文此处缺一档
    | 80% 以上不足 95% | 20   |
    | 其余           | 0    |

计分办法 逐点扣（每档扣分）
  计分：达到得满分；每低 1 个百分点扣 每档扣分 分，不足 1 个百分点的不计

加分项 表扬（最高 4 分）【J1】
  台账：通报，发文日期在考核期内
  计分：省级每次 2 分；市级每次 1 分
  同一事项：只计最高一次，按事项编号

一票否决 重大事故【F1】
  情形之一：
    · 瞒报
    （1）谎报
    ① 漏报
  后果：不得评为 “优秀”

# 已知悉 K301：原文如此
等次 年度等次（按类别分别评定）
  名额取整：四舍五入
  | 等次 | 总分             | 名额 |
  | 优秀 | 90 分以上         | 20% |
  | 合格 | 60 分以上不足 90 分 | 不限  |
  | 不合格 | 不足 60 分       | 不限 |
"""

PASTED = (
    "考核细则\u3000滨湖区考核（１００分）\n"
    "\u00a0\u00a0年度：２０２５\n"
    "  评分标准（说明）\n"
    "台账 事故（每个事项一行）\v  列：单位、类型（重大、其他）、认定日期\n"
    "指标\u00a0安全（10分）〔2025〕【Ａ1】\n"
    "  考核单位: 应急局\n"
    "  免责：得分【Ａ1】*2>=100%\n"
    "  评分办法：达标得满分;每低1个百分点扣0.5分,不足1个百分点的按1个百分点计。\n"
    "\t要点\t标准分\t评分标准\n"
    "\t台账齐全\t４\t达标得满分，否则不得分\n"
    "\t演练\t6\t每场２分，最高得满分\n"
)

SHORT = """\
rulebook Lakeside 2025 (100 分)
  bounds: 以上 含本数
ledger Awards (每个事项一行)
  columns: 单位、level（A、B）、day
indicator clean-water (40 分) 【W1】
  score: meet; per-below 1 个百分点 deduct 2 分, under 1 个百分点 pro-rata
  applies: level is “A”
"""
