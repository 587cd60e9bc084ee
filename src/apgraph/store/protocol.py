"""Talking HTTP to a SPARQL service, and reading what it answers."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from apgraph.errors import InputError, ServiceError, TimeLimitError
from apgraph.store.dataset import Solutions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

    from apgraph.store.dataset import Term
    from apgraph.store.deadline import Deadline

__all__ = ["Answer", "Connection", "read_boolean", "read_solutions", "read_triples"]

_PIECE: Final = 256 * 1024


class _NoRedirects(HTTPRedirectHandler):
    """Leaves a redirect to whoever asked: a query, or data, must not wander to another machine."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: its address, the media type and the content."""

    url: str
    media_type: str
    content: bytes

    def refuse(self, what: str) -> ServiceError:
        """Return the error that says what is wrong with this answer."""
        shown = self.media_type or "no media type"
        return ServiceError(
            f"{self.url} does not answer as a SPARQL service does: {what} ({shown}); check the URL"
        )


class Connection:
    """A service's address, and how to send something there.

    Args:
        url: The address.
        limit: Bytes that an answer may have.

    Raises:
        InputError: It is no address of http or https.

    >>> Connection("file:///etc/passwd", limit=1)
    Traceback (most recent call last):
    apgraph.errors.InputError: 'file:///etc/passwd' is no address of a SPARQL service; it starts with http:// or https://
    """

    def __init__(self, url: str, *, limit: int) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not host or any(ord(letter) < 33 for letter in url):
            raise InputError(f"{url!r} is no address of a SPARQL service; it starts with http:// or https://")
        if parts.username is not None or parts.password is not None:
            raise InputError("the address of a service can't carry a name and password; leave them out")
        self.url = url
        self._limit = limit
        self._opener = build_opener(_NoRedirects)

    def query(
        self, fields: Sequence[tuple[str, str]], *, accept: str, timeout: float | None, deadline: Deadline
    ) -> Answer:
        """Send a query as a form and return the answer.

        Raises:
            ServiceError: The service is out of reach, answers with an error or with too much.
            TimeLimitError: It takes too long.
        """
        body = urlencode(fields).encode()
        return self._post(body, "application/x-www-form-urlencoded", accept, timeout, deadline)

    def update(self, text: str, *, timeout: float | None, deadline: Deadline) -> None:
        """Send an update as it is: servers take forms of some hundred kilobytes only.

        Raises:
            ServiceError: The service is out of reach or answers with an error.
            TimeLimitError: It takes too long.
        """
        self._post(text.encode(), "application/sparql-update; charset=utf-8", "*/*", timeout, deadline)

    def _post(self, body: bytes, kind: str, accept: str, timeout: float | None, deadline: Deadline) -> Answer:
        request = Request(  # noqa: S310 (the scheme was checked)
            self.url, data=body, headers={"Accept": accept, "User-Agent": "apgraph", "Content-Type": kind}
        )
        try:
            with self._opener.open(request, timeout=timeout) as response:
                pieces = []
                size = 0
                while piece := response.read(_PIECE):
                    deadline.check()
                    size += len(piece)
                    if size > self._limit:
                        raise ServiceError(
                            f"{self.url} answers with more than {self._limit} bytes; narrow the query or set a LIMIT"
                        )
                    pieces.append(piece)
                if response.length:  # what is still to come
                    raise ServiceError(f"{self.url} broke off in the middle of its answer; try again")
                return Answer(self.url, response.headers.get_content_type(), b"".join(pieces))
        except HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except TimeoutError:
            raise TimeLimitError(
                f"{self.url} did not answer within {timeout:g} s; raise --timeout or narrow the query"
            ) from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise TimeLimitError(
                    f"{self.url} did not answer within {timeout:g} s; raise --timeout"
                ) from None
            raise ServiceError(
                f"{self.url} is out of reach: {error.reason}; is the service running?"
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise ServiceError(f"{self.url} broke off: {error or type(error).__name__}; try again") from None

    def _refusal(self, error: HTTPError) -> ServiceError:
        if 300 <= error.code < 400:
            target = error.headers.get("Location", "another address")
            return ServiceError(f"{self.url} sends us to {target}; connect to that address if you trust it")
        try:
            said = error.read(2000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            said = ""
        plain = not error.headers.get_content_type().endswith("html")
        first = next((line.strip() for line in said.splitlines() if line.strip()), "") if plain else ""
        reason = f": {first[:200]}" if first else ""
        return ServiceError(f"{self.url} answers {error.code} {error.reason}{reason}")


def _json(answer: Answer) -> dict[str, Any]:
    if answer.media_type not in ("application/sparql-results+json", "application/json"):
        raise answer.refuse("no JSON results")
    try:
        content = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise answer.refuse("JSON that does not parse") from None
    if not isinstance(content, dict):
        raise answer.refuse("JSON of another kind")
    return content


def read_boolean(answer: Answer) -> bool:
    """Read the answer to an ASK query.

    Raises:
        ServiceError: It is none.

    >>> read_boolean(Answer("http://x/", "application/json", b'{"head": {}, "boolean": true}'))
    True
    """
    found = _json(answer)
    value = found.get("boolean")
    head = found.get("head")
    if value is None and isinstance(head, dict) and head.get("vars") == ["__ASK_RETVAL"]:
        # Virtuoso 7 answers by a table: a row with 1, or with 0, or no row.
        row = next(iter(read_solutions(answer)), (None,))
        value = row[0] is not None and row[0].value in ("1", "true")
    if not isinstance(value, bool):
        raise answer.refuse("no answer to an ASK query")
    return value


def read_solutions(answer: Answer) -> Solutions:
    """Read the answer to a SELECT query (`JSON results <https://www.w3.org/TR/sparql11-results-json/>`_).

    Raises:
        ServiceError: It is none.

    >>> content = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:a"}}]}}'
    >>> read_solutions(Answer("http://x/", "application/sparql-results+json", content)).rows
    ((<NamedNode value=urn:a>,),)
    """
    content = _json(answer)
    try:
        names = tuple(map(_text, content["head"]["vars"]))
        rows = content["results"]["bindings"]
        return Solutions(
            names, tuple(tuple(_term(row[name]) if name in row else None for name in names) for row in rows)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise answer.refuse("JSON results that are not as specified") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _term(value: dict[str, Any]) -> Term:
    match value["type"]:
        case "uri":
            return NamedNode(value["value"])
        case "bnode":
            return BlankNode(_label(value["value"]))
        case "literal" | "typed-literal":
            if (language := value.get("xml:lang")) is not None:
                return Literal(value["value"], language=language)
            if (datatype := value.get("datatype")) is not None:
                return Literal(value["value"], datatype=NamedNode(datatype))
            return Literal(value["value"])
        case _:
            raise ValueError


def _label(value: str) -> str:
    # Some services write labels that no RDF syntax allows (nodeID://b1).
    return "".join(
        letter if letter.isascii() and letter.isalnum() else f"x{ord(letter):x}x" for letter in value
    )


def read_triples(answer: Answer) -> tuple[Triple, ...]:
    """Read the answer to a CONSTRUCT or DESCRIBE query.

    Raises:
        ServiceError: It is none.

    >>> read_triples(Answer("http://x/", "application/n-triples", b"<urn:a> <urn:b> <urn:c> ."))[0].object
    <NamedNode value=urn:c>
    """
    chosen = RdfFormat.from_media_type(answer.media_type)
    if chosen is None or answer.media_type in ("application/json", "text/plain", "text/html"):
        raise answer.refuse("no RDF")
    try:
        quads = pyoxigraph.parse(answer.content, chosen, base_iri=answer.url, rename_blank_nodes=True)
        return tuple(dict.fromkeys(quad.triple for quad in quads))
    except SyntaxError as error:
        raise answer.refuse(f"RDF that does not parse, {error.msg}") from None
