"""The text of values: https://www.w3.org/TR/shacl/#core-components-string."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pyoxigraph import Literal

from apgraph.shacl.focus import select
from apgraph.shacl.model import Component, Violations

if TYPE_CHECKING:
    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.model import Shape

__all__ = ["LanguageIn", "MaxLength", "MinLength", "Pattern", "UniqueLang"]


@dataclass(frozen=True, slots=True)
class MinLength(Component):
    """https://www.w3.org/TR/shacl/#MinLengthConstraintComponent."""

    least: int
    name: ClassVar[str] = "MinLength"
    judges_each: ClassVar[bool] = True

    def says(self) -> str:
        """In words."""
        return f"the value has fewer than {self.least} characters"

    def test(self, node: Node, compiler: Compiler) -> str:
        """A blank node, or too short."""
        compiler.ground.judges_text(node)
        return f"ISBLANK({node}) || STRLEN(STR({node})) < {self.least}"


@dataclass(frozen=True, slots=True)
class MaxLength(Component):
    """https://www.w3.org/TR/shacl/#MaxLengthConstraintComponent."""

    most: int
    name: ClassVar[str] = "MaxLength"
    judges_each: ClassVar[bool] = True

    def says(self) -> str:
        """In words."""
        return f"the value has more than {self.most} characters"

    def test(self, node: Node, compiler: Compiler) -> str:
        """A blank node, or too long."""
        compiler.ground.judges_text(node)
        return f"ISBLANK({node}) || STRLEN(STR({node})) > {self.most}"


@dataclass(frozen=True, slots=True)
class Pattern(Component):
    """https://www.w3.org/TR/shacl/#PatternConstraintComponent."""

    pattern: str
    flags: str = ""
    name: ClassVar[str] = "Pattern"
    judges_each: ClassVar[bool] = True

    def says(self) -> str:
        """In words."""
        return f"the value does not match {self.pattern!r}"

    def test(self, node: Node, compiler: Compiler) -> str:
        """A blank node, or no match."""
        compiler.ground.judges_text(node)
        return f"ISBLANK({node}) || !{compiler.ground.matches(f'STR({node})', self.pattern, self.flags)}"


@dataclass(frozen=True, slots=True)
class LanguageIn(Component):
    """https://www.w3.org/TR/shacl/#LanguageInConstraintComponent."""

    ranges: tuple[str, ...]
    name: ClassVar[str] = "LanguageIn"

    def says(self) -> str:
        """In words."""
        return f"the value's language is none of: {', '.join(self.ranges)}"

    def test(self, node: Node, compiler: Compiler) -> str:
        """No literal, or one in none of the languages."""
        tests = [f"LANGMATCHES(LANG({node}), {Literal(one)})" for one in self.ranges]
        return f"!(ISLITERAL({node}) && ({' || '.join(tests) or 'false'}))"


@dataclass(frozen=True, slots=True)
class UniqueLang(Component):
    """https://www.w3.org/TR/shacl/#UniqueLangConstraintComponent."""

    name: ClassVar[str] = "UniqueLang"

    def says(self) -> str:
        """In words."""
        return "more than one value is in the same language"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Languages that two values of a focus node have."""
        values = focus.follow(shape.path, compiler.ground)
        language = compiler.ground.fresh("language")
        pattern = (
            f'{values.pattern}\nBIND(LCASE(LANG({values.node})) AS {language})\nFILTER({language} != "")'
        )
        columns = (*focus.columns, language)
        tail = f"GROUP BY {' '.join(columns)} HAVING (COUNT(DISTINCT {values.node}) > 1)"
        return Violations(select(columns, pattern, distinct=False, tail=tail), apart=(language,))
