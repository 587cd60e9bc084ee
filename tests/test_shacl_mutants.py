"""Each way of breaking the compilation of a constraint is noticed: mutants by hand, of every component and path.

A mutant is a text of a file of the engine and what stands there instead. The engine is copied, broken, imported from
the copy in one process of its own, and asked about a small set of cases, each with the findings that the specification
wants. A mutant that no case notices, or whose text the file no longer has, fails.
"""

from __future__ import annotations

import json
import os
import re
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
:f :self :f ; :p :f . :g :p 2 ; :k 2 . :l :s "u"@en-GB .
:h :hh 1 ; :z :i ; :q :c, :i ; :r :i ; :p 5, 6 ; :t 1, 2 ; :w "h1", "h2" ; :v 9, "08"^^xsd:integer . :i :z :j . :m :y 1, "01"^^xsd:integer . :o :y 1 .
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
        ":s sh:targetNode :b ; sh:property [ sh:path :v ; sh:datatype xsd:byte ] .",
        "b 01 Datatype, b 300 Datatype",
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
    "booleans have an order": Case(
        """:s sh:targetNode true, false ; sh:minInclusive true . :t sh:targetNode true, false ; sh:minExclusive false .
        :u sh:targetNode true, false ; sh:maxExclusive true .""",
        "false false MinInclusive, false false MinExclusive, true true MaxExclusive",
    ),
    "a value that a solution does not bind": Case(
        ':s sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <urn:x:r> ?o OPTIONAL { $this <urn:x:none> ?value } }" ] .',
        "a a SPARQL",
    ),
    "inner shapes that ask nothing": Case(
        ":s sh:targetNode :a ; sh:not [ sh:severity sh:Info ] ; sh:xone ( [ sh:severity sh:Info ] [ sh:class :A ] ) ; sh:node [ sh:message 'nothing' ] .",
        "a a Not, a a Xone",
    ),
    "a value that is written in two ways": Case(
        ":s sh:targetNode :m ; sh:property [ sh:path :y ; sh:hasValue 1 ; sh:in ( 1 ) ] . :t sh:targetObjectsOf :y ; sh:nodeKind sh:IRI .",
        "m 01 In, 1 1 NodeKind, 01 01 NodeKind",
    ),
    "what has no order": Case(
        ":s sh:targetNode :d ; sh:property [ sh:path :p ; sh:minInclusive 0 ] .", "d one MinInclusive"
    ),
    "a range and a literal kept as written": Case(
        ":s sh:targetNode :b, :c ; sh:property [ sh:path :v ; sh:maxInclusive 6 ], [ sh:path :v ; sh:minInclusive 0 ] .",
        "b 300 MaxInclusive, c 7 MaxInclusive, c x MaxInclusive, b 300 MinInclusive, c x MinInclusive",
    ),
    "lengths": Case(
        ":s sh:targetNode :a, :b, :c, :d ; sh:property [ sh:path :w ; sh:minLength 3 ; sh:maxLength 2 ], [ sh:path :q ; sh:minLength 0 ; sh:maxLength 99 ] .",
        "a abc MaxLength, b ABC MaxLength, b b1 MinLength, c  MinLength, d _ MinLength, d _ MaxLength",
    ),
    "pattern": Case(
        """:s sh:targetNode :a, :b, :d ; sh:property [ sh:path :w ; sh:pattern "^a" ], [ sh:path :w ; sh:pattern "^a" ; sh:flags "i" ],
        [ sh:path :w ; sh:pattern "^[^b]|(x)\\\\1" ], [ sh:path :q ; sh:pattern "" ] .""",
        "b ABC Pattern, b b1 Pattern, b b1 Pattern, b b1 Pattern, d _ Pattern",
    ),
    "languageIn": Case(
        ':s sh:targetNode :a, :b, :l ; sh:property [ sh:path :s ; sh:languageIn ( "en" "fr" ) ], [ sh:path :q ; sh:languageIn ( "en" ) ] .',
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
    "equals of nodes": Case(
        ":s sh:targetNode :a, :f ; sh:equals :self . :t sh:targetNode :f, :a ; sh:equals :r .",
        "a a Equals, f f Equals, a a Equals, a c Equals",
    ),
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
        ":s sh:targetNode :a, :b ; sh:property [ sh:path :q ; sh:property [ sh:path :w ; sh:maxCount 1 ] ] .",
        "b - MaxCount",
    ),
    "property in a node shape": Case(
        ":s sh:targetNode :a, :b ; sh:node [ sh:property [ sh:path :q ; sh:property [ sh:path ( :w ) ; sh:maxCount 1 ] ] ] .".replace(
            "( :w )", ":w"
        ),
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
        "f f Closed by p, g 2 Closed by p",
    ),
    "closed in a shape": Case(
        ":s sh:targetNode :g, :f ; sh:not [ sh:closed true ; sh:ignoredProperties ( :p :k ) ] . :t sh:targetNode :f ; sh:closed true .",
        "g g Not, f f Closed by p, f f Closed by self",
    ),
    "closed, literals as written": Case(
        ":s sh:targetNode :b ; sh:closed true ; sh:ignoredProperties ( rdf:type :p :q :t :w ) .",
        "b 01 Closed by v, b 300 Closed by v",
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
        :s3 sh:targetObjectsOf :k ; sh:nodeKind sh:IRI . :B a rdfs:Class, sh:NodeShape ; sh:nodeKind sh:Literal .
        :s4 sh:targetObjectsOf :v ; sh:nodeKind sh:IRI . :s6 sh:targetNode :n, 1 ; sh:nodeKind sh:BlankNode .
        :s7 sh:targetNode :a ; sh:deactivated true ; sh:nodeKind sh:Literal .""",
        "a a NodeKind, b b NodeKind, c c NodeKind, g g NodeKind, 2 2 NodeKind, b b NodeKind, 01 01 NodeKind, 300 300 NodeKind, 08 08 NodeKind, 9 9 NodeKind, 7 7 NodeKind, x x NodeKind, n n NodeKind, 1 1 NodeKind",
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
        "c b NodeKind, c a NodeKind, 7 c NodeKind, 7 a NodeKind, 7 h NodeKind, 7 7 NodeKind, 7 c NodeKind, 7 c NodeKind, 7 7 NodeKind, 7 c NodeKind, 7 c NodeKind",
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
        "a 5 SPARQL, a c SPARQL, b 2 SPARQL, b lit SPARQL by q, a a Node, a 3 SPARQL by p",
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
    "datatype of nodes": Case(
        ":s sh:targetNode :b ; sh:property [ sh:path :q ; sh:datatype xsd:string ] .", "b a Datatype"
    ),
    "a value that two paths lead to": Case(
        ":s sh:targetNode :a ; sh:property [ sh:path ( :q [ sh:alternativePath ( :q :r ) ] ) ; sh:minCount 3 ; sh:maxCount 2 ] .",
        "a - MinCount",
    ),
    "counts in an inner shape": Case(
        """:s sh:targetNode :a, :g ; sh:not [ sh:property [ sh:path :k ; sh:maxCount 0 ] ] .
        :t sh:targetNode :a, :g ; sh:not [ sh:property [ sh:path :p ; sh:maxCount 1 ] ] .
        :u sh:targetNode :a, :c ; sh:not [ sh:property [ sh:path :p ; sh:minCount 1 ] ] .""",
        "a a Not, g g Not, a a Not",
    ),
    "disjoint, to one side": Case(
        ":s sh:targetNode :h ; sh:property [ sh:path :q ; sh:disjoint :r ] .", "h i Disjoint"
    ),
    "lessThan, each pair": Case(
        ":s sh:targetNode :h ; sh:property [ sh:path :p ; sh:lessThan :t ] .",
        "h 5 LessThan, h 5 LessThan, h 6 LessThan, h 6 LessThan",
    ),
    "and, by patterns": Case(
        """:s sh:targetNode :a, :h ; sh:and ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] [ sh:property [ sh:path :w ; sh:maxCount 1 ] ] ) .
        :t sh:targetNode :a, :b ; sh:property [ sh:path :q ; sh:and ( [ sh:property [ sh:path :p ; sh:minCount 2 ] ] ) ] .""",
        "h h And, a b And, a c And, b lit And",
    ),
    "shapes that all conform to": Case(
        """:s sh:targetNode :c ; sh:or ( [ sh:property [ sh:path ( :q :p ) ; sh:minCount 0 ] ] [ sh:property [ sh:path :p ; sh:minCount 2 ] ] ) .
        :t sh:targetNode :d ; sh:or ( [ sh:deactivated true ; sh:class :B ] [ sh:property [ sh:path ( :q :p ) ; sh:minCount 2 ] ] ) .
        :u sh:targetNode :b ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ],
        [ sh:path :r ; sh:qualifiedValueShape [ sh:property [ sh:path ( :q :p ) ; sh:minCount 0 ] ] ; sh:qualifiedMinCount 0 ] .
        :v sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 0 ; sh:deactivated true ] .""",
        "b - QualifiedMinCount",
    ),
    "hasValue of a blank node": Case(
        ":s sh:targetNode :a ; sh:property [ sh:path ( :q :q ) ; sh:hasValue _:x ] .", "a - HasValue"
    ),
    "paths from nodes of the data": Case(
        """:s sh:targetSubjectsOf :hh ; sh:property [ sh:path [ sh:zeroOrMorePath :z ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:zeroOrOnePath :z ] ; sh:nodeKind sh:BlankNode ], [ sh:path [ sh:oneOrMorePath :z ] ; sh:nodeKind sh:BlankNodeOrLiteral ],
        [ sh:path :v ; sh:nodeKind sh:IRI ] .""",
        "h h NodeKind, h i NodeKind, h j NodeKind, h h NodeKind, h i NodeKind, h i NodeKind, h j NodeKind, h 08 NodeKind, h 9 NodeKind",
    ),
    "paths from a node that is nowhere": Case(
        """:s sh:targetNode :n ; sh:property [ sh:path [ sh:zeroOrOnePath :r ] ; sh:property [ sh:path [ sh:zeroOrMorePath :q ] ; sh:nodeKind sh:Literal ] ],
        [ sh:path [ sh:oneOrMorePath [ sh:alternativePath ( [ sh:zeroOrOnePath :r ] [ sh:zeroOrOnePath :q ] ) ] ] ; sh:nodeKind sh:Literal ],
        [ sh:path [ sh:zeroOrOnePath [ sh:oneOrMorePath [ sh:zeroOrOnePath :r ] ] ] ; sh:nodeKind sh:Literal ] .""",
        "n n NodeKind, n n NodeKind, n n NodeKind",
    ),
    "sh:sparql, solutions": Case(
        """:x sh:declare [ sh:prefix "x" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
        :s sh:targetNode :a ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this WHERE { $this x:p ?o }" ] .
        :t sh:targetNode :g ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this ?value WHERE { { BIND($this AS ?value) FILTER(BOUND(?value)) } UNION { $this x:k ?value } }" ],
        [ sh:prefixes :x ; sh:select "SELECT * WHERE { $this x:k ?value }" ], [ sh:prefixes :x ; sh:select "SELECT $this (?o AS ?value) WHERE { $this x:k ?o }" ] .
        :u sh:targetNode :a, :h ; sh:property [ sh:path :q ; sh:property [ sh:path :r ; sh:sparql [ sh:prefixes :x ; sh:select "SELECT $this WHERE { $this x:r ?o }" ] ] ] .""",
        "a a SPARQL, a a SPARQL, a a SPARQL, g g SPARQL, g 2 SPARQL, g 2 SPARQL, g 2 SPARQL, c - SPARQL by r, c - SPARQL by r",
    ),
    "a component of which a parameter is missing": Case(
        """:TwoConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :two1 ], [ sh:path :two2 ] ; sh:validator [ sh:ask "ASK { FILTER($value = $two1) }" ] .
        :s sh:targetNode :a, :b ; :two1 :a . :t sh:targetNode :a, :b ; :two1 :a ; :two2 :a .""",
        "b b Two",
    ),
}


class Mutant(NamedTuple):
    """A text of a file under ``shacl/``, what stands there instead, and what that breaks."""

    file: str
    text: str
    instead: str
    breaks: str

    def __str__(self) -> str:
        return f"{self.file}: {self.breaks} ({self.text!r} → {self.instead!r})"


MUTANTS = [
    Mutant(
        "components/value_type.py",
        "return compiler.ground.is_no_instance(self.iri_of_class, node.name)",
        'return "false"',
        "Class",
    ),
    Mutant(
        "components/value_type.py",
        "!ISLITERAL({node}) || {node.datatype} != <",
        "{node.datatype} != <",
        "Datatype: what is no literal",
    ),
    Mutant(
        "components/value_type.py",
        'return f"{wrong} || {form}" if form else wrong',
        "return wrong",
        "Datatype: ill-formed literals",
    ),
    Mutant(
        "components/value_type.py",
        'return f"!{NODE_KINDS[self.kind].format(node)}"',
        'return f"{NODE_KINDS[self.kind].format(node)}"',
        "NodeKind: turned round",
    ),
    Mutant(
        "components/value_type.py", '"(ISIRI({0}) && !ISBLANK({0}))"', '"!ISLITERAL({0})"', "NodeKind: IRI"
    ),
    Mutant(
        "components/value_type.py",
        '"(ISBLANK({0}) || ISLITERAL({0}))"',
        '"!ISBLANK({0})"',
        "NodeKind: BlankNodeOrLiteral",
    ),
    Mutant(
        "components/value_type.py",
        '"(ISBLANK({0}) || ISIRI({0}))"',
        '"ISIRI({0})"',
        "NodeKind: BlankNodeOrIRI",
    ),
    Mutant("components/value_type.py", '"!ISBLANK({0})"', '"ISIRI({0})"', "NodeKind: IRIOrLiteral"),
    Mutant(
        "components/cardinality.py",
        "return f\"NOT EXISTS {{ {link(compiler.ground.fresh('any'))} }}\" if self.least == 1",
        "return f\"EXISTS {{ {link(compiler.ground.fresh('any'))} }}\" if self.least == 1",
        "MinCount: one",
    ),
    Mutant(
        "components/cardinality.py",
        "if self.least == 1:\n            return Violations(compiler",
        "if self.least >= 1:\n            return Violations(compiler",
        "MinCount: more by a path",
    ),
    Mutant(
        "components/cardinality.py",
        "FILTER(COALESCE({number}, 0) < {least})",
        "FILTER({number} < {least})",
        "MinCount: none at all",
    ),
    Mutant(
        "components/cardinality.py",
        "(COUNT(DISTINCT {values.node}) AS {number})",
        "(COUNT({values.node}) AS {number})",
        "MinCount: a value reached twice",
    ),
    Mutant(
        "components/cardinality.py",
        'return f"EXISTS {{ {link(one)} }}"',
        'return f"NOT EXISTS {{ {link(one)} }}"',
        "MaxCount: 0 in an inner shape",
    ),
    Mutant(
        "components/cardinality.py",
        "FILTER(!SAMETERM({one}, {other})) }}",
        "FILTER(SAMETERM({one}, {other})) }}",
        "MaxCount: 1 in an inner shape",
    ),
    Mutant("components/cardinality.py", "if self.most == 0:\n", "if self.most <= 1:\n", "MaxCount: 1"),
    Mutant(
        "components/cardinality.py",
        "HAVING (COUNT(DISTINCT {values.node}) > {most})",
        "HAVING (COUNT(DISTINCT {values.node}) >= {most})",
        "MaxCount: off by one",
    ),
    Mutant(
        "components/value_range.py",
        'f"COALESCE({one} {operator} {other}, IF({are}, {numbers}, false), false)"',
        'f"({one} {operator} {other})"',
        "MinInclusive: what can't be compared",
    ),
    Mutant(
        "components/value_range.py",
        'IF({are}, {numbers}, false), false)"',
        'false)"',
        "MinInclusive: booleans",
    ),
    Mutant("components/value_range.py", 'operator = ">"\n', 'operator = ">="\n', "MinExclusive"),
    Mutant("components/value_range.py", 'operator = ">="\n', 'operator = ">"\n', "MinInclusive"),
    Mutant("components/value_range.py", 'operator = "<"\n', 'operator = "<="\n', "MaxExclusive"),
    Mutant("components/value_range.py", 'operator = "<="\n', 'operator = "<"\n', "MaxInclusive"),
    Mutant(
        "components/string_based.py",
        'return f"ISBLANK({node}) || STRLEN(STR({node})) < {self.least}"',
        'return f"STRLEN(STR({node})) < {self.least}"',
        "MinLength: blank nodes",
    ),
    Mutant("components/string_based.py", '< {self.least}"', '<= {self.least}"', "MinLength: off by one"),
    Mutant(
        "components/string_based.py",
        'return f"ISBLANK({node}) || STRLEN(STR({node})) > {self.most}"',
        'return f"STRLEN(STR({node})) > {self.most}"',
        "MaxLength: blank nodes",
    ),
    Mutant("components/string_based.py", '> {self.most}"', '>= {self.most}"', "MaxLength: off by one"),
    Mutant(
        "components/string_based.py",
        "ISBLANK({node}) || !{compiler.ground.matches(",
        "!{compiler.ground.matches(",
        "Pattern: blank nodes",
    ),
    Mutant("components/string_based.py", "self.pattern, self.flags)", 'self.pattern, "")', "Pattern: flags"),
    Mutant("components/string_based.py", "!(ISLITERAL({node}) && (", "!((", "LanguageIn: what is no literal"),
    Mutant(
        "components/string_based.py",
        'f"LANGMATCHES(LANG({node}), {Literal(one)})"',
        'f"LANG({node}) = {Literal(one)}"',
        "LanguageIn: ranges",
    ),
    Mutant("components/string_based.py", '\\nFILTER({language} != "")', "", "UniqueLang: no language"),
    Mutant(
        "components/string_based.py",
        "HAVING (COUNT(DISTINCT {values.node}) > 1)",
        "HAVING (COUNT(DISTINCT {values.node}) > 2)",
        "UniqueLang: how often",
    ),
    Mutant(
        "components/property_pair.py",
        "                    compiler.without(here, select(pair, there.pattern)),\n",
        "",
        "Equals: values of the path alone",
    ),
    Mutant(
        "components/property_pair.py",
        "                    compiler.without(there, select(pair, here.pattern)),\n",
        "",
        "Equals: values of the property alone",
    ),
    Mutant(
        "components/property_pair.py",
        "pair = (focus.node.name, here.node.name)",
        "pair = (here.node.name,)",
        "Equals: of another node",
    ),
    Mutant(
        "components/property_pair.py",
        "FILTER(!SAMETERM({there.node}, {focus.node}))",
        "FILTER(SAMETERM({there.node}, {focus.node}))",
        "Equals: other values of a node shape",
    ),
    Mutant(
        "components/property_pair.py",
        'union([other, f"{missing}\\nBIND({focus.node} AS {there.node})"])',
        "other",
        "Equals: a missing value of a node shape",
    ),
    Mutant(
        "components/property_pair.py",
        "both = compiler.onwards(here, focus.node, Predicate(self.property), here.node)",
        "both = compiler.onwards(here, here.node, Predicate(self.property), focus.node)",
        "Disjoint",
    ),
    Mutant(
        "components/property_pair.py",
        "in_order(here.node.comparable, self.operator, there.node.comparable)",
        "in_order(there.node.comparable, self.operator, here.node.comparable)",
        "LessThan: turned round",
    ),
    Mutant("components/property_pair.py", 'operator = "<"\n', 'operator = "<="\n', "LessThan"),
    Mutant("components/property_pair.py", 'operator = "<="\n', 'operator = "<"\n', "LessThanOrEquals"),
    Mutant(
        "components/property_pair.py",
        "apart=(there.node.name,)",
        "apart=()",
        "LessThan: a result for each pair",
    ),
    Mutant(
        "components/logical.py",
        'return None if test is None else f"!({test})"',
        "return test",
        "Not: by an expression",
    ),
    Mutant(
        "components/logical.py",
        "return Violations(compiler.conforming(values, self.shape), value=values.node.name)",
        "return Violations(values.pattern, value=values.node.name)",
        "Not: by a pattern",
    ),
    Mutant(
        "components/logical.py",
        '" || ".join(tests) or "false"',
        '" && ".join(tests) or "false"',
        "And: by an expression",
    ),
    Mutant(
        "components/logical.py",
        "for shape in self.shapes for pattern in",
        "for shape in self.shapes[:1] for pattern in",
        "And: by a pattern",
    ),
    Mutant(
        "components/logical.py",
        '" && ".join(tests) or "true"',
        '" || ".join(tests) or "true"',
        "Or: by an expression",
    ),
    Mutant("components/logical.py", 'return "\\n".join(found)', "return found[0]", "Or: by a pattern"),
    Mutant(
        "components/logical.py",
        "            if not patterns:\n                return None\n",
        "            if not patterns:\n                continue\n",
        "Or: a shape that all conform to",
    ),
    Mutant(
        "components/logical.py",
        '!= {len(tests) - 1}"',
        '< {len(tests) - 1}"',
        "Xone: two of them, by an expression",
    ),
    Mutant(
        "components/logical.py",
        '!= {len(self.shapes) - 1})"',
        '> {len(self.shapes) - 1})"',
        "Xone: two of them, by a pattern",
    ),
    Mutant(
        "components/logical.py",
        "options = [values.pattern]",
        "options = []",
        "Xone: none violated, by a pattern",
    ),
    Mutant(
        "components/logical.py",
        "keys = focus.keys if shape.path is None else focus.columns",
        "keys = focus.keys",
        "And: of the values of several nodes",
    ),
    Mutant(
        "components/shape_based.py",
        'return compiler.test(self.shape, node)\n\n    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:\n        """Value nodes that violate the shape."""',
        'return "false"\n\n    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:\n        """Value nodes that violate the shape."""',
        "NodeShape: by an expression",
    ),
    Mutant(
        "components/shape_based.py",
        "return Violations(union(found), value=values.node.name) if found else None",
        "return None",
        "NodeShape: by a pattern",
    ),
    Mutant(
        "components/shape_based.py",
        "return Violations(union(found)) if found else None",
        "return None",
        "PropertyShape: in a node shape",
    ),
    Mutant(
        "components/shape_based.py",
        'values = values.with_filter(f"!({test})")',
        "values = values.with_filter(test)",
        "QualifiedMinCount: which values, by an expression",
    ),
    Mutant(
        "components/shape_based.py",
        "values = replace(values, pattern=compiler.conforming(values, self.shape))",
        "pass",
        "QualifiedMinCount: which values, by a pattern",
    ),
    Mutant(
        "components/shape_based.py",
        "                values = values.with_filter(test)\n                continue",
        "                continue",
        "QualifiedMinCount: siblings, by an expression",
    ),
    Mutant(
        "components/shape_based.py",
        "            if not violators:\n                return None\n",
        "            if not violators:\n                continue\n",
        "QualifiedMinCount: siblings that all conform to",
    ),
    Mutant(
        "components/shape_based.py",
        "{values.pattern}\\n{select([values.node.name], union(violators))}",
        "{values.pattern}",
        "QualifiedMinCount: siblings, by a pattern",
    ),
    Mutant(
        "components/shape_based.py",
        "fewer_than(focus, values, self.number, compiler)",
        "fewer_than(focus, values, self.number + 1, compiler)",
        "QualifiedMinCount: off by one",
    ),
    Mutant(
        "components/shape_based.py",
        "at_most(focus, values, self.number)",
        "at_most(focus, values, self.number + 1)",
        "QualifiedMaxCount: off by one",
    ),
    Mutant(
        "components/shape_based.py",
        "if self.number <= 0:\n",
        "if self.number <= 1:\n",
        "QualifiedMinCount: one",
    ),
    Mutant(
        "components/other.py",
        'FILTER({self._is_other(predicate)}) }}"',
        'FILTER(!({self._is_other(predicate)})) }}"',
        "Closed: in an inner shape",
    ),
    Mutant("components/other.py", 'return f"{predicate} NOT IN (', 'return f"{predicate} IN (', "Closed"),
    Mutant(
        "components/other.py",
        '            return "true"\n        return f"{predicate} NOT',
        '            return "false"\n        return f"{predicate} NOT',
        "Closed: with no property at all",
    ),
    Mutant(
        "components/other.py",
        "if compiler.ground.respelt.difference(self.allowed):",
        "if False:",
        "Closed: literals as written",
    ),
    Mutant(
        "components/other.py",
        'return f"!{compiler.ground.same(node, self.value)}"',
        'return f"{compiler.ground.same(node, self.value)}"',
        "HasValue: of a node",
    ),
    Mutant(
        "components/other.py",
        'return f"NOT EXISTS {{ {triple} }}"',
        'return f"EXISTS {{ {triple} }}"',
        "HasValue: of a property",
    ),
    Mutant(
        "components/other.py",
        "found = values.with_filter(compiler.ground.same(values.node, self.value))",
        "found = values",
        "HasValue: by a path",
    ),
    Mutant(
        "components/other.py",
        "if shape.path is None or isinstance(self.value, BlankNode):",
        "if shape.path is None:",
        "HasValue: a blank node",
    ),
    Mutant(
        "components/other.py",
        "for term in self.members if not isinstance(term, BlankNode)]",
        "for term in self.members]",
        "In: a blank node",
    ),
    Mutant(
        "components/other.py",
        "listed = f\"{{ VALUES {values.node} {{ {' '.join(texts)} }} }}\"",
        "listed = f\"{{ VALUES {values.node} {{ {' '.join(list(texts)[1:])} }} }}\"",
        "In: a long list",
    ),
    Mutant("components/other.py", "or 'false'})\"", "or 'true'})\"", "In: an empty list"),
    Mutant(
        "components/sparql_based.py",
        'if _TRUE in shapes.objects(node, SH + "deactivated"):',
        "if False:",
        "SparqlConstraint: deactivated",
    ),
    Mutant(
        "components/sparql_based.py",
        "    if all(old == new or",
        "    if True or all(old == new or",
        "SparqlConstraint: names that are taken",
    ),
    Mutant(
        "components/sparql_based.py",
        "BIND(COALESCE(?given_value, {focus.node}) AS",
        "BIND(?given_value AS",
        "SparqlConstraint: a value that is not bound",
    ),
    Mutant(
        "components/sparql_based.py",
        "if focus.keys:\n",
        "if False:\n",
        "SparqlConstraint: in a shape of values",
    ),
    Mutant(
        "components/sparql_based.py",
        'path="?given_path" if "path" in used else None',
        "path=None",
        "SparqlConstraint: a path of its own",
    ),
    Mutant(
        "components/sparql_based.py",
        "every=True",
        "every=False",
        "SparqlConstraint: a result for each solution",
    ),
    Mutant(
        "components/sparql_based.py",
        "else focus.node.name if shape.path is None else None",
        "else None",
        "SparqlConstraint: the value of a node shape",
    ),
    Mutant(
        "components/sparql_components.py",
        "compiler.without(values, passed)",
        'f"{values.pattern}\\n{passed}"',
        "CustomComponent: ASK turned round",
    ),
    Mutant(
        "components/sparql_components.py",
        'elif _TRUE not in self._shapes.objects(parameter, SH + "optional"):',
        "elif False:",
        "CustomComponent: an optional parameter",
    ),
    Mutant(
        "components/sparql_components.py",
        'own = "propertyValidator" if is_property else "nodeValidator"',
        'own = "nodeValidator"',
        "CustomComponent: the validator of a property shape",
    ),
    Mutant(
        "targets.py",
        "yield from ground.instances(iri, this)",
        'yield f"{this} a <{iri}> ."',
        "targets: subclasses",
    ),
    Mutant(
        "targets.py",
        "yield select([this], f\"{this} <{iri}> {ground.fresh('any')} .\")",
        "yield select([this], f\"{ground.fresh('any')} <{iri}> {this} .\")",
        "targets: subjects",
    ),
    Mutant(
        "targets.py",
        'yield select([this], f"{subject} <{iri}> {this} .")',
        'yield select([this], f"{this} <{iri}> {subject} .")',
        "targets: objects",
    ),
    Mutant(
        "targets.py",
        'for option in written_triple(subject, f"<{iri}>", this, ground):',
        "for option in ():",
        "targets: objects as written",
    ),
    Mutant(
        "ground.py",
        'if unnamed:\n            kind = self.fresh("class")\n            found.append(',
        'if False:\n            kind = self.fresh("class")\n            found.append(',
        "targets: classes without a name",
    ),
    Mutant(
        "ground.py",
        'test += f" || (ISBLANK',
        'pass\n            f" || (ISBLANK',
        "Class: classes without a name",
    ),
    Mutant(
        "ground.py",
        "if lower not in found:\n                    found.add(lower)",
        "if lower not in found and False:\n                    found.add(lower)",
        "Class: subclasses",
    ),
    Mutant(
        "ground.py",
        "matcher.search(value.value) is not None",
        "matcher.fullmatch(value.value) is not None",
        "Pattern: by Python",
    ),
    Mutant("paths.py", 'return f"(^{self.inner.text})"', 'return f"({self.inner.text})"', "inversePath"),
    Mutant(
        "paths.py",
        "return f\"({'/'.join(step.text for step in self.steps)})\"",
        "return f\"({'|'.join(step.text for step in self.steps)})\"",
        "sequence",
    ),
    Mutant(
        "paths.py",
        "return f\"({'|'.join(option.text for option in self.options)})\"",
        "return f\"({'/'.join(option.text for option in self.options)})\"",
        "alternativePath",
    ),
    Mutant("paths.py", 'return f"({self.inner.text}*)"', 'return f"({self.inner.text}+)"', "zeroOrMorePath"),
    Mutant("paths.py", 'return f"({self.inner.text}+)"', 'return f"({self.inner.text}*)"', "oneOrMorePath"),
    Mutant("paths.py", 'return f"({self.inner.text}?)"', 'return f"({self.inner.text}*)"', "zeroOrOnePath"),
    Mutant(
        "paths.py",
        "                    return ZeroOrMore(core)\n",
        "                    return OneOrMore(core)\n",
        "a repetition of a repetition",
    ),
    Mutant(
        "focus.py",
        "known=self.known or not path.is_nullable)",
        "known=True)",
        "focus: a node that is not in the data, after a path",
    ),
    Mutant(
        "focus.py",
        "if not respelt and (known or not _starts_with_nothing(path)):",
        "if not respelt:",
        "focus: a node that is not in the data",
    ),
    Mutant(
        "focus.py",
        "union([_itself(before, start, end), follow(before, inner, start, end, known, ground)])",
        "follow(before, inner, start, end, known, ground)",
        "zeroOrOnePath of such a node",
    ),
    Mutant(
        "focus.py",
        "union([_itself(before, start, end), _some(before, inner, start, end, known, ground)])",
        "_some(before, inner, start, end, known, ground)",
        "zeroOrMorePath of such a node",
    ),
    Mutant(
        "focus.py",
        "return union([_itself(before, start, end), some]) if inner.is_nullable else some",
        "return some",
        "oneOrMorePath of a path that may stay",
    ),
    Mutant("focus.py", "for step in reversed(steps)", "for step in steps", "an inverse sequence"),
    Mutant(
        "focus.py",
        "case Alternative(options):\n            return union(follow(before, option, start, end, known, ground) for option in options)",
        "case Alternative(options):\n            return follow(before, options[0], start, end, known, ground)",
        "an alternative of literals as written",
    ),
    Mutant(
        "focus.py",
        "    options = [follow(before, inner, start, end, known, ground), last]",
        "    options = [last]",
        "oneOrMorePath of literals as written: one step",
    ),
    Mutant(
        "focus.py",
        "    options = [follow(before, inner, start, end, known, ground), last]",
        "    options = [follow(before, inner, start, end, known, ground)]",
        "oneOrMorePath of literals as written: more",
    ),
    Mutant("focus.py", '&& SAMETERM({form}, {value})"', '"', "literals as written beside others"),
    Mutant(
        "focus.py",
        '|| EXISTS {{ {of_value} && {_is_plain(kept)}) }})"',
        ')"',
        "a value that is written in two ways: as stored",
    ),
    Mutant(
        "focus.py",
        'FILTER({_is_kept(value)} && !{_is_plain(value)})"',
        'FILTER({_is_kept(value)})"',
        "a value that is written in two ways: kept",
    ),
    Mutant(
        "focus.py", "if wrong:  # the store", "if False:  # the store", "MaxInclusive: an ill-formed literal"
    ),
    Mutant(
        "focus.py",
        "keys = self.columns if inner else self.keys",
        "keys = self.keys",
        "PropertyShape: of values",
    ),
    Mutant("compilation.py", "        if shape.deactivated:\n            return\n", "", "deactivated"),
    Mutant(
        "compilation.py",
        '        if shape.deactivated:\n            return "false"\n',
        '        if shape.deactivated:\n            return "true"\n',
        "deactivated in an inner shape",
    ),
    Mutant(
        "compilation.py",
        "        if shape.deactivated:\n            return []\n",
        "",
        "deactivated by a pattern",
    ),
    Mutant(
        "compilation.py",
        "inner = focus.follow(shape.path, self.ground, inner=shape.path is not None)",
        "inner = focus.follow(shape.path, self.ground)",
        "PropertyShape: results of each node",
    ),
    Mutant(
        "compilation.py",
        'for test in found) or "false"',
        "for test in found)",
        "an inner shape that asks nothing",
    ),
    Mutant(
        "compilation.py",
        'path = "" if shape.path is None else shape.path.text',
        'path = "<urn:x:p>"',
        "SparqlConstraint: $PATH",
    ),
    Mutant(
        "prebinding.py", "if number == 0 or names & mentions]", "if number == 0]", "pre-binding: inner groups"
    ),
    Mutant(
        "prebinding.py",
        'names = tuple(dict.fromkeys(token.text[1:] for token in found if token.kind == "variable"))',
        'names = ("this",)',
        "pre-binding: SELECT *",
    ),
    Mutant(
        "prebinding.py",
        '(depth == 0 or (previous is not None and previous.is_word("AS")))',
        "depth == 0",
        "pre-binding: what a SELECT gives by AS",
    ),
]


def shown(term: object) -> str:
    """A term for short: the last part of a name, the text of a literal, an underscore for a blank node."""
    text = getattr(term, "value", "-")
    return (
        "_"
        if type(term).__name__ == "BlankNode"
        else text.rpartition(":")[2]
        if text.startswith("urn:")
        else text
    )


def findings(case: Case) -> str:
    """Return what the engine that is installed here finds, in order."""
    from pyoxigraph import NamedNode, RdfFormat

    from apgraph.shacl import Shapes, validate
    from apgraph.store import OxigraphStore

    store, shapes = OxigraphStore(), OxigraphStore()
    store.load((PREFIXES + DATA).encode(), format=RdfFormat.TURTLE, graph="urn:x:data", name="data")
    shapes.load((PREFIXES + case.shapes).encode(), format=RdfFormat.TURTLE, name="shapes")
    read = Shapes(tuple(quad.triple for quad in shapes.quads()), ("shapes",), {})
    report = validate(store, data_graphs=["urn:x:data"], shapes=read, engine=ENGINE_NAME)
    rows = [
        f"{shown(f.focus_node)} {shown(f.value)} {f.component_name.removesuffix('ConstraintComponent').rpartition(':')[2]}"
        + (
            f" by {shown(f.path)}"
            if f.component_name in ("Closed", "SPARQL") and isinstance(f.path, NamedNode)
            else ""
        )
        for f in report
    ]
    return ", ".join(sorted(rows + [f"unchecked: {each.reason}" for each in report.unchecked]))


def wanted(case: Case) -> str:
    return ", ".join(sorted(case.found.split(", ") if case.found else []))


ENGINE_NAME = os.environ.get("APGRAPH_MUTANTS_ENGINE", "sets")


@pytest.mark.parametrize("name", CASES)
def test_the_engine_finds_what_the_case_says(name: str) -> None:
    assert findings(CASES[name]) == wanted(CASES[name])


def survivors(copy: Path) -> dict[str, str]:
    """Break the copy of the engine in each of the ways; return those that no case noticed, and why."""
    found = {}
    order = list(CASES)
    for mutant in MUTANTS:
        file = copy / "apgraph" / "shacl" / mutant.file
        whole = file.read_text(encoding="utf-8")
        if whole.count(mutant.text) != 1:
            found[str(mutant)] = f"the text is in the file {whole.count(mutant.text)} times"
            continue
        file.write_text(whole.replace(mutant.text, mutant.instead), encoding="utf-8")
        for module in [name for name in sys.modules if name.startswith("apgraph.shacl")]:
            del sys.modules[module]
        for number, name in enumerate(order):
            try:
                noticed = findings(CASES[name]) != wanted(CASES[name])
            except Exception:  # noqa: BLE001 (whatever a broken engine raises is noticed)
                noticed = True
            if noticed:
                # What notices one mutant is likely to notice its neighbour in the file.
                order.insert(0, order.pop(number))
                break
        else:
            found[str(mutant)] = "no case noticed"
        file.write_text(whole, encoding="utf-8")
    return found


def test_a_case_notices_every_mutant(tmp_path: Path) -> None:
    shutil.copytree(ENGINE, tmp_path / "apgraph", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, __file__, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {}


def test_every_component_has_a_mutant() -> None:
    files = {f"components/{file.name}" for file in (ENGINE / "shacl/components").glob("*.py")} - {
        "components/__init__.py"
    }
    assert files <= {mutant.file for mutant in MUTANTS}
    classes = {
        name
        for file in files
        for name in re.findall(
            r"^class ([A-Z]\w+)\(", (ENGINE / "shacl" / file).read_text(encoding="utf-8"), re.MULTILINE
        )
    } - {"CustomComponents"}
    assert classes <= {mutant.breaks.partition(":")[0] for mutant in MUTANTS}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(survivors(Path(sys.argv[1]))))
