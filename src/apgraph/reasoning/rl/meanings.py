"""Each rule of OWL 2 RL by its name: where the specification has it, and what it says in words."""

from __future__ import annotations

from typing import Final

__all__ = ["GIVEN", "LEFT_OUT", "MEANINGS", "SPECIFICATION", "UNTRACED"]

SPECIFICATION: Final = "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"

GIVEN: Final = "observed"
"""The name under which triples are inferred that follow from the data in another way than by the rules."""

UNTRACED: Final = "untraced"
"""What stands in place of a rule where nobody knows by which steps a triple follows."""

MEANINGS: Final = {
    UNTRACED: (0, "it follows, but by which steps from what was asserted could not be found out"),
    GIVEN: (0, "its latest observations say so, and none says otherwise; a rule of this project"),
    "eq-sym": (4, "what is the same as another is so the other way round"),
    "eq-trans": (4, "what is the same as the same thing is the same"),
    "eq-rep-s": (4, "what is said of a thing holds of what is the same"),
    "eq-rep-p": (4, "what a property links, a property that is the same links"),
    "eq-rep-o": (4, "what is linked to a thing is linked to what is the same"),
    "eq-diff1": (4, "two things can't be the same and different"),
    "eq-diff2": (4, "two members of a list of different things can't be the same"),
    "eq-diff3": (4, "two members of a list of distinct things can't be the same"),
    "prp-dom": (5, "what has a property is in the property's domain"),
    "prp-rng": (5, "what a property leads to is in the property's range"),
    "prp-fp": (5, "a functional property leads to one thing, so two are the same"),
    "prp-ifp": (5, "an inverse functional property comes from one thing, so two are the same"),
    "prp-irp": (5, "an irreflexive property can't link a thing with itself"),
    "prp-symp": (5, "a symmetric property holds the other way round"),
    "prp-asyp": (5, "an asymmetric property can't hold both ways"),
    "prp-trp": (5, "a transitive property reaches on"),
    "prp-spo1": (5, "a property implies what it is narrower than"),
    "prp-spo2": (5, "a chain of properties makes a property"),
    "prp-eqp1": (5, "a property implies one that is equivalent"),
    "prp-eqp2": (5, "a property implies one that is equivalent, read the other way round"),
    "prp-pdw": (5, "disjoint properties can't link the same two things"),
    "prp-adp": (5, "no two of a list of disjoint properties can link the same two things"),
    "prp-inv1": (5, "a property holds the other way round as its inverse"),
    "prp-inv2": (5, "the inverse of a property holds the other way round as the property"),
    "prp-key": (5, "two members of a class with the same key are the same"),
    "prp-npa1": (5, "what is denied of two things can't hold of them"),
    "prp-npa2": (5, "a value that is denied can't be there"),
    "cls-nothing2": (6, "nothing can be in owl:Nothing"),
    "cls-int1": (6, "what is in each part of an intersection is in the whole"),
    "cls-int2": (6, "what is in an intersection is in each part"),
    "cls-uni": (6, "what is in a part of a union is in the whole"),
    "cls-com": (6, "nothing can be in a class and in its complement"),
    "cls-svf1": (6, "what has a property to some member of a class is in the restriction"),
    "cls-svf2": (6, "what has a property at all is in the restriction"),
    "cls-avf": (6, "what the members of a restriction have by a property is in the class it asks for"),
    "cls-hv1": (6, "the members of a restriction have the value it asks for"),
    "cls-hv2": (6, "what has the value is in the restriction"),
    "cls-maxc1": (6, "what may have no value has none"),
    "cls-maxc2": (6, "what may have one value has one, so two are the same"),
    "cls-maxqc1": (6, "what may have no value of a class has none"),
    "cls-maxqc2": (6, "what may have no value at all has none"),
    "cls-maxqc3": (6, "what may have one value of a class has one, so two are the same"),
    "cls-maxqc4": (6, "what may have one value at all has one, so two are the same"),
    "cls-oo": (6, "what a class lists is in it"),
    "cax-sco": (7, "a member of a class is a member of what the class lies below"),
    "cax-eqc1": (7, "a member of a class is a member of an equivalent one"),
    "cax-eqc2": (7, "a member of a class is a member of an equivalent one, read the other way round"),
    "cax-dw": (7, "nothing can be in two disjoint classes"),
    "cax-adc": (7, "nothing can be in two of a list of disjoint classes"),
    "dt-eq": (8, "a value is one, in whatever way it is written"),
    "dt-type2": (8, "a literal is of each datatype that has its value; a condition of cls-svf1 here"),
    "dt-diff": (8, "two values that differ can't be the one value allowed"),
    "dt-not-type": (8, "a literal can't be of a datatype that lacks its value"),
    "scm-cls": (9, "a class lies below itself, by whatever name, and owl:Thing, and above owl:Nothing"),
    "scm-sco": (9, "below a class is what lies below its narrower classes"),
    "scm-eqc1": (9, "equivalent classes lie below one another"),
    "scm-eqc2": (9, "classes below one another are equivalent"),
    "scm-op": (9, "an object property lies below itself, by whatever name"),
    "scm-dp": (9, "a data property lies below itself, by whatever name"),
    "scm-spo": (9, "below a property is what lies below its narrower properties"),
    "scm-eqp1": (9, "equivalent properties lie below one another"),
    "scm-eqp2": (9, "properties below one another are equivalent"),
    "scm-dom1": (9, "a domain is any class that the domain lies below"),
    "scm-dom2": (9, "the domain of a property is one of its narrower properties, too"),
    "scm-rng1": (9, "a range is any class that the range lies below"),
    "scm-rng2": (9, "the range of a property is one of its narrower properties, too"),
    "scm-hv": (9, "a value by a narrower property is the stricter restriction"),
    "scm-svf1": (9, "some of a narrower class is the stricter restriction"),
    "scm-svf2": (9, "some by a narrower property is the stricter restriction"),
    "scm-avf1": (9, "all of a narrower class is the stricter restriction"),
    "scm-avf2": (9, "all by a wider property is the stricter restriction"),
    "scm-int": (9, "an intersection lies below each part"),
    "scm-uni": (9, "each part lies below the union"),
}
"""By name of the rule: the table of the specification (0: in none), and the rule in words."""

LEFT_OUT: Final = {
    "eq-ref": (4, "reflexive"),
    "prp-ap": (5, "vocabulary"),
    "cls-thing": (6, "vocabulary"),
    "cls-nothing1": (6, "vocabulary"),
    "dt-type1": (8, "vocabulary"),
}
"""The rules that make nothing but trivial triples: table, and kind of triple (:mod:`apgraph.reasoning.rl.trivial`)."""
