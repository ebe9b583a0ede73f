"""手算.md：二十一个单位，逐项写出事实、算式和得数。

The words are those of the rulebook, the cells those of the files, the results those of :class:`Score`, which works
from the sentences alone. Run 示例市数据.py to write it anew.
"""

from __future__ import annotations

from fractions import Fraction

from 示例市数据 import CONDITIONS, LAWLESS, WITHOUT, City, Score, Unit, written

BONUSES, DEDUCTIONS = ("J01", "J02", "J03", "J04"), ("K01", "K02")


def shown(number: Fraction | None) -> str:
    """A score as people write it: 4, 3.5, −0.5."""
    return "—" if number is None else written(number).replace("-", "−")


def district(score: Score, unit: Unit) -> dict[str, str]:
    """第五条至第七条."""
    c, peers = unit.cells, score.peers(unit)

    def funds(one: Unit) -> Fraction:
        return score.a1a(one) + score.a1b(one)

    def tax(one: Unit) -> Fraction:
        return Fraction(one.cells["税收收入"]) / Fraction(one.cells["一般公共预算收入"])

    industry = "规上工业增加值增幅"
    third = 1 + sum(Fraction(one.cells[industry]) > Fraction(c[industry]) for one in peers)
    sixth = 1 + sum(funds(one) > funds(unit) for one in peers)
    top = max(peers, key=tax).cells
    good, watched = (written(score.year(unit, name)) for name in ("优良天数", "有效监测天数"))
    met = sum(score.says(unit, name) for name, group in CONDITIONS.items() if group == "A")
    taxed = f"（{c['税收收入']} ÷ {c['一般公共预算收入']}）÷（{top['税收收入']} ÷ {top['一般公共预算收入']}）"
    solved = f"{c['化解积案数']} ÷ {c['交办积案数']}，比 98% 每低 1 个百分点扣 0.1（按比例）"
    return {
        "A101": f"增速 {c['地区生产总值增幅']}%，3% 至 7% 之间 0 至 4 分插值，达到 7% 得 4",
        "A102": "没有任务，不涉及" if c["固投目标额"] == "/" else f"4 × {c['固投完成额']} ÷ {c['固投目标额']}，最高 4",
        "A103": f"增速 {c[industry]}%，第 {third} 名",
        "A104": f"3 × {taxed}",
        "A105": f"增速 {c['社零增幅']}%，目标 {c['社零增速目标']}%；达到得 1.5，每超 0.5 个百分点加 0.1（舍），最高 2",
        "A106": f"{shown(score.a1a(unit))} + {shown(score.a1b(unit))} = {shown(funds(unit))}，第 {sixth} 名",
        "A107": f"取高：2 × {c['年度能耗降低率']}% ÷ 3%（最高 2）；累计 {c['累计能耗降低率']}%，达到 14% 得 2",
        "A201": f"{c['新增就业人数']} 人，目标 {c['新增就业目标']} 人",
        "A202": f"{c['居民收入增幅']} − {c['地区生产总值增幅']} 个百分点；持平 1.5，每高 0.5 加 0.1（舍），每低 0.5 扣 0.2（入）",
        "A203": "没有任务，得同类平均分"
        if c["粮食面积目标"] == "/"
        else f"2 × {c['粮食播种面积数']} ÷ {c['粮食面积目标']}，最高 2",
        "A204": f"2 − 0.5 × {c['民生实事未完成']}" if c["民生实事未完成"] else "未报，不得分",
        "A205": f"0.5 × {met} 项",
        "A301": f"{good} ÷ {watched}，查分档",
        "A302": f"3 − 1 × {c['水质不达标']}",
        "A303": "零报告，视为未发生，得满分" if c["交办积案数"] == "零报告" else solved,
        "A304": f"{c['事故死亡人数']} 人，控制数 {c['事故死亡控制数']} 人；每超 1% 扣 0.05（入）",
    }


def bureau(score: Score, unit: Unit) -> dict[str, str]:
    """第八条至第十条."""
    c = unit.cells

    def won(one: Unit) -> Fraction:
        return Fraction(one.cells["争取资金"]) / Fraction(one.cells["争取资金任务"])

    rivals = [one for one in score.peers(unit) if one.cells["有无争取任务"] == "有"]
    top = max(rivals, key=won).cells if rivals else c
    first = f"（{c['争取资金']} ÷ {c['争取资金任务']}）÷（{top['争取资金']} ÷ {top['争取资金任务']}）"
    done, asked = (written(score.year(unit, name)) for name in ("督查按时办结数", "督查交办数"))
    cost, before = c["机关运行成本"], c["上年机关运行成本"]
    return {
        "B101": f"{c['重点工作完成数']} ÷ {c['重点工作应完成数']}，比 100% 每低 1 个百分点扣 0.3（入）",
        "B102": f"{done} ÷ {asked}，比 98% 每低 1 个百分点扣 0.2（舍）",
        "B103": "没有主办件，未发生，得满分"
        if c["主办件数"] == "未发生"
        else f"{c['满意件数']} ÷ {c['主办件数']}，80% 至 98% 之间 1 至 3 分插值",
        "B104": "没有任务，得满分" if c["有无争取任务"] == "无" else f"3 × {first}",
        "B105": f"0.5 × {c['调研成果被采用']}，最高 2" if c["调研成果被采用"] else "未报，不得分",
        "B106": f"{c['年度工作总结']}报送",
        "B201": f"取高：4 × {c['满意度得分']} ÷ 95（最高 4）；比上年 {c['上年满意度得分']} 提高不低于 3 得 4",
        "B202": f"主动公开 {c['主动公开按时率']}%（目标 98%，0.1）；依申请公开 {c['依申请公开按期答复率']}%（目标 100%，0.2）",
        "B203": f"人工评分 {c['机关数字化']}",
        "B204": f"（{cost} − {before}）÷ {before}；持平 1.5，每低 1 个百分点加 0.1（舍），每高 1 个百分点扣 0.2（按比例）",
        "B301": f"{c['预算支出数']} ÷ {c['预算安排数']}，查分档",
        "B302": f"2 − 0.2 × {c['公文差错']}",
        "B303": f"{c['编外用工人数']} − {c['上年编外用工人数']} 人；持平 1.5，减 1 人加 0.1（最多 0.5），增 1 人扣 0.1（最多 2）",
        "B304": f"上级采用 {c['上级采用']} 篇（2 篇内每篇 0.2，超出每篇 0.1）；本市采用 {c['本市采用']} 篇（6 篇内每篇 0.1）",
    }


def common(score: Score, unit: Unit) -> dict[str, str]:
    """第十一条至第十六条."""
    c, calls = unit.cells, unit.cells["热线交办件数"]
    reported = all(unit.months["应办结件数"])
    done = (written(score.year(unit, name)) for name in ("按时办结件数", "应办结件数")) if reported else ()
    met = sum(score.says(unit, name) for name in ("事前公众参与", "专家论证", "合法性审查", "集体讨论决定"))
    lawless = unit.name in LAWLESS
    hotline = f"{c['热线按时响应件数']} ÷ {calls} × 40% + {c['热线办结件数']} ÷ {calls} × 60%"
    cases = f"国家级 {c['国家级刊发']} 篇（1 篇内 0.5，超出每篇 0.2）；省级 {c['省级刊发']} 篇（1 篇 0.7）"
    tasks = (f"{k['指标']} {k['完成值']}，目标 {k['目标值']}，{k['分值']} 分（{k['计分办法']}）" for k in unit.tasks)
    return {
        "C101": f"{' ÷ '.join(done)}，比 {c['办结率目标']}% 每低 1 个百分点扣 0.5（入）"
        if reported
        else "七月未报，不得分",
        "C102": f"好评率 {c['好评率']}%，不低于 97% 得 3",
        "C103": f"3 ×（{hotline}）",
        "C201": "没有执法职能，得同类平均分" if lawless else f"3 − 1 × {c['行政行为被撤销或者确认违法']}",
        "C202": "没有执法职能，不涉及" if lawless else f"{c['出庭应诉率']}%，比 100% 每低 1 个百分点扣 0.1（按比例）",
        "C203": f"0.5 × {met} 项",
        "C204": f"法律进机关：{c['法律进机关']}；进社区 0.25 × {c['法律进社区']} 场，最高 1",
        "C301": f"0.5 × {c['数据共享']} 个季度",
        "C302": f"{cases}；市级 {c['市级刊发']} 篇（2 篇内每篇 0.4）",
        "C303": f"网络安全事件：{c['网络安全事件']}；数据泄露事件：{c['数据泄露事件']}",
        "D101": f"完成规定学习任务：{c['理论学习']}",
        "D102": f"人工评分 {c['基层党建']}",
        "D103": f"2 − 1 × {c['责任问题']}",
        "D104": f"{c['党务公开']}公开",
        "D201": f"发文 {c['发文数']} 份，控制数 {c['发文控制数']} 份；每超 2 份扣 0.1（舍）",
        "D202": f"人工评分 {c['督查落实']}",
        "D203": f"2 − 0.25 × {c['迟报']}",
        "D204": "达到" if score.says(unit, "保密和档案") else "未达到，倒扣 0.5 分",
        "D901": f"作风问题 {len(score.events('作风问题', unit, '认定日期'))} 起",
        "E01": "；".join(tasks),
    }


def outside(score: Score, unit: Unit) -> dict[str, str]:
    """第十七条."""
    c = unit.cells

    def told(ledger: str, day: str, level: str) -> str:
        rows = score.events(ledger, unit, day)
        return "、".join(f"{row[level]} {row['事项编号']}" for row in rows) or "无"

    invested = unit.category == "区县" and c["固投目标额"] != "/"
    return {
        "J01": told("表彰", "认定日期", "级别"),
        "J02": told("推广", "发文日期", "推广层次"),
        "J03": f"{c['固投完成额']} ÷ {c['固投目标额']}，超过 100% 每 5 个百分点加 0.2（按比例），最高 1"
        if invested
        else "不涉及",
        "J04": f"{c['争取资金']} ÷ {c['争取资金任务']}，超过 110% 每 2 个百分点加 0.2（入），最高 1"
        if c["有无争取任务"] == "有"
        else "不涉及",
        "K01": told("事故", "发生日期", "事故类型"),
        "K02": told("通报", "通报日期", "通报层级"),
    }


CASES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "一、名额末位同分",
        "市直 42 个单位，名额 42 × 30% = 12.6，四舍五入取 13 个。90 分以上的有 18 个单位。其中市交通运输局（一票否决）、"
        "市生态环境局（一票否优）不占名额，空出的由下一名递补；市财政局（限等，不递补）占着名额而不得优秀，这个名额空着。"
        "数下来：市发展改革委 1、市财政局 2（空着）、市公安局 3、市司法局 4、市人力资源社会保障局 5、市自然资源局 6、"
        "市住房城乡建设局 7、市农业农村局 8、市商务局 9、市教育局 10、市科技局 11、市市场监管局 12，第 13 个名额上有三个单位同分。"
        "末位同分一并计入，三个都是优秀，优秀共 14 个。下一名市审计局 90.66 分，没有名额，列入下一等次。",
        (
            ("市水利局", "总分 91.270，公布 91.27，名次 15；前面占了 12 个名额，第 13 个轮到它，优秀。"),
            ("市文化旅游局", "总分 91.272，公布 91.27。名次按公布的总分排，所以与市水利局并列 15，优秀。"),
            (
                "市民政局",
                "总分 91.268，公布 91.27，并列 15，优秀。取舍前它是三个里最低的，若按取舍前的数排就没有名额。",
            ),
        ),
    ),
    (
        "二、取舍前 89.995",
        "指标得分保留 3 位，总分保留 2 位，都是四舍五入；等次看公布的总分。",
        (
            ("银杏区", "总分 89.995，公布 90.00，够 90 分。区县名额 14 × 30% = 4.2，取 4 个，它第 4 名，优秀。"),
            ("白石区", "总分 89.994，公布 89.99，不够 90 分，良好。与银杏区只差 0.001。"),
            ("古驿县", "总分 79.995，公布 80.00，80 分以上是良好，不是合格。"),
        ),
    ),
    (
        "三、得负 0.5 分",
        "B303、D204 的标题写明“最低 −0.5 分”：得分可以是负数，但不低于 −0.5。",
        (
            ("市城市管理局", "编外用工从 40 人增到 60 人，增 20 人：1.5 − 20 × 0.1 = −0.5，正好到底。"),
            ("市应急管理局", "编外用工从 25 人增到 62 人，增 37 人，应扣 3.7，最多扣 2：1.5 − 2 = −0.5。"),
            ("市医保局", "保密和档案未达到，倒扣 0.5 分：D204 得 −0.5。"),
        ),
    ),
    (
        "四、否决空出的名额由下一名递补",
        "先看否决和限制，再分名额：被否决、否优的不占名额，名次照排。",
        (
            (
                "市交通运输局",
                "94.35 分，名次 5，分数够优秀；有 1 起重大责任事故，F01 定为不合格，名额空出。事故另扣 3 分，已在总分里。",
            ),
            (
                "市生态环境局",
                "94.62 分，名次 4；有省通报，F11 不得评为优秀，列良好，名额空出。P25-001 省、市各通报一次，只计省的 1 分。",
            ),
            (
                "市市场监管局",
                "91.835 分，公布 91.84，名次 14。不递补的话 13 个名额轮不到它；空出两个，它占第 12 个，优秀。",
            ),
        ),
    ),
    (
        "五、同一事项在两条里",
        "表彰（J01）和推广（J02）写明“同一事项只计最高一次，按事项编号，跨加分项有效”：先去重，后封顶。",
        (
            ("市教育局", "B25-007 获国家级表彰（2 分），又由国家部委推广（1.5 分）：只计 2 分，在 J01；J02 得 0。"),
            ("市科技局", "B25-008 获省级表彰（1 分），又由国家部委推广（1.5 分）：只计 1.5 分，在 J02；J01 得 0。"),
            (
                "市农业农村局",
                "表彰 B25-009（2 分）、B25-010（2 分）、B25-011（1 分）共 5 分，J01 封顶 3 分。B25-010 又由国家部委推广（1.5 分）："
                "它最高的一次在 J01，虽然 J01 封顶后没有全用上，J02 仍得 0，因为去重在封顶之前。",
            ),
        ),
    ),
    (
        "六、不涉及",
        "四种答案：分值按比例调到同一级指标、得同类平均分、得满分、整个一级指标不计分。",
        (
            (
                "鹤鸣区",
                "没有固投任务：A102 的 4 分调到 A 的其他指标，各乘 40 ÷ 36，先乘、后保留 3 位。下表 A 的得分都是乘过的。",
            ),
            (
                "云泽区",
                "没有粮食任务：A203 得区县平均分，即另外 13 个区县各自（保留 3 位）得分的平均，鹤鸣区按没有乘过的得分。"
                "加分 J01 3 + J02 2 + J03 0.24 = 5.24，加分最高 5 分。",
            ),
            (
                "市总工会",
                "没有执法职能：C202 的 2 分调到 C 的其他指标，各乘 25 ÷ 23；C201 得市直平均分，也乘 25 ÷ 23。没有争取任务：B104 得满分。"
                "E01 不到 10 分，F12 不得评为优秀，本来就是良好，没有影响。",
            ),
        ),
    ),
    (
        "七、缺格有答案",
        "“未报：不得分”写明的，缺了就是 0 分，不是待定，也不影响别人。没有答案的缺格见第八节。",
        (
            ("石坪县", "“民生实事未完成”没有报，A204 得 0 分（若把空格读作 0 项未完成，会得 2 分）。"),
            ("市工业和信息化局", "“调研成果被采用”没有报，B105 得 0 分。"),
            (
                "澜桥区",
                "七月的办结件数没有报。C101 按全年合计，缺一个月就是未报，得 0 分；不是用 11 个月代替 12 个月。",
            ),
        ),
    ),
)


def page(score: Score, unit: Unit, why: str, grade: str) -> list[str]:
    """One unit: every item, and how the total adds up."""
    points = score.points(unit)
    own = district(score, unit) if unit.category == "区县" else bureau(score, unit)
    how = own | common(score, unit) | outside(score, unit)
    base = " + ".join(f"{group} {shown(points[group])}" for group in "ABCDE" if group in points)
    more = min(Fraction(5), sum((points[code] or Fraction(0) for code in BONUSES), Fraction(0)))
    less = sum((points[code] or Fraction(0) for code in DEDUCTIONS), Fraction(0))
    exact = score.total_exact(unit)
    assert exact == score.base(unit) + more + less
    told = f"{base} + 加分 {shown(more)} − 扣分 {shown(-less)} = {shown(exact)}"
    total = written(score.total(unit), 2)
    return [
        f"### {unit.name}",
        "",
        why,
        "",
        "| 编号 | 事实和算式 | 得分 |",
        "|---|---|---|",
        *(f"| {code} | {text} | {shown(points[code])} |" for code, text in how.items()),
        "",
        f"{told}，公布 **{total}**，名次 **{score.rank(unit)}**，等次 **{grade}**。",
        "",
    ]


def hand(city: City) -> str:
    """The whole of 手算.md."""
    score = Score(city)
    grades = score.grades()
    lines = [
        "# 示例市 2025 年度：手算 21 个单位",
        "",
        "全部虚构。七个陷阱各三个单位，逐项写出事实、算式和得数。得数由 `tests/rulebooks/示例市数据.py` 照办法的句子另算，",
        "不用 perfdsl 的任何一段；`预期.csv` 是全部 62 个单位的同一份得数。“入”：不足一档的按一档计；“舍”：不足一档的不计。",
        "",
    ]
    for title, told, units in CASES:
        lines += [f"## {title}", "", told, ""]
        for name, why in units:
            lines += page(score, city.unit(name), why, grades[name])
    unit, column = WITHOUT
    lines += [
        "## 八、没有答案的缺格（数据-缺报）",
        "",
        f"{unit}的“{column}”没有报，A101 写明“未报：退回补报”：A101 待定，用到它的 A202 也待定，本单位总分待定。",
        "名次要全部区县的总分，所以 14 个区县的名次、等次、结果运用都待定；市直、单列的得数与“数据”相同。",
        "",
    ]
    return "\n".join(lines)
