"""The thirteen sheets of the case workbook, and the properties that hold what is entered on them."""

from __future__ import annotations

from typing import Final

from apgraph.cases.columns import ORGANISATION, Column, Kind, Role, Sheet
from apgraph.vocabulary import PREFIXES, apg, apgx

__all__ = ["FURTHER", "SHEETS", "sheet_named"]

_LABEL: Final = PREFIXES["rdfs"] + "label"
_DEFINITION: Final = PREFIXES["skos"] + "definition"
_TYPE: Final = PREFIXES["rdf"] + "type"
_LANGUAGE: Final = PREFIXES["dcterms"] + "language"


def _id(name: str, help_: str, example: str, *, required: bool = True, role: str = "item") -> Column:
    return Column(name, Kind.ID, help_, example, required=required, role=role)


def _starts(example: str = "", *, role: str = "item") -> Column:
    return Column("starts_on", Kind.DATE, "When it began.", example, role=role, property=apg.startsOn)


def _ends(example: str = "", *, role: str = "item") -> Column:
    help_ = "When it ended, or is planned to end; empty while it goes on."
    return Column("ends_on", Kind.DATE, help_, example, role=role, property=apg.endsOn)


def _evidence(*, required: bool = False) -> Column:
    return Column(
        "evidence_ids",
        Kind.REFERENCE,
        "What this rests on: the identifiers of rows of sheet Evidence.",
        "ev-01",
        required=required,
        property=apg.isSupportedByEvidence,
        sheets=("Evidence",),
        many=True,
    )


def _medium(example: str = "in person") -> Column:
    return Column(
        "medium",
        Kind.LIST,
        "How people meet there.",
        example,
        property=apg.hasMedium,
        classes=(apg.InteractionMedium,),
    )


def _note(role: str = "item") -> Column:
    return Column("note", Kind.TEXT, "Anything worth adding.", role=role, property=apg.rowNote)


_OBSERVED_ON: Final = Column(
    "observed_on", Kind.DATE, "When this was so.", "2024-05-17", required=True, property=apg.observedOn
)
_CONFIDENCE: Final = Column(
    "confidence",
    Kind.LIST,
    "How sure the observer is.",
    "medium",
    required=True,
    property=apg.hasConfidence,
    classes=(apg.ConfidenceLevel,),
)
_PEOPLE: Final = ("APs", "Communities")

_ORGANISATION_SHEET: Final = Sheet(
    "Organisation",
    "One row: the organisation, and who compiled this workbook for which period.",
    (
        Role("item", apg.CaseRecord, "", suffix="record", links=((apg.concernsOrganisation, ORGANISATION),)),
        Role("organisation", apg.Organisation, "organisation_id", suffix="organisation"),
    ),
    (
        Column(
            "case_id",
            Kind.ID,
            "A short name for this case: letters, digits, hyphens.",
            "riverside",
            required=True,
            property=apg.caseIdentifier,
        ),
        Column(
            "organisation_name",
            Kind.NAME,
            "Name of the organisation, or a pseudonym.",
            "Riverside College",
            required=True,
            role="organisation",
            property=_LABEL,
        ),
        Column(
            "is_pseudonym",
            Kind.YES_NO,
            "Whether that name is a pseudonym.",
            "yes",
            required=True,
            role="organisation",
            property=apg.isPseudonymous,
        ),
        _id(
            "organisation_id",
            "Identifier of the organisation; 'organisation' if left empty.",
            "",
            required=False,
            role="organisation",
        ),
        Column(
            "provider_type",
            Kind.TEXT,
            "What sort of provider it is.",
            "general further education college",
            role="organisation",
            property=apg.providerType,
        ),
        Column(
            "region",
            Kind.TEXT,
            "Where it is, as roughly as you like.",
            "invented region",
            role="organisation",
            property=apg.region,
        ),
        Column(
            "case_period_start",
            Kind.DATE,
            "First day, month or year that is described.",
            "2021-09-01",
            required=True,
            property=apg.startsOn,
        ),
        Column(
            "case_period_end",
            Kind.DATE,
            "Last day, month or year that is described.",
            "2024-07-31",
            property=apg.endsOn,
        ),
        Column(
            "compiled_by",
            Kind.TEXT,
            "Role of the person who filled this in.",
            "AP lead",
            required=True,
            property=apg.compiledBy,
        ),
        Column(
            "compiled_on",
            Kind.DATE,
            "When it was filled in.",
            "2024-09-12",
            required=True,
            property=apg.compiledOn,
        ),
        Column(
            "sharing_status",
            Kind.TEXT,
            "Who may see this, or under which licence it is shared.",
            "internal",
            required=True,
            property=apg.sharingStatus,
        ),
        Column(
            "consent_reference",
            Kind.TEXT,
            "Where consent or another lawful basis is recorded.",
            "invented data: none needed",
            property=apg.consentReference,
        ),
        Column(
            "language",
            Kind.TEXT,
            "Language of the names in this workbook, such as en, cy or pl.",
            "en",
            property=_LANGUAGE,
        ),
        _note(),
    ),
    first=True,
)

_ARRANGEMENTS: Final = Sheet(
    "Arrangements",
    "How APs are deployed: one row for each way of deploying them, by site, team or period.",
    (Role("item", apg.DeploymentArrangement, "arrangement_id", links=((apg.isRunBy, ORGANISATION),)),),
    (
        _id("arrangement_id", "A short name for the row.", "arr-1"),
        Column(
            "label",
            Kind.NAME,
            "What you call this arrangement.",
            "APs since 2022",
            required=True,
            property=_LABEL,
        ),
        Column(
            "covers",
            Kind.LIST,
            "How much of the organisation it covers.",
            "whole organisation",
            required=True,
            property=apg.hasCoverage,
            classes=(apg.ArrangementCoverage,),
        ),
        _starts("2022-09-01"),
        _ends(),
        Column(
            "declared_model",
            Kind.LIST,
            "The deployment model that you say you follow, 'none', or 'other: …'.",
            "developmental model",
            property=apg.declaresModel,
            classes=(apg.DeploymentModel,),
            extras={
                "none": ((apg.hasModelAnswer, apgx.answerNone),),
                "other": ((apg.hasModelAnswer, apgx.answerOther),),
            },
            other=apg.declaredModelName,
        ),
        Column(
            "practitioner_count",
            Kind.COUNT,
            "How many APs, where sheet APs does not list them.",
            "3",
            property=apg.practitionerCount,
        ),
        _note(),
    ),
    first=True,
)

_APS: Final = Sheet(
    "APs",
    "The advanced practitioners, by pseudonym: one row for each appointment.",
    (
        Role("item", apg.AdvancedPractitioner, "ap_id", links=((apg.hasHomeOrganisation, ORGANISATION),)),
        Role(
            "appointment",
            apg.Appointment,
            "row_id",
            suffix="appointment",
            links=(
                (apg.isAppointmentOf, "item"),
                (apg.isAppointmentAt, ORGANISATION),
                (apg.isAppointmentTo, apgx.advancedPractitionerRole),
            ),
        ),
    ),
    (
        _id("ap_id", "A pseudonym such as ap-1; never a name.", "ap-1"),
        Column(
            "local_role_title",
            Kind.TEXT,
            "What the role is called with you.",
            "Lead practitioner",
            role="appointment",
            property=apg.localRoleTitle,
        ),
        Column(
            "arrangement_id",
            Kind.REFERENCE,
            "The arrangement under which the AP works: a row of sheet Arrangements.",
            "arr-1",
            required=True,
            role="appointment",
            property=apg.isAppointmentUnder,
            sheets=("Arrangements",),
            many=True,
            also=("item", apg.isDeployedUnder),
        ),
        _starts("2022-09-01", role="appointment"),
        _ends(role="appointment"),
        Column(
            "fraction_of_time",
            Kind.SHARE,
            "Share of working time for the role, such as 40% or 0.4.",
            "0.4",
            role="appointment",
            property=apg.fractionOfTime,
        ),
        Column(
            "vocational_area",
            Kind.NAMED,
            "The AP's vocational area; several with semicolons between them.",
            "construction",
            property=apg.worksInVocationalArea,
            classes=(apg.VocationalArea,),
            many=True,
        ),
        _id(
            "row_id",
            "A short name for the appointment, if you want one.",
            "",
            required=False,
            role="appointment",
        ),
        _note("appointment"),
    ),
)

_COMMUNITIES: Final = Sheet(
    "Communities",
    "Communities of practice, constellations, teams, groups and collaborations that APs take part in.",
    (Role("item", apg.Collective, "community_id"),),
    (
        _id("community_id", "A short name for the row.", "com-1"),
        Column(
            "name",
            Kind.NAME,
            "Its name, or a pseudonym.",
            "Regional coaching community",
            required=True,
            property=_LABEL,
        ),
        Column(
            "kind",
            Kind.CLASS,
            "What sort of community it is.",
            "community of practice",
            required=True,
            property=_TYPE,
            classes=(
                apg.CommunityOfPractice,
                apg.Constellation,
                apg.Team,
                apg.CrossInstitutionalCollaboration,
                apg.PractitionerGroup,
            ),
            shown={apg.CrossInstitutionalCollaboration: "collaboration"},
        ),
        Column(
            "orientation",
            Kind.LIST,
            "Whether it faces into the organisation, out of it, or both.",
            "outward",
            required=True,
            property=apg.hasOrientation,
            classes=(apg.Orientation,),
            shown={apgx.inwardFacing: "inward", apgx.outwardFacing: "outward"},
            extras={
                "both": ((apg.hasOrientation, apgx.inwardFacing), (apg.hasOrientation, apgx.outwardFacing))
            },
        ),
        Column(
            "external_to_organisation",
            Kind.LIST,
            "Whether it exists outside the organisation.",
            "yes",
            required=True,
            property=apg.isExternalTo,
            extras={
                "yes": ((apg.isExternalTo, ORGANISATION),),
                "no": ((apg.isInternalTo, ORGANISATION),),
            },
        ),
        Column(
            "members",
            Kind.REFERENCE,
            "Which APs take part: identifiers of rows of sheet APs.",
            "ap-1",
            property=apg.participatesIn,
            sheets=("APs",),
            many=True,
            inverse=True,
        ),
        _medium("mixed"),
        _starts("2021"),
        _ends(),
        _note(),
    ),
)

_FEATURES: Final = Sheet(
    "Feature observations",
    "What is so about an arrangement, feature by feature. Sheet Features says what to ask for each of them.",
    (Role("item", apg.FeatureObservation, "observation_id"),),
    (
        _id("observation_id", "A short name for the row.", "obs-01"),
        Column(
            "arrangement_id",
            Kind.REFERENCE,
            "The arrangement observed: a row of sheet Arrangements.",
            "arr-1",
            required=True,
            property=apg.isObservationOf,
            sheets=("Arrangements",),
        ),
        Column(
            "feature",
            Kind.LIST,
            "The feature that was looked for; sheet Features explains each.",
            "peer-to-peer working",
            required=True,
            property=apg.observesFeature,
            classes=(apg.DeploymentFeature,),
        ),
        Column(
            "status",
            Kind.LIST,
            "What was found. Absent means looked for and not there; otherwise say not assessed.",
            "present",
            required=True,
            property=apg.hasStatus,
            classes=(apg.ObservationStatus,),
        ),
        _OBSERVED_ON,
        Column(
            "observer_role",
            Kind.TEXT,
            "Role of whoever observed it; no name.",
            "AP lead",
            property=apg.observerRole,
        ),
        _CONFIDENCE,
        _evidence(required=True),
        _note(),
    ),
    first=True,
)

_PRACTICES: Final = Sheet(
    "Practices",
    "What APs do: one row for each practice in one place.",
    (Role("item", apg.PracticeEnactment, "enactment_id"),),
    (
        _id("enactment_id", "A short name for the row.", "prac-1"),
        Column(
            "practice_type",
            Kind.LIST,
            "The kind of practice, or 'other: …' with words of your own.",
            "coaching",
            required=True,
            property=apg.enactsPracticeType,
            classes=(apg.PracticeType,),
            extras={"other": ()},
            other=apg.otherPracticeName,
        ),
        Column(
            "arrangement_or_community_id",
            Kind.REFERENCE,
            "Where it takes place: a row of sheet Arrangements or Communities.",
            "arr-1",
            required=True,
            property=apg.tookPlaceIn,
            sheets=("Arrangements", "Communities"),
            many=True,
        ),
        Column(
            "enacted_by",
            Kind.REFERENCE,
            "Who does it: rows of sheet APs or Communities.",
            "ap-1",
            property=apg.isEnactedBy,
            sheets=_PEOPLE,
            many=True,
        ),
        Column(
            "setting",
            Kind.LIST,
            "Inside the organisation or outside it.",
            "internal",
            property=apg.hasSetting,
            classes=(apg.EnactmentSetting,),
        ),
        _medium(),
        _starts("2022-10"),
        _ends(),
        _evidence(required=True),
        _note(),
    ),
)

_ARCHITECTURES: Final = Sheet(
    "Architectures",
    "Structures that APs work within, on site or online. Further tools of one architecture go on further rows.",
    (
        Role("item", apg.Architecture, "architecture_id", links=((apg.isArchitectureOf, ORGANISATION),)),
        Role("tool", apg.VirtualTool, "row_id", name_from="tool", linked_by=apg.includesTool),
    ),
    (
        _id("architecture_id", "A short name for the architecture.", "arch-1"),
        Column(
            "kind",
            Kind.CLASS,
            "Whether it is part of the organisation or online.",
            "virtual",
            required=True,
            property=_TYPE,
            classes=(apg.OrganisationalArchitecture, apg.VirtualArchitecture),
            shown={apg.OrganisationalArchitecture: "organisational", apg.VirtualArchitecture: "virtual"},
        ),
        Column(
            "form",
            Kind.LIST,
            "What it is built like.",
            "not known",
            required=True,
            property=apg.hasForm,
            classes=(apg.ArchitectureForm,),
            shown={apgx.treeLikeForm: "tree-like"},
            extras={
                "other": ((apg.hasFormAnswer, apgx.answerOther),),
                "not known": ((apg.hasFormAnswer, apgx.answerNotKnown),),
            },
        ),
        Column(
            "governed_by",
            Kind.LIST,
            "The set of priorities that it follows.",
            property=apg.isGovernedBy,
            classes=(apg.PrioritySet,),
            many=True,
        ),
        Column(
            "platforms",
            Kind.NAMED,
            "Online platforms in it, with semicolons between them.",
            "meeting platform",
            property=apg.includesPlatform,
            classes=(apg.VirtualPlatform,),
            many=True,
        ),
        Column(
            "tool",
            Kind.NAME,
            "An online tool in it; one on each row.",
            "shared whiteboard",
            role="tool",
            property=_LABEL,
        ),
        Column(
            "tool_effect",
            Kind.LIST,
            "What the tool does for APs' work.",
            "enabler",
            role="tool",
            property=apg.actsAs,
            classes=(apg.ToolEffect,),
        ),
        _id("row_id", "A short name for the tool, if you want one.", "", required=False, role="tool"),
        _evidence(),
        _note(),
    ),
)

_CONDITIONS: Final = Sheet(
    "Conditions",
    "How the conditions that shape an AP's position work out with you.",
    (Role("item", apg.ConditionObservation, "observation_id"),),
    (
        _id("observation_id", "A short name for the row.", "cond-1"),
        Column(
            "condition",
            Kind.LIST,
            "The condition observed.",
            "communities of practice",
            required=True,
            property=apg.observesCondition,
            classes=(apg.InfluencingCondition,),
            shown={
                apgx.communitiesOfPracticeCondition: "communities of practice",
                apgx.dualitiesCondition: "dualities",
                apgx.organisationalCultureCondition: "organisational culture",
                apgx.virtualArchitecturesCondition: "virtual architectures",
            },
        ),
        Column(
            "direction",
            Kind.LIST,
            "Where it moves the AP or the arrangement.",
            "toward thriving",
            required=True,
            property=apg.leansToward,
            classes=(apg.ContinuumPole,),
            shown={apgx.thriving: "toward thriving", apgx.surviving: "toward surviving"},
            extras={
                "mixed": ((apg.hasLeaningStatus, apgx.leaningMixed),),
                "not known": ((apg.hasLeaningStatus, apgx.leaningNotKnown),),
            },
        ),
        Column(
            "concerns",
            Kind.REFERENCE,
            "Whom or what: a row of sheet APs, Arrangements or Communities.",
            "arr-1",
            required=True,
            property=apg.isObservationOf,
            sheets=("APs", "Arrangements", "Communities"),
        ),
        Column(
            "tension_reported",
            Kind.TEXT,
            "A tension that was spoken of, in words without names.",
            "Ideas are welcome in talk and wait for time in practice.",
            property=apg.tensionReported,
        ),
        _OBSERVED_ON,
        _CONFIDENCE,
        _evidence(required=True),
        _note(),
    ),
)

_POSITION: Final = Sheet(
    "Position",
    "Where an AP or a group leans between surviving and thriving.",
    (
        Role(
            "item",
            apg.PositionObservation,
            "observation_id",
            links=((apg.observesContinuum, apgx.survivingThrivingContinuum),),
        ),
    ),
    (
        _id("observation_id", "A short name for the row.", "pos-1"),
        Column(
            "ap_or_group_id",
            Kind.REFERENCE,
            "Who: a row of sheet APs or Communities.",
            "ap-1",
            required=True,
            property=apg.isObservationOf,
            sheets=_PEOPLE,
        ),
        Column(
            "leans_toward",
            Kind.LIST,
            "Which pole, or undetermined.",
            "thriving",
            required=True,
            property=apg.leansToward,
            classes=(apg.ContinuumPole,),
            extras={"undetermined": ((apg.hasLeaningStatus, apgx.leaningUndetermined),)},
        ),
        Column(
            "instrument",
            Kind.LIST,
            "Only with an extension that declares a scale: which one. The framework has none.",
            property=apg.measuredOn,
            classes=(apg.MeasurementScale,),
        ),
        Column("score", Kind.NUMBER, "Only with an instrument: the number on it.", property=apg.score),
        _OBSERVED_ON,
        _CONFIDENCE,
        _evidence(required=True),
        _note(),
    ),
)

_IMPULSES: Final = Sheet(
    "Impulses and outcomes",
    "What APs set going, and what came of it.",
    (Role("item", apg.Impulse, "impulse_id"),),
    (
        _id("impulse_id", "A short name for the row.", "imp-1"),
        Column(
            "ap_id",
            Kind.REFERENCE,
            "Whose impulse it was: a row of sheet APs.",
            "ap-1",
            required=True,
            property=apg.isImpulseOf,
            sheets=("APs",),
            many=True,
        ),
        Column(
            "description",
            Kind.TEXT,
            "What the impulse was, without names.",
            "Asked why colleagues are sent to coaching on a form.",
            required=True,
            property=apg.impulseDescription,
        ),
        Column(
            "outcome_type",
            Kind.LIST,
            "What came of it; empty while nothing has.",
            "redevelopment of policies",
            property=apg.ledToOutcome,
            classes=(apg.ImpulseOutcomeType,),
            many=True,
        ),
        Column("occurred_on", Kind.DATE, "When it was.", "2022-11", property=apg.occurredOn),
        _evidence(),
        _note(),
    ),
)

_FLOWS: Final = Sheet(
    "Knowledge flows",
    "Research or practice knowledge that moves into the organisation or out of it.",
    (Role("item", apg.KnowledgeFlow, "flow_id"),),
    (
        _id("flow_id", "A short name for the row.", "flow-1"),
        Column(
            "from",
            Kind.REFERENCE,
            "Where it comes from: 'organisation', or a row of sheet Communities or APs.",
            "com-1",
            required=True,
            property=apg.flowsFrom,
            sheets=("Organisation", "Communities", "APs"),
        ),
        Column(
            "to",
            Kind.REFERENCE,
            "Where it goes: 'organisation', or a row of sheet Communities or APs.",
            "organisation",
            required=True,
            property=apg.flowsTo,
            sheets=("Organisation", "Communities", "APs"),
        ),
        Column(
            "direction",
            Kind.LIST,
            "Into the organisation or out of it.",
            "inward",
            required=True,
            property=apg.hasFlowDirection,
            classes=(apg.FlowDirection,),
        ),
        Column(
            "evidence_kind",
            Kind.LIST,
            "Research, practice, or both.",
            "research",
            required=True,
            property=apg.carriesEvidenceKind,
            classes=(apg.EvidenceKind,),
            shown={apgx.researchEvidence: "research", apgx.practiceEvidence: "practice"},
            extras={
                "both": (
                    (apg.carriesEvidenceKind, apgx.researchEvidence),
                    (apg.carriesEvidenceKind, apgx.practiceEvidence),
                )
            },
        ),
        Column(
            "frequency",
            Kind.LIST,
            "How often.",
            "steady",
            property=apg.hasFlowFrequency,
            classes=(apg.FlowFrequency,),
        ),
        _evidence(),
        _note(),
    ),
)

_VALUES: Final = Sheet(
    "Values",
    "Values that a group of APs has agreed on. Further values of one set go on further rows.",
    (
        Role("item", apg.ValueSet, "value_set_id"),
        Role("value", apg.Value, "row_id", name_from="value_label", linked_by=apg.hasMemberValue),
    ),
    (
        _id("value_set_id", "A short name for the set.", "values-1"),
        Column(
            "value_label", Kind.NAME, "The value.", "candour", required=True, role="value", property=_LABEL
        ),
        Column(
            "agreed_by",
            Kind.REFERENCE,
            "Who agreed on it: a row of sheet Communities.",
            "com-1",
            required=True,
            property=apg.agreedBy,
            sheets=_PEOPLE,
            many=True,
        ),
        Column("agreed_on", Kind.DATE, "When it was agreed.", "2023-06-30", property=apg.agreedOn),
        Column(
            "definition",
            Kind.NAME,
            "What the group means by it.",
            "Saying it to the colleague, not about the colleague.",
            role="value",
            property=_DEFINITION,
        ),
        Column(
            "source",
            Kind.TEXT,
            "Where it is written down.",
            "minutes of the AP meeting",
            role="value",
            property=apg.valueSource,
        ),
        _id("row_id", "A short name for the value, if you want one.", "", required=False, role="value"),
        _note(),
    ),
)

_EVIDENCE: Final = Sheet(
    "Evidence",
    "What observations rest on. Name the item, not the people in it.",
    (Role("item", apg.EvidenceItem, "evidence_id"),),
    (
        _id("evidence_id", "A short name for the row.", "ev-01"),
        Column(
            "kind",
            Kind.LIST,
            "What sort of evidence it is.",
            "document",
            required=True,
            property=apg.hasEvidenceItemKind,
            classes=(apg.EvidenceItemKind,),
        ),
        Column(
            "title",
            Kind.TEXT,
            "What it is called.",
            "Policy on advanced practitioners, version 3",
            required=True,
            property=apg.evidenceTitle,
        ),
        Column(
            "source",
            Kind.TEXT,
            "Who or what it comes from.",
            "Riverside College",
            required=True,
            property=apg.evidenceSource,
        ),
        Column("date", Kind.DATE, "When it dates from.", "2024-05", required=True, property=apg.evidenceDate),
        Column(
            "access",
            Kind.LIST,
            "Who may see it.",
            "on request",
            required=True,
            property=apg.hasAccessLevel,
            classes=(apg.AccessLevel,),
        ),
        Column("locator", Kind.TEXT, "Page, section or minute.", "section 2", property=apg.evidenceLocator),
        Column(
            "collected_by", Kind.TEXT, "Role of whoever collected it.", "AP lead", property=apg.collectedBy
        ),
        _note(),
    ),
    first=True,
)

SHEETS: Final = (
    _ORGANISATION_SHEET,
    _ARRANGEMENTS,
    _APS,
    _COMMUNITIES,
    _FEATURES,
    _PRACTICES,
    _ARCHITECTURES,
    _CONDITIONS,
    _POSITION,
    _IMPULSES,
    _FLOWS,
    _VALUES,
    _EVIDENCE,
)
"""The sheets, in the order in which they stand in the workbook."""

FURTHER: Final = Sheet(
    "Further statements",
    "Written by apgraph when data from elsewhere says more than the sheets have columns for. Leave it as it is.",
    (),
    (
        Column("subject", Kind.TEXT, "What the statement is about.", required=True),
        Column("property", Kind.TEXT, "The property.", required=True),
        Column("value", Kind.TEXT, "The value."),
        Column("type", Kind.TEXT, "'item', '@' with a language, or a datatype; text if empty."),
        Column("how", Kind.TEXT, "'also', or 'not' for what the sheets would say and the data does not."),
    ),
)
"""What no column holds, so that nothing is lost on the way through a workbook."""


def sheet_named(name: str) -> Sheet:
    """Return the sheet of that name.

    Raises:
        KeyError: There is none.

    >>> sheet_named("Evidence").key.name
    'evidence_id'
    """
    for sheet in (*SHEETS, FURTHER):
        if sheet.name == name:
            return sheet
    raise KeyError(name)
