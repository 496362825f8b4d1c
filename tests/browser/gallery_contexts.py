"""Example contexts of the gallery, Chinese and English: what the doors hand to the templates, with demo names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import exp
from typing import Any

from brand.edge import charts

Context = dict[str, Any]


def both(lang: str, zh: Any, en: Any) -> Any:
    return en if lang == "en" else zh


def unit(lang: str, colour: str = "green") -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    sentences = {
        "green": b(
            [
                "此码由本登记处签发给示范肉业合作社的批次 7K3M9Q2X,2026 年 9 月 14 日启用，未撤回。",
                "码可能被复制。请把下面的部位、净含量和日期与手中的包装逐项核对。",
            ],
            [
                "Issued for batch 7K3M9Q2X of Demo Lamb Cooperative, put into use on 14 September 2026, not withdrawn.",
                "A code can be copied. Please compare the cut, weight and dates below with the pack in your hand.",
            ],
        ),
        "amber": b(
            [
                "此码两天内在相距很远的三个地方被扫描，可能有人复制。",
                "请逐项核对部位、净含量和日期；有出入请告诉我们。",
            ],
            [
                "This code was scanned in three distant places within two days; somebody may have copied it.",
                "Please compare cut, weight and dates line by line, and tell us if anything differs.",
            ],
        ),
    }
    headline = {
        "green": b("此码在册并已启用", "This code is on the register and in use"),
        "amber": b("此码需要核对", "This code needs checking"),
    }
    return {
        "county": b("乌拉特中旗", "Urad Middle Banner"),
        "verdict": {
            "colour": colour,
            "headline": headline[colour],
            "sentences": sentences[colour],
            "code": "scan.active",
        },
        "compare": [
            (b("产品", "Product"), b("乌拉特羊肉（示范）", "Urad lamb (Demo)")),
            (b("部位", "Cut"), b("法式羊肋脊排", "French rack of lamb")),
            (b("净含量", "Net weight"), "0.5 kg"),
            (b("包装日期", "Packed"), "2026-09-14"),
            (b("保质期至", "Best before"), "2027-09-14"),
            (b("等级", "Grade"), b("优等", "Prime")),
            (b("生产者", "Producer"), b("示范肉业合作社", "Demo Lamb Cooperative")),
        ],
        "chain": [
            {
                "date": "2026-02 – 2026-09",
                "place": b("川井苏木", "Chuanjing Sumu"),
                "title": b("牧场", "Pasture"),
                "icon": "pasture",
                "details": [
                    (b("品种", "Breed"), b("蒙古羊（示范）", "Mongolian sheep (Demo)")),
                    (b("羔羊", "Lambs"), b("312 只，月龄 6–7", "312, aged 6–7 months")),
                ],
                "evidence": [],
            },
            {
                "date": "2026-09-12 06:40",
                "place": b("海流图镇 · 示范屠宰场", "Hailiutu · Demo Abattoir"),
                "title": b("检疫与屠宰", "Quarantine and slaughter"),
                "icon": "slaughter",
                "details": [(b("胴体", "Carcasses"), "312")],
                "evidence": [
                    (
                        b("动物检疫合格证明 DEMO-0912（申报）", "Animal quarantine certificate DEMO-0912 (declared)"),
                        None,
                    )
                ],
            },
            {
                "date": "2026-09-12 13:00 – 09-13 13:00",
                "place": b("示范冷库 2 号间", "Demo cold room 2"),
                "title": b("排酸 24 小时", "Chilled for 24 hours"),
                "icon": "cold",
                "colour": "amber",
                "details": [
                    (b("库温", "Room"), "0.9–4.6 ℃"),
                    (
                        b("说明", "Note"),
                        b(
                            "03:10 起 25 分钟高于 4 ℃，已处理并放行",
                            "above 4 ℃ for 25 minutes from 03:10; examined and released",
                        ),
                    ),
                ],
                "evidence": [(b("温度曲线", "Temperature curve"), "#curve")],
            },
            {
                "date": "2026-09-13 14:20",
                "place": b("示范屠宰场", "Demo Abattoir"),
                "title": b("分等定级", "Grading"),
                "icon": "certificate",
                "details": [(b("结果", "Result"), b("优等，由胴体重决定", "Prime, decided by carcass weight"))],
                "evidence": [],
            },
            {
                "date": "2026-09-13",
                "place": b("示范检测中心", "Demo Test Centre"),
                "title": b("检测", "Laboratory"),
                "icon": "flask",
                "details": [(b("项目", "Items"), b("4 项，全部合格", "4, all within limits"))],
                "evidence": [(b("报告 DEMO-2026-0913", "Report DEMO-2026-0913"), "#report")],
            },
            {
                "date": "2026-09-14 09:30",
                "place": b("示范肉业合作社分割车间", "Demo Lamb Cooperative, cutting room"),
                "title": b("分割与包装", "Cutting and packing"),
                "icon": "pack",
                "details": [
                    (b("袋数", "Packs"), b("396 袋，每袋 0.5 kg", "396 of 0.5 kg each")),
                    (b("贮存", "Keep"), "≤ −18 ℃"),
                ],
                "evidence": [],
            },
        ],
        "grade": {
            "name": b("优等", "Prime"),
            "meaning": b(
                "四个等级中的第二级：胴体重 15–18 kg，背膘厚 0.3–0.5 cm。",
                "The second of four grades: carcass 15–18 kg, backfat 0.3–0.5 cm.",
            ),
            "table": "NY/T 630-2002",
            "decided_by": b("胴体重", "carcass weight"),
            "facts": [
                (b("类别", "Class"), b("羔羊肉", "lamb")),
                (b("胴体重", "Carcass"), "16.8 kg"),
                (b("背膘厚", "Backfat"), "0.4 cm"),
            ],
            "not_assessed": b(["大理石纹", "肉质硬度"], ["marbling", "firmness"]),
            "to_be_checked": True,
        },
        "tests": [
            {"item": name, "result": result, "limit": limit, "colour": "green", "verdict": b("合格", "within limit")}
            for name, result, limit in (
                (b("克伦特罗", "Clenbuterol"), b("未检出", "not found"), b("不得检出", "none")),
                (b("莱克多巴胺", "Ractopamine"), b("未检出", "not found"), b("不得检出", "none")),
                (b("恩诺沙星", "Enrofloxacin"), "12.4 μg/kg", "100 μg/kg"),
            )
        ],
        "test_reports": [
            {"number": "DEMO-2026-0913", "lab": b("示范检测中心", "Demo Test Centre"), "date": "2026-09-13"},
        ],
        "licence": {
            "facts": [
                (b("持有人", "Holder"), b("示范肉业合作社", "Demo Lamb Cooperative")),
                (b("统一社会信用代码", "Credit code"), ("code", "93150824MADEMO001X")),
                (b("授权编号", "Licence"), ("code", "WZ-2026-0007")),
                (b("品牌层级", "Tier"), b("产业品牌（示范）", "industry brand (Demo)")),
                (b("有效期", "Valid"), b("2026-08-01 至 2027-07-31", "2026-08-01 to 2027-07-31")),
            ],
            "colour": "green",
            "state": b("授权有效", "licence in force"),
            "href": "/register/WZ-2026-0007",
        },
        "totals": [(b("本年已发标签", "Labels issued this year"), "11,640"), (b("年度上限", "Yearly cap"), "12,000")],
        "scans": {"count": 3, "first": b("2026-10-02 18:12，巴彦淖尔市临河区", "2026-10-02 18:12, Linhe District")},
        "serial": "7K3M 9Q2X / 0Y8T 4WFD",
        "checked": {
            "at": "2026-11-20 10:31",
            "level": b("在线核对：签名、启用状态、授权与召回", "on-line: signature, activation, licence and recalls"),
            "record": None,
        },
        "complain": {"href": "/complaints/new", "phones": [(b("市场监管投诉举报", "Market supervision"), "12315")]},
    }


def refused(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    return {
        "county": b("乌拉特中旗", "Urad Middle Banner"),
        "verdict": {
            "colour": "red",
            "headline": b("本登记处没有签发过此码", "This register never issued this code"),
            "sentences": [
                b(
                    "签名不符，码可能是伪造的，也可能印刷损坏。",
                    "The signature does not fit: the code may be forged, or the print damaged.",
                )
            ],
        },
        "advice": b(
            ["不要仅凭包装上的码购买。", "看清码下方的字符，再输入核对一次。", "保留包装和小票，告诉我们在哪里看到。"],
            [
                "Do not buy on the strength of this code.",
                "Read the characters under the symbol and type them in.",
                "Keep the pack and receipt and tell us where you saw it.",
            ],
        ),
        "facts_known": [],
        "checked": {"at": "2026-11-20 10:31", "text": "/u/7K3M9Q2X/0Y8T4WFD?s=k1.3f…"},
        "complain": {"href": "/complaints/new", "phones": [(b("市场监管投诉举报", "Market supervision"), "12315")]},
    }


def home(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    return {
        "county": b("乌拉特中旗", "Urad Middle Banner"),
        "brand": b("示范区域公用品牌", "Demo regional brand"),
        "totals": [
            ("24", b("家企业获得授权", "licensed enterprises")),
            ("312,000", b("枚标签在册", "labels on record")),
            ("0", b("起召回进行中", "recalls under way")),
        ],
        "notices": [
            {
                "title": b(
                    "关于示范肉业合作社申请使用产业品牌的公示", "Demo Lamb Cooperative applies for the industry brand"
                ),
                "href": "#",
                "date": "2026-11-16",
                "until": "2026-11-23",
            },
            {
                "title": b("关于示范牧业公司续期的公示", "Demo Pasture Company: renewal"),
                "href": "#",
                "date": "2026-11-09",
                "until": "2026-11-16",
            },
        ],
        "fault": None,
        "typed": "",
        "hrefs": {"register": "/register", "notices": "/notices", "join": "/join", "sign_in": "/sign-in"},
    }


def error(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    return {
        "county": b("乌拉特中旗", "Urad Middle Banner"),
        "title": b("此页已被别人改动", "Somebody changed this page meanwhile"),
        "text": b(
            "您打开页面之后，示范审批员在 10:28 作了决定。",
            "Demo Approver decided at 10:28, after you opened the page.",
        ),
        "todo": b(
            "请重新打开这份申请，看过新内容再办理。您填写的内容没有保存。",
            "Open the application again and read it before you go on. What you typed was not stored.",
        ),
        "request_id": "01JD4Y6Q8",
        "code": "work.stale",
        "back": (b("重新打开申请", "Open the application again"), "#"),
    }


def frame(lang: str, current: int) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    names = b(
        ["工作台", "申请", "企业", "批次", "标签", "核查", "报表"],
        ["My desk", "Applications", "Enterprises", "Batches", "Labels", "Inspections", "Reports"],
    )
    icons = ["home", "file", "building", "pack", "tag", "scan", "chart"]
    return {
        "county": b("乌拉特中旗", "Urad Middle Banner"),
        "nav": [(name, "#", n == current, icons[n]) for n, name in enumerate(names)],
        "person": b("示范审批员", "Demo Approver"),
        "role": b("品牌办审批员", "brand approver"),
        "enterprise": b("示范品牌办公室", "Demo Brand Office"),
    }


def desk(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    words = {
        "new_batch": b("上传屠宰表", "Upload slaughter sheet"),
        "waiting": b("等您办理", "Waiting for you"),
        "waiting_items": b(
            [
                ("示范肉业合作社的授权申请", "公示期满，等第二人决定 · 11 月 23 日前", "amber", "还剩 2 天"),
                ("批次 7K3M9Q2X 检测报告待确认", "示范检测中心 · 4 项", "blue", "新"),
                ("示范牧业公司整改通知", "应于 11 月 18 日前回复", "red", "已逾期"),
            ],
            [
                (
                    "Licence application of Demo Lamb Cooperative",
                    "Notice period over; a second person decides · by 23 November",
                    "amber",
                    "2 days left",
                ),
                ("Test report of batch 7K3M9Q2X to confirm", "Demo Test Centre · 4 items", "blue", "new"),
                ("Rectification order, Demo Pasture Company", "Answer was due on 18 November", "red", "overdue"),
            ],
        ),
        "quota": b("标签用量", "Labels used"),
        "quota_label": b("法式羊肋脊排", "French rack"),
        "quota_label_2": b("羊腿（带骨）", "Leg, bone in"),
        "quota_label_3": b("羊蝎子", "Spine"),
        "packs": b("袋", "packs"),
        "licences": b("有效授权", "Licences in force"),
        "batches": b("本月批次", "Batches this month"),
        "scans": b("本周扫码", "Scans this week"),
        "alerts": b("异常提示", "Alerts"),
        "empty_title": b("今天没有新批次", "No new batch today"),
        "empty_hint": b(
            "上传屠宰场的 Excel 表，系统逐行检查后登记。",
            "Upload the abattoir's Excel sheet; every row is checked before it is registered.",
        ),
    }
    return frame(lang, 0) | {
        "heading": b("工作台", "My desk"),
        "t": words,
        "acting_for": b("示范肉业合作社", "Demo Lamb Cooperative"),
        "stop_acting_href": "#",
        "messages": [
            ("success", b("批次 7K3M9Q2X 已登记：312 只胴体。", "Batch 7K3M9Q2X is registered: 312 carcasses."))
        ],
    }


def listing(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    rows = [
        (
            "WZ-2026-0007",
            b("示范肉业合作社", "Demo Lamb Cooperative"),
            "30,000",
            "2027-07-31",
            ("green", b("有效", "in force")),
            None,
        ),
        (
            "WZ-2026-0008",
            b("示范牧业有限公司", "Demo Pasture Company"),
            "120,000",
            "2026-12-10",
            ("amber", b("即将到期", "ends soon")),
            "amber",
        ),
        (
            "WZ-2025-0003",
            b("示范屠宰加工厂", "Demo Abattoir"),
            "8,500",
            "2026-06-30",
            ("grey", b("已到期", "ended")),
            None,
        ),
        (
            "WZ-2026-0002",
            b("示范食品集团乌拉特分公司", "Demo Foods, Urad branch"),
            "64,000",
            "2027-03-31",
            ("red", b("暂停", "suspended")),
            None,
        ),
    ]
    words = {
        "search": b("企业、编号或拼音首字母", "Enterprise or number"),
        "search_value": b("示范", "Demo"),
        "filters": [
            {
                "name": "state",
                "label": b("状态", "State"),
                "value": "",
                "options": [("active", b("有效", "in force")), ("ended", b("已到期", "ended"))],
            },
            {
                "name": "tier",
                "label": b("层级", "Tier"),
                "value": "3",
                "options": [("1", "1"), ("3", b("产业品牌", "industry brand"))],
            },
        ],
        "caption": b("授权名录", "Licences"),
        "columns": [
            {"key": "number", "label": b("编号", "Number"), "href": "?sort=number", "sorted": "descending"},
            {"key": "holder", "label": b("持有人", "Holder"), "href": "?sort=holder"},
            {"key": "cap", "label": b("年度上限(kg)", "Yearly cap (kg)"), "kind": "number"},
            {"key": "until", "label": b("有效期至", "Until")},
            {"key": "state", "label": b("状态", "State")},
        ],
        "rows": [
            {"number": ("link", n, "#"), "holder": h, "cap": c, "until": u, "state": ("status", *s), "colour": colour}
            for n, h, c, u, s, colour in rows
        ],
    }
    return frame(lang, 1) | {
        "heading": b("授权", "Licences"),
        "title": b("授权名录", "Licences"),
        "issuer": b("示范品牌办公室", "Demo Brand Office"),
        "printed_at": "2026-11-20",
        "t": words,
    }


def form(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    fault = b(
        "统一社会信用代码应为 18 位，现为 17 位。请对照营业执照重新填写。",
        "The credit code has 18 characters; this has 17. Please copy it from the business licence.",
    )
    words = {
        "faults": [("/code", fault), ("/place", b("请选择苏木镇。", "Choose the township."))],
        "name": b("企业名称", "Name of the enterprise"),
        "name_value": b("示范肉业合作社", "Demo Lamb Cooperative"),
        "code": b("统一社会信用代码", "Unified social credit code"),
        "code_fault": fault,
        "code_hint": b("营业执照上的 18 位代码。", "18 characters, printed on the business licence."),
        "kind": b("主体类型", "Kind"),
        "kinds": [
            ("company", b("公司", "Company")),
            ("cooperative", b("农民专业合作社", "Farmers' cooperative"), b("代码以 93 开头", "code begins with 93")),
            ("household", b("农牧户", "Household")),
        ],
        "place": b("苏木镇", "Township"),
        "places": [("150824100", b("海流图镇", "Hailiutu")), ("150824201", b("川井苏木", "Chuanjing"))],
        "cap": b("年度用量", "Yearly weight"),
        "day": b("起始日期", "From"),
        "sheet": b("附件", "Attachment"),
        "sheet_hint": b("Excel 或 CSV，不超过 2 MB。", "Excel or CSV, at most 2 MB."),
        "remark": b("说明", "Remark"),
        "agree": b("我们遵守品牌使用管理办法", "We keep to the brand rulebook"),
        "agree_hint": b("2026 年版，示范", "2026 edition, Demo"),
        "send": b("提交申请", "Send the application"),
        "later": b("先保存", "Save for later"),
    }
    return frame(lang, 1) | {
        "heading": b("申请使用品牌", "Apply for the brand"),
        "crumbs": [(b("申请", "Applications"), "#"), (b("新申请", "New"), "#")],
        "t": words,
    }


def curve(lang: str) -> charts.LineChart:
    begin = datetime(2026, 9, 12, 5, 0, tzinfo=UTC)
    times = [begin + timedelta(minutes=5 * n) for n in range(289)]
    core = [Decimal(f"{2.6 + 31 * exp(-n / 58):.1f}") for n in range(289)]
    room = [Decimal(f"{1.9 + 0.4 * ((n * 7) % 5 - 2) / 2 + (3.0 if 170 <= n <= 175 else 0):.1f}") for n in range(289)]
    return charts.line_chart(
        times,
        [
            charts.Series(both(lang, "后腿中心温度", "Core, hind leg"), core),
            charts.Series(both(lang, "库温", "Room"), room),
        ],
        [
            charts.Limit(
                0,
                both(lang, "10 小时后 ≤ 7 ℃", "≤ 7 ℃ after 10 h"),
                highest=Decimal(7),
                after=begin + timedelta(hours=10),
            ),
            charts.Limit(1, both(lang, "库温 0–4 ℃", "room 0–4 ℃"), lowest=Decimal(0), highest=Decimal(4)),
        ],
    )


def detail(lang: str) -> Context:
    def b(zh: Any, en: Any) -> Any:
        return both(lang, zh, en)

    grades = b(["特等", "优等", "良好", "可用", "人工评定"], ["special", "prime", "good", "usable", "by hand"])
    words = {
        "state": b("公示中", "on public notice"),
        "grant": b("同意授权", "Grant"),
        "refuse": b("不予授权", "Refuse"),
        "reason": b("理由", "Reason"),
        "steps": [
            {"title": b("提交", "Sent in"), "state": "done", "note": "11-02"},
            {"title": b("材料审查", "Desk review"), "state": "done", "note": "11-05"},
            {"title": b("公示", "Public notice"), "state": "current", "note": b("至 11-23", "until 11-23")},
            {"title": b("决定", "Decision"), "state": "waiting", "note": b("须第二人", "second person")},
            {"title": b("发证", "Certificate"), "state": "waiting"},
        ],
        "notice_title": b("期限为暂定", "The deadline is provisional"),
        "notice_text": b(
            "2027 年放假安排尚未公布，逾期不会自动通过。",
            "The public holidays of 2027 are not gazetted; nothing is approved by lapse of time.",
        ),
        "facts_title": b("申请内容", "Application"),
        "facts": [
            (b("企业", "Enterprise"), ("link", b("示范肉业合作社", "Demo Lamb Cooperative"), "#")),
            (b("统一社会信用代码", "Credit code"), ("code", "93150824MADEMO001X")),
            (b("产品", "Product"), b("乌拉特羊肉（示范）", "Urad lamb (Demo)")),
            (b("年度上限", "Yearly cap"), "30,000 kg"),
            (b("推荐意见", "Recommendation"), None),
        ],
        "history_title": b("办理记录", "History"),
        "history": [
            {
                "when": "2026-11-16 09:00",
                "title": b("开始公示", "Public notice opened"),
                "who": b("示范经办员", "Demo Clerk"),
                "colour": "green",
            },
            {
                "when": "2026-11-05 15:12",
                "title": b("退回补正", "Sent back"),
                "who": b("示范经办员", "Demo Clerk"),
                "text": b("缺检测报告。", "Test report missing."),
                "colour": "amber",
            },
            {
                "when": "2026-11-02 10:40",
                "title": b("提交申请", "Sent in"),
                "who": b("示范肉业合作社", "Demo Lamb Cooperative"),
            },
        ],
        "curve_title": b("排酸温度", "Chilling"),
        "curve_summary": b(
            "10 小时后中心温度降到 7 ℃以下；库温有一次超过 4 ℃。",
            "The core fell below 7 ℃ in ten hours; the room once exceeded 4 ℃.",
        ),
        "curve_headings": b(["时间", "中心(℃)", "库温(℃)"], ["Time", "Core (℃)", "Room (℃)"]),
        "bars_title": b("等级分布", "Grades"),
        "bars_summary": b("312 只胴体中，优等最多。", "Of 312 carcasses most are prime."),
        "bars_headings": b(["等级", "胴体", "占比"], ["Grade", "Carcasses", "Share"]),
        "more": b("显示全部材料", "Show all papers"),
    }
    return frame(lang, 1) | {
        "heading": b("示范肉业合作社：产业品牌", "Demo Lamb Cooperative: industry brand"),
        "crumbs": [(b("申请", "Applications"), "#"), ("WZ-2026-0007", "#")],
        "t": words,
        "curve": curve(lang),
        "bars": charts.bar_chart([(name, Decimal(n)) for name, n in zip(grades, (41, 168, 79, 18, 6), strict=True)]),
    }
