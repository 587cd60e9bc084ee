"""Each way of breaking the compilation of a constraint is noticed: mutants by hand, of every component and path.

A mutant is a text of a file of the engine and what stands there instead. The engine is copied, broken, imported from
the copy in one process of its own, and asked about a small set of cases, each with the findings that the specification
wants. A mutant that no case notices, or whose text the file no longer has, fails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ENGINE = Path(__file__).resolve().parents[1] / "src" / "apgraph"

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
DATA = """
:B rdfs:subClassOf :A . _:u rdfs:subClassOf :A .
:a a :A ; :p 1, 2, 3 ; :q :b, :c ; :r :c ; :s "x"@en, "y"@EN, "z"@de ; :t 5 ; :w "abc" .
:b a :B ; :p 2 ; :q :a, "lit" ; :t 2 ; :w "ABC", "b1" ; :v "01"^^xsd:integer, "300"^^xsd:byte .
:c a _:u ; :r :a ; :w "" ; :v 7, "x"^^xsd:date .
:d :p 1, "one" ; :q _:e ; :t 1 . _:e :p 4 ; :self _:e .
:f :self :f ; :p :f . :g :p 2 ; :k 2 .
"""


class Case(NamedTuple):
    """Shapes for the data above, and what they find: focus node, value and component, each for short."""

    shapes: str
    found: str


CASES: dict[str, Case] = {
    "class": Case(":s sh:targetNode :a, :b, :c, :d ; sh:class :A .", "d d Class"),
    "class with one name": Case(":s sh:targetNode :a, :b ; sh:class :B .", "a a Class"),
    "datatype": Case(
        ":s sh:targetNode :b, :c ; sh:property [ sh:path :v ; sh:datatype xsd:integer ] .",
        "b 300 Datatype, c x Datatype",
    ),
    "datatype, ill-formed": Case(
        ":s sh:targetNode :b ; sh:property [ sh:path :v ; sh:datatype xsd:byte ] .", "b 01 Datatype, b 300 Datatype"
    ),
    "node kinds": Case(
        """:s sh:targetNode :b, :d ; sh:property [ sh:path :q ; sh:nodeKind sh:IRI ] .
        :t sh:targetNode :b, :d ; sh:property [ sh:path :q ; sh:nodeKind sh:BlankNodeOrLiteral ] .
        :u sh:targetNode :b, :d ; sh:property [ sh:path :q ; sh:nodeKind sh:BlankNodeOrIRI ] .
        :v sh:targetNode :b, :d ; sh:property [ sh:path :q ; sh:nodeKind sh:IRIOrLiteral ] .""",
        "b lit NodeKind, d _ NodeKind, b a NodeKind, b lit NodeKind, d _ NodeKind",
    ),
    "minCount": Case(
        ":s sh:targetNode :a, :b, :c ; sh:property [ sh:path :p ; sh:minCount 1 ], [ sh:path :p ; sh:minCount 2 ] .",
        "c - MinCount, b - MinCount, c - MinCount",
    ),
    "minCount of a path": Case(
        ":s sh:targetNode :a, :b, :d ; sh:property [ sh:path ( :q :p ) ; sh:minCount 1 ], [ sh:path ( :q :p ) ; sh:minCount 2 ] .",
        "a - MinCount, d - MinCount",
    ),
    "maxCount": Case(
        """:s sh:targetNode :a, :b, :c ; sh:property [ sh:path :p ; sh:maxCount 0 ], [ sh:path :p ; sh:maxCount 1 ],
        [ sh:path :p ; sh:maxCount 2 ], [ sh:path :p ; sh:maxCount 3 ] .""",
        "a - MaxCount, b - MaxCount, a - MaxCount, a - MaxCount",
    ),
    "ranges": Case(
        """:s sh:targetNode :a ; sh:property [ sh:path :p ; sh:minInclusive 2 ], [ sh:path :p ; sh:minExclusive 2 ],
        [ sh:path :p ; sh:maxInclusive 2 ], [ sh:path :p ; sh:maxExclusive 2 ] .""",
        "a 1 MinInclusive, a 1 MinExclusive, a 2 MinExclusive, a 3 MaxInclusive, a 2 MaxExclusive, a 3 MaxExclusive",
    ),
    "what has no order": Case(
        ":s sh:targetNode :d ; sh:property [ sh:path :p ; sh:minInclusive 0 ] .", "d one MinInclusive"
    ),
    "a range and a literal kept as written": Case(
        ":s sh:targetNode :b, :c ; sh:property [ sh:path :v ; sh:maxInclusive 6 ] .",
        "b 300 MaxInclusive, c 7 MaxInclusive, c x MaxInclusive",
    ),
    "lengths": Case(
        ":s sh:targetNode :a, :b, :c, :d ; sh:property [ sh:path :w ; sh:minLength 3 ; sh:maxLength 2 ], [ sh:path :q ; sh:minLength 0 ; sh:maxLength 99 ] .",
        "a abc MaxLength, b ABC MaxLength, b b1 MinLength, c  MinLength, d _ MinLength, d _ MaxLength",
    ),
    "pattern": Case(
        """:s sh:targetNode :a, :b, :d ; sh:property [ sh:path :w ; sh:pattern "^a" ], [ sh:path :w ; sh:pattern "^a" ; sh:flags "i" ],
        [ sh:path :w ; sh:pattern "^(?!b)" ], [ sh:path :q ; sh:pattern "" ] .""",
        "b ABC Pattern, b b1 Pattern, b b1 Pattern, b b1 Pattern, d _ Pattern",
    ),
    "languageIn": Case(
        ':s sh:targetNode :a, :b ; sh:property [ sh:path :s ; sh:languageIn ( "en" "fr" ) ], [ sh:path :q ; sh:languageIn ( "en" ) ] .',
        "a z LanguageIn, a b LanguageIn, a c LanguageIn, b a LanguageIn, b lit LanguageIn",
    ),
    "uniqueLang": Case(
        ":s sh:targetNode :a, :b ; sh:property [ sh:path :s ; sh:uniqueLang true ], [ sh:path :w ; sh:uniqueLang true ] .",
        "a - UniqueLang",
    ),
    "equals": Case(
        ":s sh:targetNode :a, :d, :g ; sh:property [ sh:path :q ; sh:equals :r ], [ sh:path :p ; sh:equals :k ] .",
        "a b Equals, a 1 Equals, a 2 Equals, a 3 Equals, d _ Equals, d 1 Equals, d one Equals",
    ),
    "equals, the other way": Case(
        ":s sh:targetNode :a ; sh:property [ sh:path :r ; sh:equals :q ] .", "a b Equals"
    ),
    "equals of nodes": Case(":s sh:targetNode :a, :f ; sh:equals :self . :t sh:targetNode :f, :a ; sh:equals :r .", "a a Equals, f f Equals, a a Equals, a c Equals"),
    "disjoint": Case(
        ":s sh:targetNode :a, :f, :g ; sh:property [ sh:path :q ; sh:disjoint :r ] ; sh:disjoint :self .",
        "a c Disjoint, f f Disjoint",
    ),
    "lessThan": Case(
        ":s sh:targetNode :a, :b, :d ; sh:property [ sh:path :p ; sh:lessThan :t ] .",
        "b 2 LessThan, d 1 LessThan, d one LessThan",
    ),
    "lessThanOrEquals": Case(
        ":s sh:targetNode :a, :b, :d ; sh:property [ sh:path :p ; sh:lessThanOrEquals :t ] .",
        "d one LessThanOrEquals",
    ),
    "not": Case(
        """:s sh:targetNode :a, :b, :c ; sh:not [ sh:class :B ] .
        :t sh:targetNode :a, :b, :c ; sh:not [ sh:property [ sh:path ( :q :p ) ; sh:minCount 2 ] ] .
        :u sh:targetNode :a, :b ; sh:not [ sh:property [ sh:path :p ; sh:minCount 2 ] ] .""",
        "b b Not, b b Not, a a Not",
    ),
    "and": Case(
        """:s sh:targetNode :a, :b, :d ; sh:and ( [ sh:class :A ] [ sh:class :B ] ) .
        :t sh:targetNode :a, :b, :c ; sh:and ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] [ sh:property [ sh:path :w ; sh:maxCount 1 ] ] ) .""",
        "a a And, d d And, b b And, c c And",
    ),
    "or": Case(
        """:s sh:targetNode :a, :b, :d ; sh:or ( [ sh:class :B ] [ sh:property [ sh:path :r ; sh:minCount 1 ] ] ) .
        :t sh:targetNode :a, :b, :c ; sh:or ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] [ sh:property [ sh:path :w ; sh:minCount 2 ] ] ) .""",
        "d d Or, c c Or",
    ),
    "xone": Case(
        """:s sh:targetNode :a, :b, :d ; sh:xone ( [ sh:class :A ] [ sh:class :B ] ) .
        :t sh:targetNode :a, :b, :c ; sh:xone ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] [ sh:property [ sh:path :w ; sh:minCount 2 ] ] ) .
        :u sh:targetNode :a, :b ; sh:xone ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] [ sh:property [ sh:path ( :q :p ) ; sh:minCount 1 ] ] ) .""",
        "b b Xone, d d Xone, c c Xone, a a Xone",
    ),
    "node": Case(
        """:s sh:targetNode :a, :b ; sh:node [ sh:class :B ] ; sh:property [ sh:path :q ; sh:node [ sh:property [ sh:path ( :q :p ) ; sh:minCount 2 ] ] ] .
        :t sh:targetNode :d ; sh:node [ sh:deactivated true ; sh:class :B ] .""",
        "a a Node, a c Node, b a Node, b lit Node",
    ),
    "property of values": Case(
        ":s sh:targetNode :a, :b ; sh:property [ sh:path :q ; sh:property [ sh:path :w ; sh:maxCount 1 ] ] .", "b - MaxCount"
    ),
    "property in a node shape": Case(
        ":s sh:targetNode :a, :b ; sh:node [ sh:property [ sh:path :q ; sh:property [ sh:path ( :w ) ; sh:maxCount 1 ] ] ] .".replace("( :w )", ":w"),
        "a a Node",
    ),
    "qualified": Case(
        """:s sh:targetNode :a, :b, :c ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] .
        :t sh:targetNode :a, :b ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:property [ sh:path :p ; sh:minCount 2 ] ] ; sh:qualifiedMinCount 1 ] .
        :u sh:targetNode :a ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 0 ] .""",
        "a - QualifiedMaxCount, c - QualifiedMinCount, a - QualifiedMinCount",
    ),
    "qualified and apart": Case(
        """:s sh:targetNode :a ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 2 ],
        [ sh:path :r ; sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 0 ] .
        :t sh:targetNode :b ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ],
        [ sh:path :r ; sh:qualifiedValueShape [ sh:property [ sh:path :p ; sh:minCount 2 ] ] ; sh:qualifiedMinCount 0 ] .
        :u sh:targetNode :b ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ],
        [ sh:path :r ; sh:qualifiedValueShape [ sh:deactivated true ] ; sh:qualifiedMinCount 0 ] .""",
        "a - QualifiedMinCount, b - QualifiedMinCount, b - QualifiedMinCount",
    ),
    "closed": Case(
        ":s sh:targetNode :g, :f ; sh:closed true ; sh:ignoredProperties ( :self ) ; sh:property [ sh:path :k ] .",
        "f f Closed, g 2 Closed",
    ),
    "closed in a shape": Case(
        ":s sh:targetNode :g, :f ; sh:not [ sh:closed true ; sh:ignoredProperties ( :p :k ) ] . :t sh:targetNode :f ; sh:closed true .",
        "g g Not, f f Closed, f f Closed",
    ),
    "closed, literals as written": Case(
        ":s sh:targetNode :b ; sh:closed true ; sh:ignoredProperties ( rdf:type :p :q :t :w ) .", "b 01 Closed, b 300 Closed"
    ),
    "hasValue": Case(
        """:s sh:targetNode :a, :b ; sh:hasValue :a ; sh:property [ sh:path :q ; sh:hasValue :a ], [ sh:path ( :q :q ) ; sh:hasValue :a ],
        [ sh:path :q ; sh:hasValue _:x ] .""",
        "b - HasValue, a - HasValue, b - HasValue, a - HasValue, b - HasValue",
    ),
    "in": Case(
        f""":s sh:targetNode :a, :b ; sh:property [ sh:path :q ; sh:in ( :a :b _:x ) ],
        [ sh:path :p ; sh:in ( 2 {" ".join(str(n) for n in range(100, 150))} ) ], [ sh:path :r ; sh:in ( ) ] .""",
        "a c In, b lit In, a 1 In, a 3 In, a c In",
    ),
    "literals as written": Case(
        ':s sh:targetNode :b ; sh:property [ sh:path :v ; sh:in ( "01"^^xsd:integer ) ], [ sh:path :v ; sh:pattern "^0" ] .',
        "b 300 In, b 300 Pattern",
    ),
    "targets": Case(
        """:s1 sh:targetClass :A ; sh:nodeKind sh:Literal . :s2 sh:targetSubjectsOf :k ; sh:nodeKind sh:Literal .
        :s3 sh:targetObjectsOf :self ; sh:nodeKind sh:Literal . :B a rdfs:Class, sh:NodeShape ; sh:nodeKind sh:Literal .
        :s4 sh:targetObjectsOf :v ; sh:nodeKind sh:IRI . :s5 sh:targetNode _:x ; sh:nodeKind sh:Literal . :s6 sh:targetNode :n, 1 ; sh:nodeKind sh:BlankNode .
        :s7 sh:targetNode :a ; sh:deactivated true ; sh:nodeKind sh:Literal .""",
        "a a NodeKind, b b NodeKind, c c NodeKind, g g NodeKind, f f NodeKind, _ _ NodeKind, b b NodeKind, 01 01 NodeKind, 300 300 NodeKind, 7 7 NodeKind, x x NodeKind, n n NodeKind, 1 1 NodeKind",
    ),
    "paths": Case(
        """:s sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath :q ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:alternativePath ( :r :t ) ] ; sh:nodeKind sh:BlankNode ],
        [ sh:path ( :r :r ) ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:zeroOrOnePath :r ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:zeroOrMorePath :r ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:oneOrMorePath :r ] ; sh:nodeKind sh:Literal ] .
        :t sh:targetNode :n ; sh:property [ sh:path [ sh:zeroOrMorePath :r ] ; sh:nodeKind sh:Literal ] ,
        [ sh:path [ sh:zeroOrOnePath :r ] ; sh:nodeKind sh:Literal ],
        [ sh:path ( [ sh:zeroOrOnePath :r ] [ sh:zeroOrMorePath :q ] ) ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:inversePath ( :r [ sh:zeroOrMorePath :q ] ) ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:alternativePath ( :r [ sh:zeroOrOnePath :q ] ) ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:oneOrMorePath [ sh:zeroOrOnePath :q ] ] ; sh:nodeKind sh:Literal ] .""",
        "a b NodeKind, a c NodeKind, a 5 NodeKind, a a NodeKind, a a NodeKind, a c NodeKind, a a NodeKind, a c NodeKind, "
        "a a NodeKind, a c NodeKind, n n NodeKind, n n NodeKind, n n NodeKind, n n NodeKind, n n NodeKind",
    ),
    "an inverse of everything": Case(
        """:s sh:targetNode :c ; sh:property [ sh:path [ sh:inversePath ( :q :r ) ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:inversePath [ sh:inversePath :r ] ] ; sh:nodeKind sh:Literal ] .
        :t sh:targetNode 7 ; sh:property [ sh:path [ sh:inversePath :v ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:inversePath ( :q :v ) ] ; sh:nodeKind sh:Literal ], [ sh:path [ sh:inversePath [ sh:zeroOrOnePath :v ] ] ; sh:nodeKind sh:BlankNode ],
        [ sh:path [ sh:inversePath [ sh:alternativePath ( :v :q ) ] ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:inversePath [ sh:zeroOrMorePath :v ] ] ; sh:nodeKind sh:BlankNode ],
        [ sh:path [ sh:inversePath [ sh:oneOrMorePath :v ] ] ; sh:nodeKind sh:Literal ] .""",
        "c b NodeKind, c a NodeKind, 7 c NodeKind, 7 a NodeKind, 7 7 NodeKind, 7 c NodeKind, 7 c NodeKind, 7 7 NodeKind, 7 c NodeKind, 7 c NodeKind",
    ),
    "paths to literals as written": Case(
        """:s sh:targetNode :b ; sh:property [ sh:path [ sh:oneOrMorePath :v ] ; sh:nodeKind sh:IRI ] , [ sh:path [ sh:zeroOrMorePath :v ] ; sh:nodeKind sh:BlankNode ],
        [ sh:path [ sh:oneOrMorePath [ sh:zeroOrOnePath :v ] ] ; sh:nodeKind sh:BlankNode ] .
        :t sh:targetNode :a ; sh:property [ sh:path ( :q :v ) ; sh:nodeKind sh:IRI ], [ sh:path [ sh:alternativePath ( :v :r ) ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:oneOrMorePath [ sh:alternativePath ( :q :v ) ] ] ; sh:datatype xsd:byte ] .""",
        "b 01 NodeKind, b 300 NodeKind, b b NodeKind, b 01 NodeKind, b 300 NodeKind, b b NodeKind, b 01 NodeKind, b 300 NodeKind, "
        "a 01 NodeKind, a 300 NodeKind, a 7 NodeKind, a x NodeKind, a c NodeKind, "
        "a a Datatype, a b Datatype, a c Datatype, a lit Datatype, a 01 Datatype, a 300 Datatype, a 7 Datatype, a x Datatype",
    ),
    "sh:sparql": Case(
        """:s sh:targetNode :a, :b ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this ?value WHERE { { $this x:t ?value } UNION { $this x:r ?value } }" ] ;
        sh:property [ sh:path :q ; sh:sparql [ sh:select "SELECT $this ?value WHERE { $this $PATH ?value FILTER(isLiteral(?value)) }" ] ] .
        :t sh:targetNode :a ; sh:node [ sh:property [ sh:path :q ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this WHERE { $this x:p ?o . FILTER NOT EXISTS { $this x:k ?z } }" ] ] ] .
        :u sh:targetNode :g, :a ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this ?value ?path WHERE { { SELECT $this (COUNT(?o) AS ?value) WHERE { $this x:p ?o } GROUP BY $this } BIND(x:p AS ?path) FILTER(?value > 1) }" ],
        [ sh:deactivated true ; sh:select "SELECT $this WHERE { }" ] .
        :x sh:declare [ sh:prefix "x" ; sh:namespace "urn:x:"^^xsd:anyURI ] .""",
        "a 5 SPARQL, a c SPARQL, b 2 SPARQL, b lit SPARQL, a a Node, a 3 SPARQL",
    ),
    "components of one's own": Case(
        """:x sh:declare [ sh:prefix "x" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
        :AskConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :ask ], [ sh:path :more ; sh:optional true ] ;
          sh:validator [ sh:ask "ASK { FILTER(isIRI($value) && $value != $ask && (!bound($more) || $value != $more)) }" ] .
        :SelConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :sel ] ;
          sh:nodeValidator [ sh:prefixes :x ; sh:select "SELECT $this WHERE { $this $sel ?v }" ] ;
          sh:propertyValidator [ sh:prefixes :x ; sh:select "SELECT $this ?value WHERE { $this $PATH ?value . ?value $sel ?v }" ] .
        :s sh:targetNode :a, :b ; :ask :a ; sh:property [ sh:path :q ; :ask :a ; :more :c ], [ sh:path :q ; :sel :r ] ; :sel :r .
        :t sh:targetNode :a ; sh:property [ sh:path :q ; sh:node [ :ask :c ] ] , [ sh:path :q ; sh:not [ sh:path :r ; :ask :b ] ].""",
        "a a Ask, a c Ask, b a Ask, b lit Ask, a c Sel, b a Sel, a a Sel, a c Node, a b Not, a c Not",
    ),
}
