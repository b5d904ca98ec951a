"""What there is, for Sveriges dataportal and other harvesters: DCAT-AP-SE 3.0.1.

Mandatory there, and given here: of the catalogue dcterms:title, dcterms:description, dcterms:publisher, dcterms:license and
dcat:dataset; of a dataset dcterms:title, dcterms:description and dcterms:publisher; of a distribution dcat:accessURL; of a data
service dcterms:title and dcat:endpointURL; of the publisher foaf:name; of a contact point vcard:fn and vcard:hasEmail.
Recommended, and given too: contact point, distribution, theme, keyword, identifier, frequency, spatial and temporal coverage,
download address, format, licence, availability, documentation.

Left out: codes of the municipality in the national register of places; the place is named in words.

Source: https://docs.dataportal.se/dcat/3.0.1/en/ (Digg, 25 November 2024); tables of values: the EU's, at `_EU`.
"""

from datetime import datetime
from urllib.parse import quote

from config.domain.periods import local_date
from services.web.opendata.endpoints import ENDPOINTS, ROOT, Endpoint
from services.web.opendata.ports import OpenData
from services.web.opendata.rdf import Described, Nested, Thing, Value, Words
from services.web.opendata.table import CC0, Table

_EU = "http://publications.europa.eu/resource/authority"
_FORMATS = (
    ("json", "JSON", "application/json"),
    ("csv", "CSV", "text/csv"),
    ("parquet", "PARQUET", "application/vnd.apache.parquet"),
)
_KEYWORDS = (("energi", "energy"), ("byggnader", "buildings"), ("klimat", "climate"))
_GOVERNMENT = "http://purl.org/adms/publishertype/LocalAuthority"

Says = list[tuple[str, Value]]


def catalogue(data: OpenData, base: str) -> list[Described]:
    """The catalogue, its datasets with their distributions, and the API as a service.

    Args:
        base: address that the board is called by, without a slash at its end.
    """
    publisher, service = Thing(f"{base}/oppna-data#utgivare"), f"{base}{ROOT}"
    endpoints = {endpoint.table.id: endpoint for endpoint in ENDPOINTS}
    datasets = [_dataset(data, base, endpoint, publisher) for endpoint in endpoints.values()]
    distributions = [each for endpoint in endpoints.values() for each in _distributions(base, endpoint)]
    town = data.portfolio.municipality
    whole: Says = [
        *_both("dcterms:title", f"Öppna energidata, {town}", f"Open energy data, {town}"),
        *_both(
            "dcterms:description",
            "Energi, nyckeltal och mål för kommunens öppna byggnader.",
            "Energy, indicators and goals of the municipality's public buildings.",
        ),
        ("dcterms:publisher", publisher),
        ("dcterms:license", Thing(CC0.address)),
        ("dcterms:language", Thing(f"{_EU}/language/SWE")),
        ("dcterms:language", Thing(f"{_EU}/language/ENG")),
        ("foaf:homepage", Thing(f"{base}/oppna-data")),
        *(("dcat:dataset", Thing(each.address)) for each in datasets),
        ("dcat:service", Thing(service)),
    ]
    return [
        Described(f"{base}{ROOT}/dcat", "dcat:Catalog", whole),
        Described(
            publisher.address, "foaf:Agent", [("foaf:name", Words(data.publisher.name)), ("dcterms:type", Thing(_GOVERNMENT))]
        ),
        *datasets,
        *distributions,
        Described(service, "dcat:DataService", _service(data, base, publisher, [each.address for each in datasets])),
    ]


def _dataset(data: OpenData, base: str, endpoint: Endpoint, publisher: Thing) -> Described:
    table = endpoint.table
    address = _address(base, table)
    says: Says = [
        *_both("dcterms:title", table.title_sv, table.title_en),
        *_both("dcterms:description", table.description_sv, table.description_en),
        ("dcterms:publisher", publisher),
        ("dcterms:identifier", Words(address)),
        ("dcat:contactPoint", _contact(data, base)),
        ("dcat:theme", Thing(f"{_EU}/data-theme/ENER")),
        ("dcat:theme", Thing(f"{_EU}/data-theme/ENVI")),
        *(pair for swedish, english in _KEYWORDS for pair in _both("dcat:keyword", swedish, english)),
        ("dcterms:accrualPeriodicity", Thing(f"{_EU}/frequency/{table.pace}")),
        ("dcterms:accessRights", Thing(f"{_EU}/access-right/PUBLIC")),
        ("dcterms:spatial", Nested("dcterms:Location", (("dcterms:identifier", Words(data.portfolio.municipality)),))),
        *_temporal(data),
        ("dcterms:language", Thing(f"{_EU}/language/SWE")),
        ("foaf:page", Thing(f"{base}/oppna-data#{table.id}")),
        *(("dcat:distribution", Thing(_distribution(base, table, name))) for name, _, _ in _FORMATS),
    ]
    return Described(address, "dcat:Dataset", says)


def _distributions(base: str, endpoint: Endpoint) -> list[Described]:
    """One a format; those whose address has a choice in it cannot be downloaded by one address, and say where the way is told."""
    table = endpoint.table
    direct = "{" not in endpoint.path and not any(parameter.required for parameter in endpoint.parameters)
    found = []
    for name, label, media in _FORMATS:
        access = f"{base}{ROOT}{endpoint.path}?format={name}" if direct else f"{base}/oppna-data#{table.id}"
        says: Says = [
            *_both("dcterms:title", f"{table.title_sv} som {label}", f"{table.title_en} as {label}"),
            ("dcat:accessURL", Thing(access)),
            *([("dcat:downloadURL", Thing(access))] if direct else []),
            ("dcterms:format", Words(media)),
            ("dcat:mediaType", Thing(f"https://www.iana.org/assignments/media-types/{media}")),
            ("dcterms:license", Thing(table.licence.address)),
            ("dcat:accessService", Thing(f"{base}{ROOT}")),
        ]
        found.append(Described(_distribution(base, table, name), "dcat:Distribution", says))
    return found


def _service(data: OpenData, base: str, publisher: Thing, datasets: list[str]) -> Says:
    return [
        *_both("dcterms:title", "API för öppna energidata", "API of open energy data"),
        ("dcterms:publisher", publisher),
        ("dcat:endpointURL", Thing(f"{base}{ROOT}")),
        ("dcat:endpointDescription", Thing(f"{base}{ROOT}/openapi.json")),
        ("dcat:contactPoint", _contact(data, base)),
        ("dcterms:license", Thing(CC0.address)),
        ("dcterms:accessRights", Thing(f"{_EU}/access-right/PUBLIC")),
        ("foaf:page", Thing(f"{base}/oppna-data")),
        *(("dcat:servesDataset", Thing(each)) for each in datasets),
    ]


def _contact(data: OpenData, base: str) -> Nested:
    email = data.publisher.contact
    reached = (
        ("vcard:hasEmail", Thing(f"mailto:{quote(email, safe='@.+-_')}"))
        if email
        else ("vcard:hasURL", Thing(f"{base}/oppna-data"))
    )
    return Nested("vcard:Organization", (("vcard:fn", Words(data.publisher.name)), reached))


def _temporal(data: OpenData) -> Says:
    """From the first meter that is open; without an end, since it goes on."""
    starts: list[datetime] = [each.start for each in data.portfolio.installations if data.portfolio.points[each.point].public]
    if not starts:
        return []
    first = Words(local_date(min(starts), data.zone).isoformat(), kind="xsd:date")
    return [("dcterms:temporal", Nested("dcterms:PeriodOfTime", (("dcat:startDate", first),)))]


def _address(base: str, table: Table) -> str:
    return f"{base}{ROOT}/dcat#{table.id}"


def _distribution(base: str, table: Table, name: str) -> str:
    return f"{_address(base, table)}-{name}"


def _both(name: str, swedish: str, english: str) -> Says:
    return [(name, Words(swedish, "sv")), (name, Words(english, "en"))]
