"""``docs/语言参考.md``: the language, to look things up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from perfdsl.publish.manual import markdown
from perfdsl.reports.findings import (
    BlockExample,
    KindFinding,
    LanguageFinding,
    PartFinding,
    RecipeFinding,
    WordFinding,
)

WORD = ("规范写法", "也认得", "English")

FRAME = """\
| 行 | 写成 | 说明 |
|---|---|---|
| 块头 | `指标 按期办结（60 分）【A01】` | 块名、名称、（分值等）、【编号】；一直管到下一个块头 |
| 栏 | `条款：第三条` | 栏名、冒号、值；缩进多少随意 |
| 列点 | `· 制度健全` | 属于上面一栏 |
| 表格 | `\\| 单位 \\| 目标 \\|` | 每行以竖线开头结尾，第一行是表头 |
| 认可 | `# 已知悉 K311：理由` | 请确认的问题看过、认可的，写在那一行的上一行 |
| 注释 | `# 自己看的话` | 不起作用 |

一句计分用 ；分成几段，段内用 ，隔开；同一段里后面的话可以只说它前面的那一句。全角、半角标点都行，空格没有意义。
中文写法和英文写法逐词对应，可以互换：`perfdsl fmt --english`、`perfdsl fmt --chinese`。
"""


def page(found: LanguageFinding) -> str:
    """The whole page."""
    scoring = [kind for kind in found.kinds if not kind.block]
    others = [kind for kind in found.kinds if kind.block]
    parts = [
        "# 语言参考 Language reference\n",
        "由词表和各写法的定义生成（make pages），不要手改。每个例子都取自测试要运行的办法或手册，英文的一份读出来与中文的相同。"
        "从头学起看[手册](手册.md)，按条款找写法看[写法对照](写法对照.md)。\n",
        f"[一、行](#一行-lines) · [二、块](#二块-blocks) · [三、栏](#三栏-fields) · [四、计分](#四计分-scoring)"
        f"（{len(scoring)} 种） · [五、否决、等次、结果运用等](#五否决等次结果运用等-rules)（{len(others)} 种）"
        " · [六、函数](#六函数-functions) · [七、状态和答复](#七状态和答复-states) · [八、列的说明](#八列的说明-column-notes)"
        " · [九、计量单位](#九计量单位-units) · [十、拿不准怎样写的规则](#十拿不准怎样写的规则-recipes)\n",
        "## 一、行 Lines\n",
        FRAME,
        "## 二、块 Blocks\n",
        "各块可以写的栏。计分方法自己的栏写在第四节。\n",
        markdown([(*WORD, "可以写的栏"), *((*_row(one.word), "、".join(one.fields)) for one in found.blocks)]),
        "## 三、栏 Fields\n",
        markdown(
            [
                (*WORD, "填什么", "写在哪里"),
                *((*_row(one.word), one.shape, _where(one.blocks, one.kinds)) for one in found.fields),
            ]
        ),
        "## 四、计分 Scoring\n",
        "写在 计分、要点、要件等栏里。“要有”的少一句就认不出是这种方法，“可有”的按需要写；句子的次序没有意义，数和名称换成自己的。\n",
        *map(_kind, scoring),
        "## 五、否决、等次、结果运用等 Rules\n",
        "各自成块。\n",
        *map(_kind, others),
        "## 六、函数 Functions\n",
        "每个函数要写明什么，见手册的[函数](手册.md#函数)和“平均、比较范围”“往年的数”。\n",
        markdown(
            [
                (*WORD, "例", "出自"),
                *((*_row(one.word), _code(one.line), _link(one.path)) for one in found.functions),
            ]
        ),
        "## 七、状态和答复 States\n",
        "没有数的各有原因，用同名的栏写明给什么；没有写的不猜。表里的格子也可以直接填状态。\n",
        markdown([("状态", "English", "是什么"), *found.states]),
        markdown([("答复", "English", "意思"), *found.answers]),
        "## 八、列的说明 Column notes\n",
        "写在列名后面的括号里，和计量单位、提供数据的单位用 ，隔开：`办结率（%，市信访局，每月，各月平均）`；可选的内容用 、列出：`级别（国家级、省级）`；"
        "表里用记号代替状态的，写明 `“/”表示不涉及`。说明没有英文写法。\n",
        markdown([("说明", "意思"), *found.notes]),
        "## 九、计量单位 Units\n",
        "不用声明就认得的；列的说明里写的，自动认得。\n",
        "".join(f"* {'、'.join(group)}\n" for group in found.units),
        "## 十、拿不准怎样写的规则 Recipes\n",
        "几句话、几块合起来才写得成的规则。例子接在下面这个框后面，就是一份完整的办法；表的前几列是 `实绩` 里要填的，后几列是算出来的。\n",
        _both(found.frame),
        *map(_recipe, found.recipes),
    ]
    return "\n".join(parts)


def _row(word: WordFinding) -> tuple[str, str, str]:
    return word.chinese, "、".join(word.accepted), word.english


def _where(blocks: Sequence[str], kinds: Sequence[str]) -> str:
    told = "、".join(blocks)
    if kinds:
        told += f"{'；' if told else ''}计分：{'、'.join(dict.fromkeys(kinds))}"
    return told


def _kind(kind: KindFinding) -> str:
    return "\n".join(_section(kind))


def _section(kind: KindFinding) -> Iterator[str]:
    yield f"### {kind.word.chinese} {kind.word.english}{_apart(kind)}\n"
    if kind.parts:
        yield markdown([("写成", "In English", "", "写在"), *map(_part, kind.parts)])
    about = []
    own = [word for word in kind.words if word.accepted]
    if own:
        about.append("也认得：" + "；".join(f"{word.chinese}＝{'、'.join(word.accepted)}" for word in own))
    if kind.reads:
        about.append("用到的栏：" + "、".join(f"{name}{'（要有）' if needed else ''}" for name, needed in kind.reads))
    if kind.labels:
        about.append("自己的栏：" + "、".join(f"{word.chinese}（{word.english}）" for word in kind.labels))
    if kind.heads:
        about.append(f"下面的表：{'、'.join(kind.heads)}")
    for asks, told, code in kind.readings:
        about.append(f"须选：{asks}？{' / '.join(told)}（没有写的问 [{code}](problems/{code}.md)）")
    if about:
        yield "".join(f"* {line}\n" for line in about)
    yield f"例（{_link(kind.example.path)}）：\n"
    yield _both(kind.example)


def _recipe(recipe: RecipeFinding) -> str:
    parts = (_both(one) if isinstance(one, BlockExample) else _plain(one) for one in recipe.parts)
    return "\n".join((f"### {recipe.heading}\n", *(part for part in parts if part)))


def _plain(text: str) -> str:
    """A paragraph of the manual; the file that a table of data is stands above it."""
    return (
        re.sub(r"^```csv (.*)$", r"`\1`：\n\n```csv", text.strip("\n") + "\n", flags=re.MULTILINE)
        if text.strip()
        else ""
    )


def _both(example: BlockExample) -> str:
    return f"```perf\n{example.chinese}```\n\n```perf\n{example.english}```\n"


def _apart(kind: KindFinding) -> str:
    """What tells kinds of one name apart: the machine's name of the kind."""
    return (
        f"（{kind.key}）" if kind.block == kind.word.chinese and kind.word.english != kind.key.replace("_", "-") else ""
    )


def _part(part: PartFinding) -> tuple[str, str, str, str]:
    often = ("要有" if part.required else "可有") + ("，可以几个" if part.many else "")
    return (
        _ways(one for one, _ in part.ways),
        _ways(one for _, one in part.ways),
        often,
        f"{part.inside or '计分'}{'，跟在上一句后面' if part.behind else ''}",
    )


def _ways(ways: Iterable[str]) -> str:
    return " / ".join(f"`{one}`" for one in ways)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _link(path: str) -> str:
    """From ``docs`` to a file of the repository."""
    if not path:
        return ""
    name = path.removeprefix("rulebooks/").removesuffix(".perf")
    return f"[{name}](../{path})" if path.startswith("rulebooks/") else f"[手册]({path.removeprefix('docs/')})"
