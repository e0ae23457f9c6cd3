"""The page on coverage: what carries each row of the source texts, and what comes of it."""

from __future__ import annotations

from wijksim.analysis.coverage.report import Coverage, Line, coverage
from wijksim.kernel.measure import MEASURES

_HEADINGS = {
    "L": "Levers",
    "G": "Governance",
    "M": "Drivers",
    "O": "Outcomes",
}
_DIRECTION = {1: "up", -1: "down", 0: "none"}


def coverage_page() -> str:
    """Write the page from the stored effects."""
    found = coverage()
    parts = [*_head(found), *_missing(found)]
    for letter, heading in _HEADINGS.items():
        lines = sorted((one for one in found.lines if one.row.key[0] == letter), key=lambda one: one.row.key)
        parts += ["", f"## {heading}", ""]
        parts += _outcomes(lines) if letter == "O" else _effects(lines)
    return "\n".join([*parts, *_alike(found)]) + "\n"


def _head(found: Coverage) -> list[str]:
    counts = ", ".join(f"{count} {word}" for word, count in sorted(found.counts().items()))
    lines = [
        "# Coverage of the source texts",
        "",
        "*Made from the code and the stored effects by `./wijk docs`; do not edit.*",
        "",
        f"{len(found.lines) - len(found.missing)} of {len(found.lines)} rows are carried: {counts}.",
        "",
        "What a text expects of a row stands beside what came of it in the model and is never a goal. An effect is the "
        "mean paired difference over the last five years with its 95 % interval, in the unit of the measure; rows on "
        "governance and some levers are told against a case that has everything but the row. *Equivalent to zero* "
        "means that the whole interval lies within the smallest effect that matters, *undecided* that it holds zero "
        "and more than that.",
    ]
    if found.table is not None:
        table = found.table
        precise, clearing = found.precise(), found.clearing()
        lines += [
            "",
            f"{table.pairs} pairs, {table.residents:,} residents, {table.months} months. {len(precise)} rows are known "
            f"to within the smallest effect that matters; {len(clearing)} of them clear it"
            + (f": {', '.join(one.row.key for one in clearing)}." if clearing else "."),
        ]
    return lines


def _missing(found: Coverage) -> list[str]:
    if not found.missing:
        return []
    rows = [f"- {line.row.key} {line.row.en}" for line in found.missing]
    return ["", "## Without carrier", "", *rows]


def _effects(lines: list[Line]) -> list[str]:
    rows = [
        "| row | name | carrier and setting | measure | expected | effect | 95 % interval | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        case, effect = line.case, line.effect
        if case is None:
            rows.append(f"| {line.row.key} | {line.row.en} |  |  |  |  |  | {line.verdict} |")
            continue
        kind = MEASURES.get(case.moves)
        read = f"{kind.label} ({kind.unit}{'' if effect is None else f', {effect.where}'})"
        numbers = ("", "") if effect is None else (_number(effect.effect), _interval(effect.low, effect.high))
        rows.append(
            f"| {line.row.key} | {line.row.en} | {_cell(case.setting or case.carrier)} | {read} "
            f"| {_DIRECTION[case.sign]} | {numbers[0]} | {numbers[1]} | {line.verdict} |"
        )
    return rows


def _outcomes(lines: list[Line]) -> list[str]:
    rows = ["| row | name | measures | level, vulnerable district | 95 % interval |", "|---|---|---|---|---|"]
    for line in lines:
        names = ", ".join(f"`{name}`" for name in line.carriers)
        effect = line.effect
        level = "" if effect is None else f"{_number(effect.level)} {MEASURES.get(effect.measure).unit}"
        interval = "" if effect is None else _interval(effect.low, effect.high)
        rows.append(f"| {line.row.key} | {line.row.en} | {names} | {level} | {interval} |")
    return rows


def _alike(found: Coverage) -> list[str]:
    parts = [
        "",
        "## One mechanism, several rows",
        "",
        "Rows that take hold of the same named things over the same target come down to one mechanism. Each keeps its "
        "own setting, and says why it would differ.",
    ]
    for moves, group in found.alike():
        parts += ["", f"**{', '.join(f'`{word}`' for word in moves.split(' '))}**", ""]
        parts += [f"- {one.row.key} {one.row.en}: {one.case.differs if one.case else ''}" for one in group]
    return parts


def _number(value: float) -> str:
    return f"{value:.3g}"


def _interval(low: float, high: float) -> str:
    return f"{_number(low)} to {_number(high)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
