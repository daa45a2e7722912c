"""Small faults in a module's text: for mutants.py.

cosmic-ray makes most of them; a call that is left out is made here.
"""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import parso
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

_COMPARED = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt")
# The star of a parameter list, which cosmic-ray takes for a product.
_BARE_STAR_DIVIDED = re.compile(r"^\+(.*(\(|, )|\s*)/,( |$)")
_PLACE = re.compile(r"^@@ -(\d+)(?:,(\d+))?")
_WANTED = {
    *(f"core/ReplaceComparisonOperator_{kind}" for kind in (*_COMPARED, "Is_IsNot", "IsNot_Is")),
    *(f"core/ReplaceBinaryOperator_{kind}" for kind in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul")),
    *(f"core/{kind}" for kind in ("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr")),
    *(f"core/{kind}" for kind in ("ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak")),
    *(f"core/{kind}" for kind in ("ExceptionReplacer", "NumberReplacer", "ZeroIterationForLoop")),
    "core/ReplaceUnaryOperator_Delete_Not",
}


class LeaveOutCall(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """A statement that is a call, left out."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Where the statement stands."""
        if node.type == "simple_stmt" and _is_call(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - a statement has one place
        """Nothing; `pass` where a block would be empty."""
        if sum(child.type != "newline" for child in node.parent.children) > 1:
            return None
        left = parso.parse("pass\n").children[0]  # type: ignore[no-untyped-call]
        left.get_first_leaf().prefix = node.get_first_leaf().prefix
        return left

    @classmethod
    def examples(cls) -> Sequence[Any]:
        """None: the benchmark's own."""
        return ()


def _is_call(node: Any) -> bool:
    if node.type == "await_expr" or node.type == "await":
        return _is_call(node.children[-1])
    last = node.children[-1] if node.type in ("power", "atom_expr") else None
    return last is not None and last.type == "trailer" and last.children[0].value == "("


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the module's text with it, what differs, and the first and last line (of the original) that do."""

    module: str
    text: str
    change: str
    lines: tuple[int, int]


def mutants_of(module: str, text: str, chance: random.Random) -> tuple[int, Iterator[Mutant]]:
    """How many places for a fault a module has, and the mutants, drawn by `chance`, each text once; nothing outside
    functions."""
    tree, lines = parso.parse(text), text.splitlines()  # type: ignore[no-untyped-call]
    places: list[tuple[Operator, int]] = []
    for name in [*sorted(operator_names()), ""]:
        if name and name not in _WANTED:
            continue
        operator = get_operator(name)() if name else LeaveOutCall()
        found = (line for node in _nodes(tree) for (line, _), _ in operator.mutation_positions(node))
        places += [(operator, number) for number, line in enumerate(found) if lines[line - 1].startswith((" ", "\t"))]
    chance.shuffle(places)
    return len(places), _made(module, text, places)


def _nodes(node: Any) -> Iterator[Any]:
    """In the order in which cosmic-ray counts them."""
    yield node
    for child in getattr(node, "children", ()):
        yield from _nodes(child)


def _made(module: str, text: str, places: Sequence[tuple[Operator, int]]) -> Iterator[Mutant]:
    seen = {text}
    for operator, number in places:
        try:
            mutated = MutationVisitor.mutate_code(text, operator, number)
        except AttributeError:  # cosmic-ray 8.7 cannot replace an exception whose name has a dot
            continue
        if mutated is None or mutated in seen or not _is_python(mutated):
            continue
        seen.add(mutated)
        difference = list(difflib.unified_diff(text.splitlines(), mutated.splitlines(), n=0, lineterm=""))[2:]
        lines = [line for line in difference if not line.startswith("@@")]
        is_inside = all(line[1:].startswith((" ", "\t")) for line in lines)
        if is_inside and not any(_BARE_STAR_DIVIDED.search(line) for line in lines):
            change = " → ".join(line[1:].strip() for line in lines)
            yield Mutant(module, mutated, change, _place(difference))


def _is_python(text: str) -> bool:
    """cosmic-ray writes `not` before an assignment in an expression, too."""
    try:
        compile(text, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _place(difference: Sequence[str]) -> tuple[int, int]:
    places = [(int(found[1]), int(found[2] or 1)) for line in difference if (found := _PLACE.match(line))]
    return places[0][0], places[-1][0] + max(places[-1][1] - 1, 0)
