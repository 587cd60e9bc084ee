"""The names of the SHACL vocabulary, and what a shapes graph names beside them.

A processor ignores what it does not know, so a misspelt ``sh:minCuont`` asks for nothing and nobody hears of it. Names
in the namespace of SHACL that SHACL does not have are told here, and those that only a later or another part of it
has: see https://www.w3.org/TR/shacl/#shacl-rdf, https://www.w3.org/TR/shacl-af/ and https://www.w3.org/TR/shacl12-core/.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.shacl.ground import SHAPES
from apgraph.shacl.report import SH, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

__all__ = [
    "KNOWN_NAMES",
    "KNOWN_PROPERTIES",
    "LATER",
    "NOT_HERE",
    "absent_shapes",
    "nothing_asked",
    "untold_terms",
]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN_PROPERTIES: Final = _names(
    # Targets, and what every shape may have
    "targetClass targetNode targetObjectsOf targetSubjectsOf severity message deactivated property path "
    "alternativePath inversePath oneOrMorePath zeroOrMorePath zeroOrOnePath "
    # Parameters of the core constraint components
    "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node "
    "qualifiedValueShape qualifiedValueShapesDisjoint qualifiedMinCount qualifiedMaxCount closed ignoredProperties "
    "hasValue in "
    # What is said about shapes and graphs
    "name description order group defaultValue shapesGraph suggestedShapesGraph entailment "
    # Reports
    "conforms shapesGraphWellFormed result detail focusNode resultPath value sourceShape sourceConstraint "
    "sourceConstraintComponent resultSeverity resultMessage "
    # SPARQL
    "sparql select ask prefixes declare prefix namespace parameter optional labelTemplate validator nodeValidator "
    "propertyValidator"
)
"""The properties of SHACL 1.0."""

_COMPONENTS: Final = _names(
    "And Class Closed Datatype Disjoint Equals HasValue In LanguageIn LessThan LessThanOrEquals MaxCount MaxExclusive "
    "MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength Node NodeKind Not Or Pattern Property "
    "QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang Xone"
)

KNOWN_NAMES: Final = _names(
    "Shape NodeShape PropertyShape PropertyGroup NodeKind BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral "
    "IRIOrLiteral Severity Violation Warning Info AbstractResult ValidationReport ValidationResult Parameterizable "
    "Parameter ConstraintComponent Validator SPARQLAskValidator SPARQLSelectValidator SPARQLConstraint "
    "SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable PrefixDeclaration"
) | {f"{name}ConstraintComponent" for name in _COMPONENTS}
"""The classes and individuals of SHACL 1.0."""

NOT_HERE: Final[dict[str, str]] = {
    name: part
    for part, names in {
        "the SHACL Advanced Features": "target expression rule values Function SPARQLFunction TargetType "
        "SPARQLTargetType resultAnnotation",
        "the SHACL JavaScript Extensions": "js JSFunction JSTargetType",
        "SHACL 1.2": "targetWhere shape ShapeClass TripleTerm Debug Trace conformanceDisallows memberShape minListLength "
        "maxListLength uniqueMembers reifierShape reificationRequired rootClass singleLine someValue subsetOf "
        "uniqueValuesFor nodeByExpression NodeExpressionFunction",
    }.items()
    for name in names.split()
}
"""What asks for something that no engine here does, to the part of SHACL that has it."""

LATER: Final = _names(
    # A draft had this for sh:shape of SHACL 1.2; a test of the W3C has it in its data
    "nodeShape "
    # Advanced Features and JavaScript: what stands inside of those above
    "Target SPARQLTarget SPARQLConstructExecutable SPARQLUpdateExecutable Rule SPARQLRule TripleRule Rules "
    "ExpressionConstraintComponent ResultAnnotation JSConstraint JSConstraintComponent JSExecutable JSLibrary JSRule "
    "JSTarget JSValidator annotationProperty annotationValue annotationVarName condition construct update describe "
    "filterShape nodes intersection union minus returnType subject predicate object this if then else exists count "
    "distinct max min sum groupConcat separator orderBy orderby desc limit offset jsFunctionName jsLibrary jsLibraryURL "
    # SHACL 1.2: the same, and what asks for nothing
    "agentInstruction codeIdentifier intent formalized incomplete incompleteURIStart Graph DataGraph ShapesGraph "
    "RulesGraph ProcessorConfiguration conformsToShapesGraph usedShapesGraph usedDataGraph usedConfiguration "
    "SPARQLDescribeExecutable SelectExpression SPARQLExprExpression sparqlExpr NodeExpression "
    "NamedParameterExpressionFunction ListParameterExpressionFunction NamedParameterExpression "
    "ListParameterExpression keyParameter bodyExpression "
    "MemberShapeConstraintComponent MinListLengthConstraintComponent MaxListLengthConstraintComponent "
    "UniqueMembersConstraintComponent ReifierShapeConstraintComponent RootClassConstraintComponent "
    "SingleLineConstraintComponent SomeValueConstraintComponent SubsetOfConstraintComponent "
    "UniqueValuesForConstraintComponent NodeByExpressionConstraintComponent"
)
"""Names of other parts of SHACL that ask for nothing by themselves."""

_DASH: Final = "http://datashapes.org/dash#"
_IN_DASH: Final = _names(
    "closedByTypes coExistsWith hasValueIn hasValueWithClass indexed nonRecursive reifiableBy rootClass "
    "scriptConstraint singleLine stem subSetOf symmetric uniqueValueForClass uriStart validateShapes"
)
"""Parameters of the constraint components that the DASH data shapes library declares."""

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ENTAILMENT: Final = "entailment"
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_LISTED: Final = ("and", "or", "xone")
_BY_NAME: Final = ("node", "not", "qualifiedValueShape", *_LISTED)
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_XSD_TYPES: Final = _names(
    "anyType anySimpleType anyAtomicType string boolean decimal float double duration dateTime dateTimeStamp time date "
    "gYearMonth gYear gMonthDay gDay gMonth hexBinary base64Binary anyURI QName NOTATION normalizedString token language "
    "NMTOKEN NMTOKENS Name NCName ID IDREF IDREFS ENTITY ENTITIES integer nonPositiveInteger negativeInteger long int "
    "short byte nonNegativeInteger unsignedLong unsignedInt unsignedShort unsignedByte positiveInteger "
    "yearMonthDuration dayTimeDuration precisionDecimal"
)
_PARTNERS: Final = {
    "qualifiedValueShape": ("qualifiedMinCount", "qualifiedMaxCount"),
    "qualifiedMinCount": ("qualifiedValueShape",),
    "qualifiedMaxCount": ("qualifiedValueShape",),
    "qualifiedValueShapesDisjoint": ("qualifiedValueShape",),
    "flags": ("pattern",),
    "ignoredProperties": ("closed",),
}
"""Parameters to those of which they need one: see https://www.w3.org/TR/shacl/#constraints-parameters."""
_FILES: Final = 3
"""Files that are named where nothing is in any."""


def untold_terms(shapes: Shapes) -> tuple[Unchecked, ...]:
    """Return what a shapes graph asks for by names that no engine here knows.

    A name in the namespace of SHACL that SHACL does not have is taken for a slip. One of the Advanced Features, of
    SHACL 1.2 or of DASH is told as not implemented, if it asks for something. A name that the shapes graph declares
    itself, as the parameter of a constraint component, is known.

    Args:
        shapes: The shapes graph.

    >>> from pyoxigraph import Literal, NamedNode, Triple
    >>> from apgraph.shacl.shapes import Shapes
    >>> shape = NamedNode("urn:x:shape")
    >>> slip = Triple(shape, NamedNode(SH + "minCuont"), Literal(1))
    >>> [told.reason for told in untold_terms(Shapes((slip,), ("s.ttl",), {shape: "s.ttl"}))]
    ['SHACL has no sh:minCuont, so it is ignored; did you mean sh:minCount?']
    """
    return tuple(sorted(dict.fromkeys(_untold(shapes)), key=lambda told: (told.where, told.component)))


def absent_shapes(shapes: Shapes) -> tuple[Unchecked, ...]:
    """Return the places where a shape is asked for by a name of which the shapes say nothing.

    By the specification every node conforms to such a shape, so a misspelt name checks nothing, and says nothing. So it
    is with a parameter without the one that it goes with, as sh:flags without sh:pattern. A datatype that XML Schema does
    not have is no value's, however it is meant.

    Args:
        shapes: The shapes graph.
    """
    named = sorted(
        node.value for node in shapes.nodes() if isinstance(node, NamedNode) and shapes.about(node)
    )
    return tuple(sorted(dict.fromkeys(_absent(shapes, named)), key=lambda told: (told.where, told.reason)))


def _absent(shapes: Shapes, named: Sequence[str]) -> Iterator[Unchecked]:
    for shape in shapes.nodes():
        for name in _BY_NAME:
            asked = shapes.objects(shape, SH + name)
            if name in _LISTED:
                asked = tuple(member for head in asked for member in shapes.members(head))
            for value in asked:
                if isinstance(value, NamedNode) and not shapes.about(value):
                    near = get_close_matches(value.value, named, n=1, cutoff=0.8)
                    reason = f"sh:{name} asks for the shape {value}, of which nothing is said, so any node conforms to it"
                    hint = f"; did you mean <{near[0]}>?" if near else ""
                    yield _told(shapes, shape, SH + name, reason + hint, is_slip=True)
        for value in shapes.objects(shape, SH + "datatype"):
            name = value.value.removeprefix(_XSD)
            if name != value.value and name not in _XSD_TYPES:
                near = get_close_matches(name, sorted(_XSD_TYPES), n=1)
                hint = f"; did you mean xsd:{near[0]}?" if near else ""
                reason = f"XML Schema has no datatype xsd:{name}, so no value has it{hint}"
                yield _told(shapes, shape, SH + "datatype", reason, is_slip=True)
        for name, partners in _PARTNERS.items():
            if name.startswith("qualified") and not shapes.objects(shape, SH + "path"):
                continue  # the test suite has them allowed in node shapes, where they ask for nothing
            if shapes.objects(shape, SH + name) and not any(
                shapes.objects(shape, SH + partner) for partner in partners
            ):
                wanted = " or ".join(f"sh:{partner}" for partner in partners)
                yield _told(
                    shapes, shape, SH + name, f"sh:{name} asks for nothing without {wanted}", is_slip=True
                )


def nothing_asked(shapes: Shapes) -> tuple[Unchecked, ...]:
    """Return what is to be said of shapes that no node can meet: there are none in the files, or none has a target.

    >>> from apgraph.shacl.shapes import Shapes
    >>> [str(told) for told in nothing_asked(Shapes((), ("empty.ttl",), {}))]
    ['empty.ttl: there is no shape in it, so nothing is checked; check that it is the right file']
    """
    if any(shapes.subjects_of(SH + target) for target in _TARGETS):
        return ()
    found = shapes.nodes()
    if found:
        from apgraph.shacl.reading import read_shapes

        if any(shape.targets for shape in read_shapes(shapes)):
            return ()
        reason = "no shape in it has a target, so nothing is checked; give them one, such as sh:targetClass"
    else:
        reason = "there is no shape in it, so nothing is checked; check that it is the right file"
    where = ", ".join(shapes.files[:_FILES]) + (", …" if len(shapes.files) > _FILES else "")
    if len(shapes.files) > 1:
        reason = reason.replace("in it", "in them")
    return (Unchecked(NamedNode(SHAPES), SH + "Shape", reason, where or "shapes", is_slip=True),)


def _untold(shapes: Shapes) -> Iterator[Unchecked]:
    declared = {
        path.value
        for component in shapes.subjects_of(SH + "parameter")
        for parameter in shapes.objects(component, SH + "parameter")
        for path in shapes.objects(parameter, SH + "path")
    }
    for subject, predicate, values in shapes.statements():
        if isinstance(subject, NamedNode) and subject.value.startswith((SH, _DASH)):
            continue  # the vocabulary itself, loaded beside the shapes
        name = predicate.removeprefix(SH)
        if predicate in declared:
            pass
        elif name != predicate:
            yield from _property(shapes, subject, name, values)
        elif predicate.startswith(_DASH) and predicate.removeprefix(_DASH) in _IN_DASH:
            yield _told(shapes, subject, predicate, f"<{predicate}> is of DASH and is not implemented here")
        for value in values:
            if isinstance(value, NamedNode) and value.value.startswith(SH) and value.value not in declared:
                yield from _value(shapes, subject, predicate, value.value.removeprefix(SH))


def _property(shapes: Shapes, subject: Subject, name: str, values: tuple[Term, ...]) -> Iterator[Unchecked]:
    if name == _ENTAILMENT:  # https://www.w3.org/TR/shacl/#entailment asks for a failure
        for value in values:
            yield _told(
                shapes, subject, SH + name, f"it asks for inference by {value}, and none is drawn here"
            )
    elif name in NOT_HERE:
        yield _told(
            shapes, subject, SH + name, f"sh:{name} is of {NOT_HERE[name]} and is not implemented here"
        )
    elif name not in KNOWN_PROPERTIES and name not in LATER:
        yield _slip(shapes, subject, name, f"SHACL has no sh:{name}, so it is ignored", KNOWN_PROPERTIES)


def _value(shapes: Shapes, subject: Subject, predicate: str, name: str) -> Iterator[Unchecked]:
    if name in NOT_HERE and (predicate == _TYPE or name[:1].isupper()):
        yield _told(
            shapes, subject, SH + name, f"sh:{name} is of {NOT_HERE[name]} and is not implemented here"
        )
        return
    whole = name.partition("-")[0]  # the vocabulary names parameters sh:MinCountConstraintComponent-minCount
    if whole and not {whole} & (KNOWN_NAMES | KNOWN_PROPERTIES | LATER | NOT_HERE.keys()):
        as_severity = predicate == SH + "severity"
        effect = "its results count as violations" if as_severity else "it is ignored"
        known = KNOWN_NAMES | KNOWN_PROPERTIES
        yield _slip(shapes, subject, name, f"SHACL has no sh:{name}, so {effect}", known)


def _slip(shapes: Shapes, subject: Subject, name: str, reason: str, known: frozenset[str]) -> Unchecked:
    lower = {one.lower(): one for one in sorted(known)}
    nearest = get_close_matches(name.lower(), lower, n=1)
    hint = f"; did you mean sh:{lower[nearest[0]]}?" if nearest else ""
    return _told(shapes, subject, SH + name, reason + hint, is_slip=True)


def _told(shapes: Shapes, subject: Subject, term: str, reason: str, *, is_slip: bool = False) -> Unchecked:
    return Unchecked(subject, term, reason, shapes.where(subject), is_slip)
