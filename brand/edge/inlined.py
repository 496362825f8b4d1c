"""Puts what a template calls where it is called, for the few pages that everybody opens: a macro's call costs several
times its words.

Done to the parsed template before it is compiled, so that template and words stay what they are for every other page.
What cannot be moved safely stays a call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

Answers = Mapping[str, Callable[..., str]]
Macros = dict[str, nodes.Macro]
Body = list[nodes.Node]

_CALLER = "caller"
_ESCAPED = re.compile("[&<>'\"]").search
#: The filters that stand for a point between names, and for ``{…}.get``.
PART, CHOSEN = "part", "chosen"
#: Names that a macro may use and that are neither its own nor the environment's.
_GIVEN = frozenset({"loop", _CALLER})


class Generator(CodeGenerator):
    """Compiles a template after its calls were put in place; what ``answers`` are is said by the environment."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        answers: Answers = self.environment.answers  # type: ignore[attr-defined]
        super().visit_Template(Inlined(self.environment, answers).template(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        """As Jinja's own, but what nothing has to be escaped in is written as it is."""
        assert frame.eval_ctx.autoescape
        assert not frame.eval_ctx.volatile
        self.write("environment.shown(")


class Inlined(NodeTransformer):
    """``answers``: functions whose words follow from what is handed over, so that constants are answered at once."""

    def __init__(self, environment: Environment, answers: Answers) -> None:
        self._environment = environment
        self._answers = answers
        self._known: Macros = {}
        self._laid = 0

    def template(self, node: nodes.Template) -> nodes.Template:
        self._learn(node)
        self.visit(node)
        loaded = {one.name for one in node.find_all(nodes.Name) if one.ctx == "load"}
        node.body = [one for one in node.body if not (isinstance(one, nodes.FromImport) and _idle(one, loaded))]
        return node

    def _learn(self, node: nodes.Template) -> None:
        """The macros that the template imports and that may be put anywhere in it."""
        taken = {one.name for one in node.find_all(nodes.Name) if one.ctx == "store"}
        for one in node.find_all(nodes.FromImport):
            if isinstance(one.template, nodes.Const) and not one.with_context:
                theirs = self._macros(one.template.value)
                for name in one.names:
                    own, here = name if isinstance(name, tuple) else (name, name)
                    if own in theirs and here not in self._answers and not _free(theirs[own]) & taken:
                        self._known[here] = theirs[own]

    def _macros(self, name: str) -> Macros:
        """Those of another template that rest on nothing but the environment once its own calls are in place."""
        assert self._environment.loader is not None
        source, file, _ = self._environment.loader.get_source(self._environment, name)
        parsed = self._environment._parse(source, name, file)
        inner = Inlined(self._environment, self._answers)
        inner._learn(parsed)
        found: Macros = {}
        for one in parsed.find_all(nodes.Macro):
            inner.visit(one)
            if _free(one) <= self._environment.globals.keys():
                found[one.name] = one
                if one.name not in self._answers:
                    inner._known[one.name] = one
        return found

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """What has an answer: said now where all is known, else asked without going through the template's context."""
        self.generic_visit(node)
        called = node.node
        if isinstance(called, nodes.Getattr) and called.attr == "get" and isinstance(called.node, nodes.Dict):
            key, otherwise = node.args  # a table in the template itself: no need to ask the context whose call it is
            return nodes.Filter(key, CHOSEN, [called.node, otherwise], [], None, None)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in self._answers or not node.args or node.dyn_args or node.dyn_kwargs:
            return node
        handed = [*node.args, *(one.value for one in node.kwargs)]
        if all(isinstance(one, nodes.Const) for one in handed):
            words = {one.key: one.value.as_const() for one in node.kwargs}
            return nodes.Const(self._answers[name](*(one.as_const() for one in node.args), **words))
        first, *more = node.args
        return nodes.Filter(first, name, more, node.kwargs, None, None)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Expr:
        """Most of what is shown lies in dictionaries, where Jinja looks for an attribute first and fails at a price."""
        self.generic_visit(node)
        if hasattr(dict, node.attr):
            return node
        return nodes.Filter(node.node, PART, [nodes.Const(node.attr)], [], None, None)

    def visit_Output(self, node: nodes.Output) -> Body:
        made: Body = []
        for one in node.nodes:
            found = self._shown(one)
            if found is not None:
                made += found
            elif made and isinstance(made[-1], nodes.Output):
                made[-1].nodes.append(self.visit(one))
            else:
                made.append(nodes.Output([self.visit(one)]))
        return made

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node | Body:
        self.generic_visit(node)
        found = None if node.args else self._placed(node.call, node.body)
        return node if found is None else found

    def _shown(self, node: nodes.Expr) -> Body | None:
        """The statements that show what a call in this expression would; None where there is none."""
        if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
            yes, no = self._shown(node.expr1), self._shown(node.expr2)
            if yes is None and no is None:
                return None
            branches = [
                [nodes.Output([self.visit(one)])] if found is None else found
                for one, found in ((node.expr1, yes), (node.expr2, no))
            ]
            return [nodes.If(self.visit(node.test), branches[0], [], branches[1])]
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in self._known:
            return self._placed(node, None)
        return None

    def _placed(self, call: nodes.Call, inner: Body | None) -> Body | None:
        """The macro's body with its parameters set; ``inner`` is what stands in the place of its caller."""
        macro = self._known.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        handed = _handed(macro, call) if macro is not None else None
        if macro is None or handed is None:
            return None
        wraps = any(one.name == _CALLER for one in macro.find_all(nodes.Name))
        if wraps != (inner is not None):
            return None
        values = [self.visit(one) for one in handed]
        copy = deepcopy(macro, {id(self._environment): self._environment})
        self._rename(copy)
        if inner is not None and not _wrapped(copy, inner):
            return None
        return [nodes.With(list(_stores(copy.args)), values, copy.body)] if copy.args else copy.body

    def _rename(self, macro: nodes.Macro) -> None:
        """Names of its own for whatever it sets, so that they meet nobody else's."""
        self._laid += 1
        own = _own(macro)
        for one in macro.find_all(nodes.Name):
            if one.name in own:
                one.name = f"{one.name}_{self._laid}"


def shown(value: Any) -> str:
    """The value as the page writes it: ``escape`` makes a record of its own for every word, which costs more than it
    to look whether there is anything to escape."""
    kind = type(value)
    return value if kind is Markup or (kind is str and not _ESCAPED(value)) else escape(value)


def part_of(environment: Environment) -> Callable[[Any, str], Any]:
    """What Jinja finds behind a point, for a name that no dictionary has itself."""
    otherwise = environment.getattr

    def part(whole: Any, name: str) -> Any:
        if type(whole) is dict and name in whole:
            return whole[name]
        return otherwise(whole, name)

    return part


def chosen(key: Any, table: Mapping[Any, Any], otherwise: Any) -> Any:
    """What the table has for the key."""
    return table.get(key, otherwise)


def _own(macro: nodes.Macro) -> set[str]:
    return {one.name for one in macro.find_all(nodes.Name) if one.ctx != "load"}


def _free(macro: nodes.Macro) -> set[str]:
    """What it uses and does not set."""
    return {one.name for one in macro.find_all(nodes.Name)} - _own(macro) - _GIVEN


def _idle(node: nodes.FromImport, loaded: set[str]) -> bool:
    return loaded.isdisjoint(name[1] if isinstance(name, tuple) else name for name in node.names)


def _stores(names: Iterable[nodes.Name]) -> Iterable[nodes.Expr]:
    return (nodes.Name(one.name, "store") for one in names)


def _handed(macro: nodes.Macro, call: nodes.Call) -> Sequence[nodes.Expr] | None:
    """A value for every parameter, in their order; None where the call does not say so plainly."""
    if call.dyn_args or call.dyn_kwargs or len(call.args) > len(macro.args):
        return None
    names = [one.name for one in macro.args]
    values: dict[str, nodes.Expr] = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    values |= dict(zip(names, call.args, strict=False))
    values |= {one.key: one.value for one in call.kwargs}
    return [values[name] for name in names] if values.keys() == set(names) else None


def _wrapped(node: nodes.Node, inner: Body) -> bool:
    """Put ``inner`` where the caller's words are shown; False where the caller is used in any other way."""
    done = _Wrapping(inner)
    done.visit(node)
    return done.times == 1 and not any(one.name == _CALLER for one in node.find_all(nodes.Name))


class _Wrapping(NodeTransformer):
    def __init__(self, inner: Body) -> None:
        self._inner = inner
        self.times = 0

    def visit_Output(self, node: nodes.Output) -> Body:
        made: Body = []
        for one in node.nodes:
            if isinstance(one, nodes.Call) and isinstance(one.node, nodes.Name) and one.node.name == _CALLER:
                self.times += 1
                made += self._inner
            else:
                made.append(nodes.Output([one]))
        return made
