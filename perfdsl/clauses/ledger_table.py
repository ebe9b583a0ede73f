"""Ledger points from a table: so many points for each row of a ledger, by the cells of one or more of its columns.

    计分：按台账对照
      | 级别 | 类型 | 得分 |
      | 省级 | 文件 | 2    |
      | 省级 | 其余 | 1    |

其余 and a blank cell are any value that no other row of the table says more about. The same in a phrase is the kind
``ledger`` (省级文件每件 2 分); what rows count and what each is worth: ``clauses/shared/rows.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.ledger import SAME_MATTER
from perfdsl.clauses.shared.awards import takes_away
from perfdsl.clauses.shared.bounds import CAP_CHOICE, FLOOR_CHOICES
from perfdsl.clauses.shared.measures import bare
from perfdsl.clauses.shared.rows import (
    BOUNDS,
    TAKES,
    Rate,
    Rows,
    check_rates,
    check_rows,
    extras_in_words,
    score_by_hand,
    score_node,
)
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.item import Award, AwardKind, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import POINTS
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Heading, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

REST = ("其余", "其他各类", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTable(Rows):
    """``keys`` are the columns of the table (name, cells), ``gives`` the points of its rows; ``way`` says 扣 or 得."""

    keys: tuple[tuple[str, tuple[str, ...]], ...]
    gives: tuple[Expression, ...]
    way: str = "table_gives"

    @property
    def losing(self) -> bool:
        """Whether the phrase says that points are lost."""
        return self.way == "table_loses"

    def rates(self, rulebook: Rulebook) -> tuple[Rate, ...]:
        """A rate for each row of the table; 其余 leaves the column open."""
        table, kind = rulebook.table(self.use.ledger), AwardKind.DEDUCT if self.losing else AwardKind.GET
        made = []
        for at, points in enumerate(self.gives):
            cells = []
            for name, values in self.keys:
                column = table.column(name) if table is not None else None
                known = column is not None and values[at] in column.choices
                if known or values[at] not in REST:
                    cells.append((name, values[at]))
            made.append(Rate(tuple(cells), Award(kind, in_points(points))))
        return tuple(made)


def in_points(amount_: Expression) -> Expression:
    """A number without a unit in the table is so many 分."""
    if isinstance(amount_, Number) and bare(amount_):
        return Number(amount_.value, POINTS, amount_.written, span=amount_.span)
    return amount_


FORM = Form(
    name=Word("ledger_table", "按台账对照", english="by-ledger-table"),
    phrases=(
        Word("table_gives", "按台账对照", ("按台账对照计分", "按台账对照加分", "按台账对照得分"), "by-the-table"),
        Word("table_loses", "按台账对照扣分", (), "lose-by-the-table"),
    ),
    pattern=(fixed("table_gives", "table_loses", into="way"), *BOUNDS),
    takes=TAKES,
    table=(
        Heading("keys", "text", None, many=True),
        Heading("gives", "amount", Word("gives", "得分", ("加分", "扣分"), "gives")),
    ),
)


def by_hand(clause: LedgerTable, facts: Facts) -> object:
    """Row by row, as ``score_by_hand`` says."""
    return score_by_hand(clause, facts)


def lower(clause: LedgerTable, scope: Scope) -> NodeId:
    """Σ over the rows of the table of what the ledger's rows are worth."""
    return score_node(clause, scope)


def sentence(clause: LedgerTable, item: Item) -> str:
    """按台账的级别、类型对照计分：省级文件 2 分；省级通报 1 分."""
    verb = "扣" if takes_away(item) or clause.losing else "得"
    rows = [
        "".join(values[at] or "其余" for _, values in clause.keys) + f"每行{verb} {amount(points)} 分"
        for at, points in enumerate(clause.gives)
    ]
    return "；".join(rows) + extras_in_words(clause)


def check(clause: LedgerTable, setting: Setting) -> Iterable[Problem]:
    """The headings are columns with choices, the cells their values."""
    table = setting.rulebook.table(clause.use.ledger)
    for name, values in clause.keys:
        column = table.column(name) if table is not None else None
        choices = column.choices if column is not None else ()
        wrong = [value for value in values if value not in choices and value not in REST]
        if not choices or wrong:
            yield scoring.level_unknown(clause.span, wrong or list(values), clause.use.ledger, ())
            return
    yield from check_rates(clause, clause.rates(setting.rulebook), table, "次")
    yield from check_rows(clause, setting)


KIND = Kind(
    key="ledger_table",
    form=FORM,
    node=LedgerTable,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(SAME_MATTER, CAP_CHOICE, *FLOOR_CHOICES),
)
