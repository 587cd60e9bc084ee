"""Headers of question files: the schema, the strict reader, and that the two agree."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from apgraph.errors import ParseError
from apgraph.questions import Catalogue
from apgraph.questions.header import Header, header_lines, parse_header
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: dict[str, Any] = json.loads(
    (resource_folder("queries") / "header.schema.json").read_text(encoding="utf-8")
)
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    """Check a value against the part of JSON Schema that the header's schema uses."""
    known = {
        "$schema", "$id", "title", "description", "type", "required", "additionalProperties", "properties", "pattern",
        "enum", "const", "items", "minItems", "uniqueItems", "minLength", "minProperties", "propertyNames", "oneOf",
        "not", "if", "then", "$ref", "$defs",
    }  # fmt: skip
    assert schema.keys() <= known, f"the checker does not know {schema.keys() - known}"
    found: list[str] = []
    if "$ref" in schema:
        found += faults(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        right = any(
            isinstance(value, TYPES[n]) and (n == "boolean" or not isinstance(value, bool)) for n in names
        )
        if not right:
            return [*found, f"{value!r} is no {names}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{value!r} is none of {schema['enum']}")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{value!r} does not match {schema['pattern']}")
        if len(value) < schema.get("minLength", 0):
            found.append(f"{value!r} is too short")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append("too few items")
        if schema.get("uniqueItems") and len({json.dumps(v) for v in value}) != len(value):
            found.append("an item is there twice")
        found += [f for item in value for f in faults(item, schema.get("items", {}))]
    if isinstance(value, dict):
        found += [f"{name} is missing" for name in schema.get("required", []) if name not in value]
        if len(value) < schema.get("minProperties", 0):
            found.append("too few properties")
        for name, part in value.items():
            found += faults(name, schema.get("propertyNames", {}))
            if name in schema.get("properties", {}):
                found += faults(part, schema["properties"][name])
            elif schema.get("additionalProperties") is False:
                found.append(f"{name} is unknown")
            elif isinstance(schema.get("additionalProperties"), dict):
                found += faults(part, schema["additionalProperties"])
    if "oneOf" in schema and sum(not faults(value, each) for each in schema["oneOf"]) != 1:
        found.append(f"{value!r} fits not exactly one of {len(schema['oneOf'])}")
    if "not" in schema and not faults(value, schema["not"]):
        found.append("a combination that is excluded")
    if "if" in schema and not faults(value, schema["if"]):
        found += faults(value, schema.get("then", {}))
    return found


@pytest.mark.parametrize("name", Catalogue().ids())
def test_every_header_fits_the_schema(name: str) -> None:
    path = resource_folder("queries") / f"{name}.rq"
    lines, _ = header_lines(path.read_text(encoding="utf-8"))
    content = yaml.safe_load("\n".join(lines))
    assert faults(content, SCHEMA) == []


GOOD: dict[str, Any] = {
    "id": "models",
    "number": "Q01",
    "question": "Which models are there?",
    "asked_by": ["researcher"],
    "parameters": {"model": {"about": "the model", "type": "iri", "class": "apg:DeploymentModel"}},
    "columns": {"model": "the model"},
    "needs": "framework",
    "rests_on": ["C085"],
    "keywords": ["models"],
    "silent": "The source does not say.",
    "coverage": True,
    "examples": [{}, {"model": "deficit"}],
}

BAD: dict[str, dict[str, Any]] = {
    "no id": {"id": None},
    "id with capitals": {"id": "Models"},
    "id with a path": {"id": "../models"},
    "number without Q": {"number": "1"},
    "no question": {"question": None},
    "not a question": {"question": "All the models"},
    "small letter": {"question": "which models?"},
    "nobody asks": {"asked_by": []},
    "unknown asker": {"asked_by": ["teacher"]},
    "asker twice": {"asked_by": ["lead", "lead"]},
    "asker is a text": {"asked_by": "lead"},
    "no columns": {"columns": None},
    "empty columns": {"columns": {}},
    "columns are a list": {"columns": ["model"]},
    "column with a hyphen": {"columns": {"the-model": "the model"}},
    "column without meaning": {"columns": {"model": ""}},
    "unknown need": {"needs": "nothing"},
    "case without records": {"needs": "case"},
    "rests on nonsense": {"rests_on": ["chapter 3"]},
    "rests on nothing said": {"rests_on": None},
    "rests on a claim twice": {"rests_on": ["C085", "C085"]},
    "keywords are a text": {"keywords": "models"},
    "silent is a number": {"silent": 3},
    "coverage is a text": {"coverage": "no"},
    "unknown key": {"colums": {"model": "the model"}},
    "parameter without about": {"parameters": {"model": {"type": "iri"}}},
    "parameter without type": {"parameters": {"model": {"about": "the model"}}},
    "parameter of unknown type": {"parameters": {"model": {"about": "the model", "type": "term"}}},
    "parameter with unknown key": {
        "parameters": {"model": {"about": "the model", "type": "iri", "klass": "x"}}
    },
    "parameter with a hyphen": {"parameters": {"a-b": {"about": "the model", "type": "iri"}}},
    "class of a text": {"parameters": {"model": {"about": "the model", "type": "string", "class": "apg:A"}}},
    "class is no name": {"parameters": {"model": {"about": "the model", "type": "iri", "class": "a model"}}},
    "required and default": {
        "parameters": {"model": {"about": "the model", "type": "iri", "required": True, "default": "apgx:a"}}
    },
    "default is a list": {"parameters": {"model": {"about": "the model", "type": "iri", "default": ["a"]}}},
    "examples are a mapping": {"examples": {"model": "deficit"}},
    "no examples": {"examples": []},
    "example with a list": {"examples": [{"model": ["deficit"]}]},
}


def text_of(change: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    content = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    lines = yaml.safe_dump(content, sort_keys=False, allow_unicode=True).splitlines()
    return "\n".join(f"#+ {line}" for line in lines) + "\nSELECT ?model WHERE { ?model a ?x }\n", content


def test_a_good_header_passes_both() -> None:
    text, content = text_of({})
    assert faults(content, SCHEMA) == []
    header = parse_header(text, "models.rq")
    assert header.parameters["model"].classes == ("apg:DeploymentModel",)
    assert header.examples[1] == {"model": "deficit"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_header_fails_both(name: str) -> None:
    text, content = text_of(BAD[name])
    assert faults(content, SCHEMA)
    with pytest.raises(ParseError) as caught:
        parse_header(text, "models.rq")
    message = str(caught.value)
    assert message.startswith("models.rq, line ")
    assert "\n" not in message
    assert caught.value.hint


def test_the_reader_knows_the_keys_of_the_schema() -> None:
    assert set(SCHEMA["properties"]) == set(Header.__dataclass_fields__)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("SELECT * {}", 1, "there is no header"),
        ("#+ id: [a\nSELECT * {}", 1, "no YAML"),
        ("#+ id: models\n#+ question: Which: what?\n", 2, "no YAML"),
        ("#+ - a\n#+ - b\n", 1, "not a list of 'key: value' lines"),
        ("#+ id: models\n#+ question: What?\n#+ columns: 7\n", 1, "needs"),
        ("#+ id: !!python/object/apply:os.system ['true']\n", 1, "no YAML"),
        (
            "#+ id: models\n#+\n#+ question: What?\n#+ asked_by: [boss]\n#+ columns: {a: the a}\n#+ needs: framework\n",
            4,
            "asked_by",
        ),
    ],
)
def test_messages_name_the_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_header(text, "x.rq")
    assert caught.value.line == line
    assert problem in str(caught.value)


def test_a_deep_header_is_refused_not_crashed_on() -> None:
    with pytest.raises(ParseError):
        parse_header("#+ id: " + "[" * 100_000 + "\n", "x.rq")


def test_a_date_in_an_example_is_a_text() -> None:
    text, _ = text_of({})
    header = parse_header(text.replace("model: deficit", "model: 2021-05-14"), "x.rq")
    assert header.examples[1] == {"model": "2021-05-14"}


def test_the_folder_of_a_reader(tmp_path: Path) -> None:
    (tmp_path / "models.rq").write_text(text_of({})[0], encoding="utf-8")
    assert Catalogue(tmp_path).get("models").text == "Which models are there?"
