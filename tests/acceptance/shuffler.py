"""Writes a rulebook in another order that means the same: sibling blocks with what stands under them, and fields.

Works on the text alone, as an editor would move pieces about: a header and everything down to the next header of its
own or a higher level is one piece. What stands before the first header, and comments between pieces, stay with the
piece that follows. Fields move within their block, their items and rows with them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from perfdsl.workspace.opening import words

LEVELS = {"一级指标": 1, "二级指标": 2, "三级指标": 3}
BELOW = ("指标", "个性指标", "过程指标")
HEADERS = tuple(words().header_spellings)
HEADER = re.compile(rf"^(?:{'|'.join(HEADERS)}) ")
FIELD = re.compile(r"^\s+[^\s|·#：（]+：")
ORDERED = ("列",)
"""Fields that may stand twice in a block keep their place among themselves."""


@dataclass
class Piece:
    """A header with its lines, and the pieces under it."""

    level: int
    lines: list[str] = field(default_factory=list)
    below: list[Piece] = field(default_factory=list)


def shuffled(text: str, seed: int) -> str:
    """The same rulebook in another order."""
    chance = random.Random(seed)
    return "".join(f"{line}\n" for piece in _mixed(_pieces(text), chance) for line in _written(piece, chance))


def _pieces(text: str) -> list[Piece]:
    roots: list[Piece] = []
    waiting: list[str] = []
    open_pieces: list[Piece] = []
    for line in text.rstrip("\n").split("\n"):
        if HEADER.match(line):
            piece = Piece(_level(line), [*waiting, line])
            waiting = []
            while open_pieces and open_pieces[-1].level >= piece.level:
                open_pieces.pop()
            (open_pieces[-1].below if open_pieces else roots).append(piece)
            open_pieces.append(piece)
        elif line.startswith("#") or not line.strip() or not open_pieces:
            waiting.append(line)
        else:
            open_pieces[-1].lines += [*waiting, line]
            waiting = []
    if open_pieces:
        open_pieces[-1].lines += waiting
    return roots


def _level(line: str) -> int:
    word = line.split(" ", 1)[0]
    if word in LEVELS:
        return LEVELS[word]
    return 9 if word in BELOW else 0


def _mixed(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Siblings in another order. An indicator beside groups stays before them: after them it would be under one."""
    mixed = chance.sample(pieces, len(pieces))
    return sorted(mixed, key=lambda piece: piece.level == 1) if any(p.level == 9 for p in pieces) else mixed


def _written(piece: Piece, chance: random.Random) -> Sequence[str]:
    lines = _fields(piece.lines, chance)
    # what is directly below comes before the groups, or it would belong to the last of them
    direct = [one for one in piece.below if one.level == 9]
    groups = [one for one in piece.below if one.level != 9]
    for one in (*chance.sample(direct, len(direct)), *chance.sample(groups, len(groups))):
        lines += _written(one, chance)
    return lines


def _fields(lines: list[str], chance: random.Random) -> list[str]:
    """The header, then the fields in another order; a table without a field stays at the end."""
    head = next(i for i, line in enumerate(lines) if HEADER.match(line)) + 1
    parts: list[list[str]] = []
    tail: list[str] = []
    waiting: list[str] = []
    for line in lines[head:]:
        if FIELD.match(line):
            parts.append([*waiting, line])
            waiting = []
        elif line.strip().startswith("#"):
            waiting.append(line)
        elif parts and line.startswith("    "):
            parts[-1] += [*waiting, line]
            waiting = []
        else:
            tail += [*waiting, line]
            waiting = []
    names = [part[-1].strip().split("：")[0] for part in parts]
    if any(names.count(name) > 1 for name in ORDERED) or any("已知悉" in line for line in (*waiting, *tail)):
        return lines
    mixed = chance.sample(parts, len(parts))
    return [*lines[:head], *(line for part in mixed for line in part), *tail, *waiting]
