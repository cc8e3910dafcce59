"""What a document says of itself: title, issuer, number, date, year, stages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from taskkit.documents import Document, Paragraph, Table
from taskkit.text import compact, parse_numeral, similar, squeeze

_KIND = (
    r"(?:分工方案|任务分解(?:表|方案)?|责任分[解工](?:表|方案)?|重点工作分[工解]|任务(?:分工)?表|任务分工|(?:任务|工作|责任|项目)?清单"
    r"|(?:实施|行动|工作|落实|推进|攻坚)方案|行动计划|工作要点(?:任务分解|任务分工|分工)?|工作计划|任务书|分[解工]表|重点任务|台账|责任表|(?:交办|督办|任务)单|责任落实分工|目标责任(?:书|制)?)"
)
_TITLE = re.compile(rf".{{4,60}}{_KIND}(?:[（(].{{1,20}}[）)])?$")
_YEARLY_TITLE = re.compile(r".{0,20}20\d\d年.{0,20}(?:实事(?:项目)?|重点工作(?:安排)?|目标任务)")
_ISSUED_TITLE = re.compile(r"(?:关于)?(?:印发|下达|分解落实|做好)《?(?P<title>.{6,80}?)》?(?:的通知|的函|的决定)$")
# A document that is the plan itself, without a notice: …关于落实政府工作报告重点任务分工的意见.
_OWN_TITLE = re.compile(
    r"^(?P<title>[^。：:；]{0,40}关于[^。：:；]{4,60}(?:任务|分工|分解|工作|行动|改革|环境|发展)[^。：:；]{0,12}(?:意见|措施|安排|决定|要点|方案)"
    r"|[^。：:；]{2,30}关于[^。：:；]{4,60}若干[^。：:；]{0,8}(?:措施|意见|政策))$"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,10}[〔\[【（(](?:20\d\d)[〕\]】）)]第?\d{1,4}号")
_DATE = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:印发)?")
_DAMAGED_DATE = re.compile(r"(20\d\d)(\d{2,4})")
_HEAD = re.compile(r"(?P<issuer>.{4,30}?(?:政府|办公室|办公厅|委员会|局|厅|委|办))文件$")
_ISSUER_IN_TITLE = re.compile(r"^(?P<issuer>.{2,30}?(?:政府|办公室|办公厅|委员会|局|厅|委|办))关于")
# 近日，县人民政府印发《…》: how a digest or a news page says who issued the plan.
_ISSUED_BY = re.compile(
    r"^(?:近日[，,]?|日前[，,]?)?(?P<issuer>[\u4e00-\u9fff]{2,24}?(?:政府|办公室|办公厅|委员会|局|厅))(?:近日|日前)?印发"
)
_SIGNATURE = re.compile(
    r"^[\u4e00-\u9fff]{2,30}(?:人民政府|办公室|办公厅|委员会|管委会|办事处|督[查考]室|政府|局|厅|领导小组)$"
)
_SAME_TITLE = 0.6
_TITLE_ROWS = 5  # a title stands at the top of a sheet
_OF_DOCUMENT = re.compile(r"(?:发[文布]|制发|公开)(?:机关|机构|单位|字号|日期)|成文日期|文\s*号|文件编号")
_SAID_ISSUER = re.compile(r"(?:发[文布]|制发)(?:机关|机构|单位)：(?P<issuer>.{4,30})")
_ONES = "一二三四五六七八九"
_CHAPTER = re.compile(r"^[一二三四五六七八九十（(\d]+[、.．）)]")


@dataclass(frozen=True)
class Front:
    """The front matter; ``mended`` is a damaged date as printed, where it could be read all the same."""

    title: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    year: int | None = None
    mended: tuple[str, str] | None = None  # (as printed, place)


def read_front(document: Document, used: Sequence[int]) -> Front:
    """Read the front matter from what is not the plan's own rows (``used``: blocks of tasks)."""
    taken = set(used)
    loose = [block for i, block in enumerate(document.blocks) if isinstance(block, Paragraph) and i not in taken]
    lines = [*((squeeze(block.text), block.place) for block in loose), *_labelled(document, taken)]
    title = _title(document, [text for text, _ in lines])
    issued_on, mended = _issued_on(lines)
    year = re.search(r"20\d\d", title or "") or re.search(r"(20\d\d)年", "".join(text for text, _ in lines[:8]))
    numbered = next(
        (found[0] for text, _ in [*lines[:12], *_labelled(document, taken)] if (found := _NUMBER.search(text))), None
    )
    in_year = int(year[0][:4]) if year else issued_on.year if issued_on else None
    if in_year is None and numbered and (found := re.search(r"20\d\d", numbered)):
        in_year = int(found[0])
    return Front(title, _issuer([text for text, _ in lines]), numbered, issued_on, in_year, mended)


def _labelled(document: Document, taken: set[int]) -> Iterator[tuple[str, str]]:
    """What the small table above a page says of the document: 发文机关 beside its value, and values alone."""
    for index, block in enumerate(document.blocks):
        if index in taken or not isinstance(block, Table) or len(block.rows) > _TITLE_ROWS:
            continue
        for row in block.rows:
            texts = [squeeze(text) for text in row.texts]
            for name, value in pairwise(texts):
                if value and _OF_DOCUMENT.match(name):
                    yield f"{name.rstrip('：:')}：{value}", row.place
                    yield value, row.place


def is_plan_title(text: str) -> bool:
    """Whether a line is the title of a plan rather than of a task or a notice."""
    line = squeeze(text)
    return (
        bool(_TITLE.fullmatch(line) or _YEARLY_TITLE.fullmatch(line))
        and not re.search(r"通知|印发|^附件|[：:。]", line)
        and not _CHAPTER.match(line)
    )


def same_plan(one: str, other: str) -> bool:
    """Whether two titles are of one plan: the same year, and the same words but for a few (续表, 工业类)."""
    years = [re.findall(r"20\d\d", title)[:1] for title in (one, other)]
    left, right = map(_subject, (one, other))
    return (years[0] == years[1] or [] in years) and (
        left in right or right in left or similar(left, right) >= _SAME_TITLE
    )


def _subject(title: str) -> str:
    """What a plan is about: its title without the year, the kind of document and what follows in brackets."""
    bare = re.sub(r"[（(].*$|20\d\d年度?|[《》]", "", squeeze(title))
    return re.sub(rf"{_KIND}$", "", bare)


def _title(document: Document, lines: Sequence[str]) -> str | None:
    """The plan's own title, else what a notice says that it issues, else a name in 《》."""
    for before, text, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if is_plan_title(text):
            whole = f"{text}{after}" if _second_half(text, after) else text
            return f"{before}{whole}" if _first_half(before) and not re.search(r"20\d\d", text) else whole
    for pattern in (_ISSUED_TITLE, _OWN_TITLE):
        for before, text in pairwise(["", *lines[:15]]):
            if found := pattern.search(text) or pattern.search(f"{before}{text}"):  # titles are broken by sense
                return found["title"]
    opening = "".join(lines[:15])
    for name in re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", opening):
        if _TITLE.fullmatch(name):
            return str(name)
    return _title_above_table(document)


def _first_half(text: str) -> bool:
    """Whether a line is the upper half of a title broken by sense: 2026年县《政府工作报告》 over 重点任务分工方案."""
    return (
        bool(re.match(r".{0,12}20\d\d年", text)) and len(text) <= 30 and not re.search(r"[。：:；]|印发|日$|号$", text)
    )


def _second_half(text: str, after: str) -> bool:
    """Whether the next line only says of what kind a plan is: 2026年县十件民生实事及重点工作 over 责任分工表."""
    ends = re.search(rf"{_KIND}$", text)
    return (
        not ends
        and len(after) <= 14
        and bool(re.fullmatch(rf"[\u4e00-\u9fff]{{0,6}}{_KIND}|责任分工(?:表|方案)?", after))
    )


def _title_above_table(document: Document) -> str | None:
    """The first line of a table (or of its cover sheet) that reads like a title, else the first that stands alone."""
    alone = []
    for table in document.tables:
        for row in table.rows[:_TITLE_ROWS]:
            texts = [compact(text) for text in row.texts if text]
            if len(texts) == 1 and 4 <= len(texts[0]) <= 60:
                alone.append(squeeze(texts[0]))
    first = [squeeze("".join(row.texts)) for table in document.tables[:1] for row in table.rows[:3]]
    return next(filter(is_plan_title, alone), None) or next((title for title in alone if title in first), None)


def _issuer(lines: Sequence[str]) -> str | None:
    for pattern in (_HEAD, _ISSUER_IN_TITLE, _ISSUED_BY):
        for text in lines[:10]:
            if (found := pattern.search(text)) and found["issuer"]:
                return _in_full(found["issuer"], lines)
    said = next((found["issuer"] for text in lines if (found := _SAID_ISSUER.fullmatch(text))), None)
    return said or next((text for text in lines if _SIGNATURE.match(text) and not _CHAPTER.match(text)), None)


def _in_full(issuer: str, lines: Sequence[str]) -> str:
    """An issuer that the title names by its level alone (区政府办公室) as its signature has it."""
    if issuer[0] not in "省市县区州旗":
        return issuer
    tail = issuer[-3:]
    return next(
        (line for line in lines if _SIGNATURE.match(line) and line.endswith(tail) and len(line) > len(issuer)), issuer
    )


def _issued_on(lines: Sequence[tuple[str, str]]) -> tuple[date | None, tuple[str, str] | None]:
    """The date on a line of its own, else the printing date; a date that lost its words where it is clear."""
    for text, _ in ((_in_digits(text), place) for text, place in lines):
        if (found := _DATE.fullmatch(text)) and (day := _day(*map(int, found.groups()))):
            return day, None
    for text, place in lines:
        if (damaged := _DAMAGED_DATE.fullmatch(text)) and (day := _split(int(damaged[1]), damaged[2])):
            return day, (text, place)
    return None, None


def _in_digits(text: str) -> str:
    """A date written in Chinese numerals (二〇〇六年四月二十八日) in digits; any other text as it is."""
    found = re.fullmatch(rf"([{_ONES}〇○零]{{4}})年([{_ONES}十]{{1,2}})月([{_ONES}十]{{1,3}})日", text)
    if not found:
        return text
    year = parse_numeral(re.sub("○", "〇", found[1]))
    return f"{year}年{parse_numeral(found[2])}月{parse_numeral(found[3])}日"


def _split(year: int, digits: str) -> date | None:
    """Month and day of digits run together, where there is one way only."""
    days = {day for cut in (1, 2) if digits[cut:] and (day := _day(year, int(digits[:cut]), int(digits[cut:])))}
    days = {day for day in days if f"{day.month}{day.day}" == digits}
    return days.pop() if len(days) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
