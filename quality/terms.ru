# Sorts what the rules look at into urn:apgraph:quality:terms. The checked files are in the graph
# urn:apgraph:quality:checked, what they build on is in urn:apgraph:quality:known. Every rule sees all three
# together, and those of an extension also the graph urn:apgraph:quality:well-known, the properties that
# well-known.ttl lists; with these graphs and this update in any SPARQL store, each rule can be run there as it stands.
PREFIX apg: <https://w3id.org/apgraph/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX q: <urn:apgraph:quality:>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# What was declared before is not a term of the checked files; a term of another vocabulary, declared only so that
# the file can be read alone, is a stub: rdfs:isDefinedBy names something that is not an ontology at hand.
INSERT { GRAPH q:terms { ?this a ?as } }
WHERE {
  GRAPH q:checked {
    VALUES (?kind ?also) {
      (owl:Class q:Class)
      (owl:ObjectProperty q:ObjectProperty) (owl:ObjectProperty q:Property)
      (owl:DatatypeProperty q:DataProperty) (owl:DatatypeProperty q:Property)
      (owl:AnnotationProperty q:AnnotationProperty) (owl:AnnotationProperty q:Property)
      (owl:NamedIndividual q:Individual)
    }
    ?this a ?kind .
  }
  FILTER(ISIRI(?this))
  FILTER NOT EXISTS { GRAPH q:known { ?this a ?before } }
  OPTIONAL {
    GRAPH q:checked { ?this rdfs:isDefinedBy ?other }
    FILTER NOT EXISTS { GRAPH q:checked { ?other a owl:Ontology } }
    FILTER NOT EXISTS { GRAPH q:known { ?other a owl:Ontology } }
  }
  VALUES ?role { q:Term q:Stub q:kind }
  FILTER(IF(BOUND(?other), ?role = q:Stub, ?role != q:Stub))
  BIND(IF(?role = q:kind, ?also, ?role) AS ?as)
} ;

# Individuals that are only typed by a class; records of a case are no terms.
INSERT { GRAPH q:terms { ?this a q:Term, q:Individual } }
WHERE {
  GRAPH q:checked { ?this a ?class }
  FILTER(ISIRI(?this))
  { GRAPH q:checked { ?class a owl:Class } } UNION { GRAPH q:known { ?class a owl:Class } }
  FILTER NOT EXISTS { GRAPH q:known { ?this a ?before } }
  FILTER NOT EXISTS { GRAPH q:checked { ?this apg:isPartOfCase ?case } }
  FILTER NOT EXISTS { GRAPH q:checked { ?this a apg:CaseRecord } }
} ;

INSERT { GRAPH q:terms { ?this a q:Header } }
WHERE { GRAPH q:checked { ?this a owl:Ontology } }
