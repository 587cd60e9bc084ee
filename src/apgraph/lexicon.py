"""The names of the terms in a store: label, short name, and from what a user types to the term meant."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.errors import InputError, UnknownNameError, UsageError
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.store import Store

__all__ = [
    "CASE_BASE",
    "LANGUAGE",
    "NAMING",
    "SHORT",
    "Hit",
    "Lexicon",
    "curie",
    "expand",
    "key",
    "nearest",
    "spoken",
]

LANGUAGE: Final = "en"
"""The language of the ontology's own labels; names in others come from files of labels."""

_RDFS: Final = PREFIXES["rdfs"]
_SKOS: Final = PREFIXES["skos"]
_LABEL: Final = f"{_RDFS}label"
_PREFERRED: Final = f"{_SKOS}prefLabel"
_OTHER: Final = f"{_SKOS}altLabel"
_DEFINITION: Final = f"{_SKOS}definition"
NAMING: Final = (
    *(_LABEL, _PREFERRED, _OTHER, f"{_SKOS}hiddenLabel"),
    *(_DEFINITION, f"{_SKOS}scopeNote", f"{_SKOS}example"),
)
"""Properties by which a file of labels names terms and says what they mean."""
_NAMES: Final = f"<{_LABEL}> <{_PREFERRED}> <{_OTHER}>"
_RANK: Final[Mapping[str, int]] = {_LABEL: 1, _PREFERRED: 2, _OTHER: 3}
CASE_BASE: Final = "urn:apgraph:case:"
"""What the names of case graphs, and of what is in them, begin with."""
CASE: Final = "case"
"""What stands for that in the short name of something in a case."""

SHORT: Final[Mapping[str, str]] = MappingProxyType({**PREFIXES, CASE: CASE_BASE})
"""Prefix to namespace, as short names have them."""

_IN_CASE: Final = re.compile(r"[\w.~%-]+(?::[\w.~%-]+)?")
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
_WORD: Final = re.compile(r"\w+")
_CHUNK: Final = 500
_NEAR: Final = 1.0
"""How like a text a name has to be to be suggested, of 2 for the same: what shares a syllable by chance has less."""
_KEPT: Final = 1 << 14
"""Names whose form is kept: each misspelt name is compared with all that there are."""
_LISTED: Final = 12
"""Up to so many allowed values are listed in full, rather than the nearest only."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that a search found."""

    iri: str
    curie: str
    label: str
    definition: str
    score: float

    def __str__(self) -> str:
        return f"{self.label} ({self.curie})"


def key(text: str) -> str:
    """Return a name without what users vary: letter case, hyphens, spaces and other marks.

    >>> key("Pan-organisational model") == key("panOrganisationalModel")
    True
    """
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def curie(iri: str) -> str:
    """Return the IRI's short name, or the IRI where no prefix of ours fits.

    >>> curie("https://w3id.org/apgraph/ref/coaching"), curie("urn:apgraph:case:x:ap-1"), curie("urn:other:x")
    ('apgx:coaching', 'case:x:ap-1', 'urn:other:x')
    """
    if iri.startswith(CASE_BASE) and _IN_CASE.fullmatch(iri, len(CASE_BASE)):
        return f"{CASE}:{iri[len(CASE_BASE) :]}"
    best = ""
    for prefix, namespace in PREFIXES.items():
        # The longest namespace wins, should one be the beginning of another.
        longer = len(namespace) > len(PREFIXES.get(best, ""))
        if longer and iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            best = prefix
    return f"{best}:{iri[len(PREFIXES[best]) :]}" if best else iri


def expand(text: str) -> str | None:
    """Return the IRI that a CURIE or an IRI in angle brackets or without stands for, else None.

    >>> expand("APGX:coaching"), expand("<urn:x:y>"), expand("case:x:ap-1"), expand("coaching")
    ('https://w3id.org/apgraph/ref/coaching', 'urn:x:y', 'urn:apgraph:case:x:ap-1', None)
    """
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    if not colon or any(c.isspace() for c in text):
        return None
    namespace = SHORT.get(prefix.lower())
    return text if namespace is None or local.startswith("//") else namespace + local


def nearest(text: str, candidates: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to ``n`` of the candidates that look most like the text, best first.

    >>> nearest("practises", ["practice-types", "practices", "models"])
    ('practices', 'practice-types')
    >>> nearest("banana", ["manager", "bears name of"])
    ()
    """
    wanted, pieces = _form(text)
    if not wanted:
        return ()
    scored: dict[str, float] = {}
    for candidate in candidates:
        known, others = _form(candidate)
        shared = len(pieces & others)
        if not shared:
            continue
        # What begins or ends like the text counts as near, however much longer it is.
        inside = (
            0.35 if len(wanted) > 2 and (wanted in known or (len(known) > 3 and known in wanted)) else 0.0
        )
        scored[candidate] = 2 * shared / (len(pieces) + len(others)) + inside
    best = sorted(scored, key=lambda c: (-scored[c], c))[: max(20, 4 * n)]
    exact = {c: SequenceMatcher(None, wanted, _form(c)[0], autojunk=False).ratio() + scored[c] for c in best}
    return tuple(c for c in sorted(best, key=lambda c: (-exact[c], c)) if exact[c] > _NEAR)[:n]


@lru_cache(_KEPT)
def _form(name: str) -> tuple[str, frozenset[str]]:
    """Return the key of a name, and the pairs of letters in it."""
    form = key(name)
    return form, _pieces(form)


def _pieces(text: str) -> frozenset[str]:
    padded = f"^{text}$"
    return frozenset(padded[i : i + 2] for i in range(len(padded) - 1))


class _Names:
    """Names of some terms, by key."""

    def __init__(self) -> None:
        self.terms: dict[str, str] = {}
        self.by_key: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def add(self, iri: str, rank: int, name: str) -> None:
        ranks = self.by_key[key(name)]
        ranks[iri] = min(rank, ranks.get(iri, rank))

    def add_term(self, iri: str, label: str | None) -> None:
        if iri not in self.terms:
            self.add(iri, 0, iri)
            short = curie(iri)
            self.add(iri, 0, short)
            # "apgx:coaching" and "coaching" have different keys, "C034" is found as local name.
            self.add(iri, 4, re.split(r"[#/:]", iri)[-1])
            self.terms[iri] = label or short
        elif label:
            self.terms[iri] = label


class Lexicon:
    """Names of the terms in a store, read when they are first asked for.

    What was read is kept: call :meth:`clear` (or make a new lexicon) after the data has changed.

    Args:
        store: Where the labels are.
        language: Tag of the language in which terms are named, where they have a name in it.

    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> store.update('PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> INSERT DATA { <urn:x:a> rdfs:label "first thing"@en }')
    >>> lexicon = Lexicon(store)
    >>> lexicon.label("urn:x:a"), lexicon.resolve("First-Thing")
    ('first thing', 'urn:x:a')
    >>> store.update('PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA { <urn:x:a> skos:prefLabel "erstes Ding"@de }')
    >>> Lexicon(store, "de").label("urn:x:a"), Lexicon(store).label("urn:x:a")
    ('erstes Ding', 'first thing')
    """

    def __init__(self, store: Store, language: str = LANGUAGE) -> None:
        self._store = store
        self.language = language.lower()
        self.clear()

    def clear(self) -> None:
        """Forget what was read, so that the next call reads it afresh."""
        self._labels: dict[str, str | None] = {}
        self._names: dict[tuple[str, ...], _Names] = {}
        self._texts: _Texts | None = None

    def label(self, iri: str) -> str | None:
        """Return the term's label, in the language asked for where there is one, or None."""
        return self.labels((iri,)).get(iri)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the labels of those terms that have one, by one query for all."""
        wanted = list(dict.fromkeys(iris))
        missing = [iri for iri in wanted if iri not in self._labels]
        found = self._said_of(missing)
        for iri in missing:
            self._labels[iri] = min(found[iri])[2] if iri in found else None
        return {iri: text for iri in wanted if (text := self._labels[iri]) is not None}

    def speaks(self) -> bool:
        """Tell whether a term has a name in the language asked for, or in one of its regions.

        >>> from apgraph.store import OxigraphStore
        >>> store = OxigraphStore()
        >>> store.update('PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA { <urn:a> skos:prefLabel "a"@cy }')
        >>> Lexicon(store, "cy").speaks(), Lexicon(store, "ga").speaks()
        (True, False)
        """
        return self._store.ask(
            f"ASK {{ VALUES ?p {{ {_NAMES} }} ?s ?p ?name FILTER(LANGMATCHES(LANG(?name), ?tag)) }}",
            bindings={"tag": Literal(self.language)},
        )

    def names(self, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the labels of terms in all languages, those that suit best first."""
        return {
            iri: tuple(name for *_, name in sorted(said)) for iri, said in self._said_of(list(iris)).items()
        }

    def _said_of(self, iris: Sequence[str]) -> dict[str, list[tuple[int, int, str]]]:
        """Return the labels of terms, each with how well it suits."""
        found: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for start in range(0, len(iris), _CHUNK):
            values = " ".join(str(NamedNode(iri)) for iri in iris[start : start + _CHUNK] if _is_iri(iri))
            for subject, predicate, name in self._store.select(
                f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} "
                f"VALUES ?p {{ <{_LABEL}> <{_PREFERRED}> }} ?s ?p ?o }}"
            ).rows:
                if (
                    isinstance(subject, NamedNode)
                    and isinstance(predicate, NamedNode)
                    and isinstance(name, Literal)
                ):
                    found[subject.value].append(_preference(self.language, predicate.value, name))
        return dict(found)

    def curie(self, iri: str) -> str:
        """Return the term's short name, or the IRI itself where no prefix of ours fits."""
        return curie(iri)

    def members(self, classes: Sequence[str] | str | None = None) -> Mapping[str, str]:
        """Return IRI and label (or short name) of every member of the classes and of their subclasses.

        Args:
            classes: IRIs of classes; every term with a name where none is given.
        """
        return self._named(classes).terms

    def resolve(self, text: str, class_iri: Sequence[str] | str | None = None) -> str:
        """Return the IRI of the term that the text names.

        Args:
            text: A label, an alternative label, a CURIE, an IRI or an IRI's last part, in any letter
                case; hyphens, spaces and capitals inside a word make no difference.
            class_iri: Class (or classes) whose members are allowed; any named term where it is not given.

        Raises:
            UnknownNameError: There is no such term; it tells the nearest.
            InputError: The name fits several terms equally well.
        """
        if not isinstance(text, str):
            raise UsageError(f"a term has a name, not {text!r}; give a text, such as 'coaching'")
        names = self._named(class_iri)
        whole = expand(text.strip())
        if whole is not None and whole in names.terms:
            return whole
        ranks = names.by_key.get(key(whole), {}) if whole is not None else {}
        ranks = ranks or names.by_key.get(key(text), {})
        if ranks:
            best = min(ranks.values())
            terms = sorted(iri for iri, rank in ranks.items() if rank == best)
            if len(terms) == 1:
                return terms[0]
            raise InputError(
                f"{text!r} names {len(terms)} terms: {', '.join(curie(t) for t in terms)}; give one of these"
            )
        kind = "term"
        if class_iri:
            classes = (class_iri,) if isinstance(class_iri, str) else tuple(class_iri)
            kind = " or ".join(self.label(c) or curie(c) for c in classes)
        allowed = sorted(names.terms.values())
        if len(allowed) <= _LISTED:
            listed = "; ".join(allowed)
            hint = f"(there are: {listed})" if listed else "(the graph holds none)"
            raise UnknownNameError(kind, text, nearest=nearest(text, allowed), hint=hint)
        raise UnknownNameError(kind, text, nearest=self.suggest(text, class_iri))

    def suggest(self, text: str, classes: Sequence[str] | str | None = None, n: int = 3) -> tuple[str, ...]:
        """Return up to ``n`` names of terms that look like the text.

        A short name is answered with short names, words with labels.
        """
        names = self._named(classes)
        whole = expand(text)
        if whole is not None:
            short = curie(whole)
            prefix = short.partition(":")[0]
            within, _, last = short.rpartition(":")
            beside = {
                c.rpartition(":")[2]: c for c in map(curie, names.terms) if c.rpartition(":")[0] == within
            }
            if beside and within != prefix:
                # What is in one case looks alike by the name of the case already.
                return tuple(beside[c] for c in nearest(last, beside, n))
            pool = [c for c in map(curie, names.terms) if c.partition(":")[0] == prefix] or map(
                curie, names.terms
            )
            local = {c.partition(":")[2] or c: c for c in pool}
            return tuple(local[c] for c in nearest(short.partition(":")[2] or short, local, n))
        return nearest(text, names.terms.values(), n)

    def nearest(self, text: str, candidates: Iterable[str], n: int = 3) -> tuple[str, ...]:
        """Return up to ``n`` of the candidates that look most like the text, best first."""
        return nearest(text, candidates, n)

    def search(self, words: str, n: int = 20) -> tuple[Hit, ...]:
        """Return the terms whose names or definitions hold the words, the best first.

        An exact label comes before a label that begins with the words, then labels that hold them, then
        definitions. Words that occur nowhere are taken for the nearest that do.
        """
        if self._texts is None:
            self._texts = _Texts(self._store, self.language)
        return self._texts.search(words, n)

    def _named(self, classes: Sequence[str] | str | None) -> _Names:
        wanted = (classes,) if isinstance(classes, str) else tuple(classes or ())
        if wanted not in self._names:
            self._names[wanted] = self._read(wanted)
        return self._names[wanted]

    def _read(self, classes: tuple[str, ...]) -> _Names:
        if classes:
            values = " ".join(str(NamedNode(c)) for c in classes)
            members = (
                f"VALUES ?c {{ {values} }} ?t <{_RDFS}subClassOf>* ?c . "
                f"?s <{PREFIXES['rdf']}type> ?t . OPTIONAL {{ VALUES ?p {{ {_NAMES} }} ?s ?p ?o }}"
            )
        else:
            members = f"VALUES ?p {{ {_NAMES} }} ?s ?p ?o"
        names = _Names()
        labels: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for subject, predicate, name in self._store.select(f"SELECT ?s ?p ?o WHERE {{ {members} }}").rows:
            if not isinstance(subject, NamedNode):
                continue
            names.add_term(subject.value, None)
            if isinstance(predicate, NamedNode) and isinstance(name, Literal):
                names.add(subject.value, _RANK[predicate.value], name.value)
                labels[subject.value].append(_preference(self.language, predicate.value, name))
        for iri, known in labels.items():
            names.add_term(iri, min(known)[2])
        return names


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def spoken(tag: str | None, language: str) -> int:
    """Return how well a text with a language tag suits readers of a language; 0 is best.

    After the language itself and its regions comes that of the ontology, then no language, then any other.

    >>> [spoken(tag, "cy") for tag in ("cy", "cy-GB", "en", None, "fr")]
    [0, 1, 2, 3, 4]
    """
    tag = (tag or "").lower()
    if tag == language:
        return 0
    if tag.startswith(f"{language}-") or (not tag and language == LANGUAGE):
        return 1
    return 2 if tag == LANGUAGE else 3 if not tag or tag.startswith(f"{LANGUAGE}-") else 4


def _preference(language: str, predicate: str, name: Literal) -> tuple[int, int, str]:
    return (spoken(name.language, language), _RANK[predicate], name.value)


class _Texts:
    """Words of names and definitions, for search."""

    def __init__(self, store: Store, language: str) -> None:
        names: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        definitions: dict[str, tuple[int, str]] = {}
        for subject, predicate, text in store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {_NAMES} <{_DEFINITION}> }} ?s ?p ?o }}"
        ).rows:
            if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
                continue
            if not isinstance(text, Literal):
                continue
            if predicate.value == _DEFINITION:
                # The smallest, should there be several: the result must not depend on the engine's order.
                said = (spoken(text.language, language), text.value)
                definitions[subject.value] = min(said, definitions.get(subject.value, said))
            else:
                names[subject.value].append(_preference(language, predicate.value, text))
        self._names = {iri: tuple(text for *_, text in sorted(known)) for iri, known in names.items()}
        self._definitions = {iri: text for iri, (_, text) in definitions.items()}
        self._in_names: defaultdict[str, set[str]] = defaultdict(set)
        self._in_definitions: defaultdict[str, set[str]] = defaultdict(set)
        for iri, known in self._names.items():
            for name in known:
                for word in _WORD.findall(name.casefold()):
                    self._in_names[word].add(iri)
            for word in _WORD.findall(self._definitions.get(iri, "").casefold()):
                self._in_definitions[word].add(iri)
        self._words = {word: _pieces(word) for word in {*self._in_names, *self._in_definitions}}

    def _alike(self, word: str) -> dict[str, float]:
        """Return the words that the given one may mean, with how sure that is."""
        found = {known: 1.0 if known == word else 0.9 for known in self._words if known.startswith(word)}
        if found:
            return found
        pieces = _pieces(word)
        for known, others in self._words.items():
            if abs(len(known) - len(word)) > 3 or 2 * len(pieces & others) < 0.8 * len(pieces):
                continue
            ratio = SequenceMatcher(None, word, known, autojunk=False).ratio()
            if ratio >= 0.75:
                found[known] = 0.8 * ratio
        return found

    def search(self, words: str, n: int) -> tuple[Hit, ...]:
        wanted = list(dict.fromkeys(_WORD.findall(words.casefold())))
        if not wanted:
            return ()
        in_names: defaultdict[str, float] = defaultdict(float)
        anywhere: defaultdict[str, float] = defaultdict(float)
        matched: defaultdict[str, int] = defaultdict(int)
        for word in wanted:
            best_name: dict[str, float] = {}
            best: dict[str, float] = {}
            for known, weight in self._alike(word).items():
                for iri in self._in_names.get(known, ()):
                    best_name[iri] = max(weight, best_name.get(iri, 0.0))
                    best[iri] = max(weight, best.get(iri, 0.0))
                for iri in self._in_definitions.get(known, ()):
                    best[iri] = max(0.5 * weight, best.get(iri, 0.0))
            for iri, weight in best_name.items():
                in_names[iri] += weight
            for iri, weight in best.items():
                anywhere[iri] += weight
                matched[iri] += 1
        whole = key(words)
        scores: dict[str, float] = {}
        for iri, weight in anywhere.items():
            keys = [key(name) for name in self._names[iri]]
            score = weight / len(wanted) + in_names[iri] / len(wanted)
            if whole in keys:
                score += 4.0 if keys[0] == whole else 3.5
            elif any(k.startswith(whole) for k in keys):
                score += 2.0
            scores[iri] = round(score, 6)
        most = max(matched.values(), default=0)
        ranked = sorted(scores, key=lambda iri: (-scores[iri], len(self._names[iri][0]), iri))
        return tuple(
            Hit(iri, curie(iri), self._names[iri][0], self._definitions.get(iri, ""), scores[iri])
            for iri in ranked[:n]
            # Of several words one is not enough, if other terms have more of them.
            if 2 * matched[iri] > most
        )
