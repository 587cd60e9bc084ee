"""Shapes as objects: what each looks at, by which path, and what it asks.

See https://www.w3.org/TR/shacl/#shapes. :mod:`apgraph.shacl.reading` makes them from a shapes graph;
:mod:`apgraph.shacl.compilation` makes queries from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

import pyoxigraph

from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.paths import Path
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Subject

__all__ = ["Component", "Shape", "Target", "Violations"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a shape's focus nodes are, see https://www.w3.org/TR/shacl/#targets.

    Attributes:
        kind: What sort of target it is.
        term: The node, class or property.
    """

    kind: Literal["node", "class", "subjects", "objects"]
    term: Term


@dataclass(frozen=True, slots=True)
class Violations:
    """The pattern that finds every violation of one constraint by one set of focus nodes.

    Attributes:
        pattern: Binds the columns of the focus, and the variables below.
        value: The variable that holds the value at fault.
        path: The variable that holds the path, where that is no shape's.
        apart: More variables that tell violations apart.
        message: The variable that holds a message.
        shown: Names that messages may quote to the variables that hold what is meant.
        every: Whether each row is a violation, even where two are alike.
        failure: The variable by which a query says that it could not judge.
    """

    pattern: str
    value: str | None = None
    path: str | None = None
    apart: tuple[str, ...] = ()
    message: str | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    every: bool = False
    failure: str | None = None


class Component:
    """A constraint: a constraint component with the values of its parameters.

    A subclass has a :meth:`test` if it judges each value node on its own, and its own :meth:`violations` if not.
    """

    name: ClassVar[str]
    judges_each: ClassVar[bool] = False
    """Whether each value node is judged on its own, by what it is."""

    @property
    def iri(self) -> str:
        """The IRI of the constraint component."""
        return f"{SH}{self.name}ConstraintComponent"

    @property
    def source(self) -> Subject | None:
        """The SPARQL constraint that this is, if it is one."""
        return None

    @property
    def messages(self) -> tuple[pyoxigraph.Literal, ...]:
        """What the shapes graph says about violations of this constraint in particular."""
        return ()

    @property
    def inner(self) -> tuple[Shape, ...]:
        """Shapes whose violations explain those of this constraint."""
        return ()

    def says(self) -> str:
        """Return what is asked, in words, for results that the shapes graph has no message for."""
        raise NotImplementedError

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """Return an expression that is true where a value node violates the constraint, and never an error.

        None: this constraint can't be seen at one value node, or not by an expression.
        """
        return None

    def path_test(self, node: Node, link: Callable[[str], str], compiler: Compiler) -> str | None:
        """Return an expression that is true where a focus node violates the constraint through one property.

        Args:
            node: The focus node.
            link: From a variable or a term to the pattern by which it is a value.
            compiler: What compiles inner shapes.
        """
        value = compiler.ground.fresh("value")
        test = self.test(type(node)(value), compiler)
        if test is None:
            return None
        if "EXISTS" in test:
            compiler.ground.nests("EXISTS")
        return f"EXISTS {{ {link(value)} FILTER({test}) }}"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Return the violations among some focus nodes; None where there can be none.

        Raises:
            NotCheckedError: This constraint can't be compiled for the engine at hand, or at all.
        """
        values = focus.follow(shape.path, compiler.ground)
        test = self.test(values.node, compiler)
        if test is None:
            raise NotImplementedError(self.iri)
        return Violations(values.with_filter(test).pattern, value=values.node.name)


@dataclass(eq=False, slots=True)
class Shape:
    """A node shape, or, with a path, a property shape.

    Attributes:
        node: Its name in the shapes graph.
        path: The path to its value nodes.
        path_node: The path's node in the shapes graph.
        targets: Where its focus nodes are.
        components: What it asks.
        severity: IRI of the severity of its results.
        messages: What it says itself.
        deactivated: Whether it is switched off.
    """

    node: Subject
    path: Path | None = None
    path_node: Subject | None = None
    targets: tuple[Target, ...] = ()
    components: list[Component] = field(default_factory=list)
    severity: str = SH + "Violation"
    messages: tuple[pyoxigraph.Literal, ...] = ()
    deactivated: bool = False

    @property
    def shown(self) -> str:
        """The shape as a message names it: the label of a blank node is another in each run."""
        named = isinstance(self.node, pyoxigraph.NamedNode)
        return str(self.node) if named else "the shape that is asked for"
