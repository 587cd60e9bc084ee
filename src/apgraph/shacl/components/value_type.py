"""Class, datatype, node kind: https://www.w3.org/TR/shacl/#core-components-value-type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from apgraph.shacl.model import Component
from apgraph.shacl.report import SH
from apgraph.store.lexical import XML_LITERAL, ill_formed

if TYPE_CHECKING:
    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Node

__all__ = ["NODE_KINDS", "Class", "Datatype", "NodeKind"]

NODE_KINDS: Final = {
    SH + "IRI": "(ISIRI({0}) && !ISBLANK({0}))",  # in Virtuoso a blank node is an IRI, too
    SH + "BlankNode": "ISBLANK({0})",
    SH + "Literal": "ISLITERAL({0})",
    SH + "BlankNodeOrIRI": "(ISBLANK({0}) || ISIRI({0}))",
    SH + "BlankNodeOrLiteral": "(ISBLANK({0}) || ISLITERAL({0}))",
    SH + "IRIOrLiteral": "!ISBLANK({0})",
}


@dataclass(frozen=True, slots=True)
class Class(Component):
    """https://www.w3.org/TR/shacl/#ClassConstraintComponent."""

    iri_of_class: str
    name: ClassVar[str] = "Class"

    def says(self) -> str:
        """In words."""
        return f"the value is no instance of <{self.iri_of_class}>"

    def test(self, node: Node, compiler: Compiler) -> str:
        """No instance of the class or of one below it."""
        return compiler.ground.is_no_instance(self.iri_of_class, node.name)


@dataclass(frozen=True, slots=True)
class Datatype(Component):
    """https://www.w3.org/TR/shacl/#DatatypeConstraintComponent."""

    datatype: str
    name: ClassVar[str] = "Datatype"
    judges_each: ClassVar[bool] = True

    def says(self) -> str:
        """In words."""
        return f"the value is no well-formed literal of datatype <{self.datatype}>"

    def test(self, node: Node, compiler: Compiler) -> str:
        """No literal of that datatype, or one whose text the datatype does not have."""
        compiler.ground.judges_datatype(node, self.datatype)
        wrong = f"!ISLITERAL({node}) || {node.datatype} != <{self.datatype}>"
        form = ill_formed(f"STR({node})", self.datatype)
        if self.datatype == XML_LITERAL:
            form = compiler.ground.is_no_xml(str(node))
        return f"{wrong} || {form}" if form else wrong


@dataclass(frozen=True, slots=True)
class NodeKind(Component):
    """https://www.w3.org/TR/shacl/#NodeKindConstraintComponent."""

    kind: str
    name: ClassVar[str] = "NodeKind"

    def says(self) -> str:
        """In words."""
        return f"the value is not of kind sh:{self.kind.removeprefix(SH)}"

    def test(self, node: Node, compiler: Compiler) -> str:
        """Of another kind."""
        return f"!{NODE_KINDS[self.kind].format(node)}"
