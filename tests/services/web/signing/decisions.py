"""Who may open what, for every route of the board. A route without a decision fails the test: decide, and write it here.

`{what}` in a route is filled with each example. `hidden` is of the rink (not public, owned by the energy company), `open` of the
school (public, owned by the school committee).
"""

from dataclasses import dataclass, field

from tests.services.web.reports.shelf import COMMITTEES, DOUBTFUL, RINKS, RINKS_SHEET, SCHOOLS_SHEET, TREND

EVERYBODY = frozenset({"", "laila", "rasmus", "olle", "mia", "adam"})
SIGNED_IN = EVERYBODY - {""}
SEE_THE_RINK = frozenset({"laila", "rasmus", "mia", "adam"})  # olle looks after the school
SEE_THE_SCHOOL = frozenset({"laila", "olle", "mia", "adam"})  # all of it; rasmus sees of it what anybody does
SEE_THE_ESTATE = frozenset({"laila", "mia", "adam"})
KEEP_THE_RINK = frozenset({"rasmus", "mia", "adam"})
DECIDE_ON_THE_RINK = frozenset({"rasmus", "adam"})
ADMINISTRATOR = frozenset({"adam"})


@dataclass(frozen=True, slots=True)
class Decision:
    """Examples of a route's address → who gets 200; everybody else is told no more than of an address that does not exist.

    Attributes:
        sees: of a change: who sees what would be changed, and is told (403) that they may not.
        fields: of a change: a form that could be taken, besides its token.
    """

    examples: dict[str, frozenset[str]]
    sees: frozenset[str] = frozenset()
    fields: dict[str, str] = field(default_factory=dict)


def change(path: str, who: frozenset[str], **fields: str) -> Decision:
    return Decision({path: who}, SEE_THE_RINK, fields)


DECISIONS: dict[str, Decision] = {
    "GET /": Decision({"/": EVERYBODY}),
    "GET /api/buildings": Decision({"/api/buildings": EVERYBODY}),
    "GET /byggnad/{building}": Decision({"/byggnad/ishallen": SEE_THE_RINK, "/byggnad/soltorgets-skola": SEE_THE_SCHOOL}),
    "GET /byggnad/{building}/{dashboard}": Decision(
        {
            "/byggnad/ishallen/byggnaden-just-nu": SEE_THE_RINK,
            "/byggnad/soltorgets-skola/byggnaden-just-nu": SEE_THE_SCHOOL,
            "/byggnad/finns-inte/byggnaden-just-nu": frozenset(),
        }
    ),
    "GET /tavla/{dashboard}": Decision(
        {
            "/tavla/morgonsidan": SIGNED_IN,
            "/tavla/manaden": SEE_THE_ESTATE,
            "/tavla/styrelsen": SEE_THE_ESTATE,
            "/tavla/oppna-siffror": EVERYBODY,
        }
    ),
    "GET /paneler/{dashboard}": Decision({"/paneler/manaden": SEE_THE_ESTATE, "/paneler/oppna-siffror": EVERYBODY}),
    "GET /paneler/{dashboard}/{building}": Decision(
        {"/paneler/byggnaden-just-nu/ishallen": SEE_THE_RINK, "/paneler/byggnaden-just-nu/soltorgets-skola": SEE_THE_SCHOOL}
    ),
    "GET /api/panels/{dashboard}": Decision({"/api/panels/manaden": SEE_THE_ESTATE, "/api/panels/oppna-siffror": EVERYBODY}),
    "GET /api/panels/{dashboard}/{building}": Decision({"/api/panels/byggnaden-just-nu/ishallen": SEE_THE_RINK}),
    "GET /csv/{dashboard}/{panel}": Decision({"/csv/byggnaden-just-nu/power?byggnad=ishallen": SEE_THE_RINK}),
    "GET /siffror": Decision({"/siffror": EVERYBODY}),  # each is told of what they may ask for
    "GET /siffror/{subject:path}": Decision(
        {
            "/siffror/building:ishallen": SEE_THE_RINK,
            "/siffror/building:soltorgets-skola": EVERYBODY,
            "/siffror/portfolio:portfolio": SEE_THE_ESTATE,
            "/siffror/point:rink-el": SEE_THE_RINK,
            "/siffror/point:735999000000000011": EVERYBODY,
            "/siffror/point:735999000000000059": SEE_THE_SCHOOL,  # its kitchen is not open
        }
    ),
    "GET /siffra/{name:path}": Decision({"/siffra/energy:electricity/building:ishallen/1999-01": frozenset()}),
    "GET /mal/{goal}": Decision(
        {"/mal/solel-2030": SEE_THE_ESTATE, "/mal/energi-2030": SEE_THE_ESTATE, "/mal/finns-inte": frozenset()}
    ),
    "GET /mal/{goal}/csv/{panel}": Decision({"/mal/solel-2030/csv/varden": SEE_THE_ESTATE}),
    "GET /healthz": Decision({"/healthz": EVERYBODY}),
    "GET /readyz": Decision({"/readyz": EVERYBODY}),
    "GET /avvikelse/{number}": Decision(
        {"/avvikelse/1": SEE_THE_RINK, "/avvikelse/2": SEE_THE_SCHOOL, "/avvikelse/77": frozenset()}
    ),
    "GET /atgarder": Decision({"/atgarder": SIGNED_IN}),
    "GET /matarbyten": Decision({"/matarbyten": SIGNED_IN}),
    "GET /matarbyte/{number}": Decision({"/matarbyte/1": SEE_THE_RINK, "/matarbyte/2": SEE_THE_SCHOOL}),
    "GET /larm": Decision({"/larm": SIGNED_IN}),
    "GET /larm/{number}": Decision({"/larm/1": SEE_THE_RINK, "/larm/2": SEE_THE_ESTATE, "/larm/77": frozenset()}),
    "GET /logg": Decision({"/logg": ADMINISTRATOR, "/logg?fore=1": ADMINISTRATOR}),
    "GET /logg.csv": Decision({"/logg.csv": ADMINISTRATOR}),
    "GET /logga-in": Decision({"/logga-in": frozenset({""})}),
    "GET /logga-in/extern": Decision({"/logga-in/extern": frozenset()}),
    "GET /logga-in/svar": Decision({"/logga-in/svar?state=x&code=y": frozenset()}),
    "POST /avvikelse/{number}/kvittera": change("/avvikelse/1/kvittera", KEEP_THE_RINK, text="Tittar"),
    "POST /avvikelse/{number}/tysta": change("/avvikelse/1/tysta", KEEP_THE_RINK, reason="Ombyggnad", until="2027-01-01"),
    "POST /avvikelse/{number}/atgard": change("/avvikelse/1/atgard", KEEP_THE_RINK, action="Ändrade", day="2026-11-24"),
    "POST /avvikelse/{number}/stang": change("/avvikelse/1/stang", KEEP_THE_RINK, closing="Klar"),
    "POST /matarbyte/{number}/bekrafta": change("/matarbyte/1/bekrafta", DECIDE_ON_THE_RINK, note="Arbetsorder 7"),
    "POST /matarbyte/{number}/avvisa": change("/matarbyte/1/avvisa", DECIDE_ON_THE_RINK, reason="Nej"),
    "POST /matarbyte/{number}/aterta": change("/matarbyte/1/aterta", DECIDE_ON_THE_RINK, why="Fel"),
    "POST /larm/{number}/kvittera": change("/larm/1/kvittera", KEEP_THE_RINK, note="Ringer"),
    "GET /rapporter": Decision({"/rapporter": EVERYBODY, "/rapporter?q=ishallen&slag=monthly&om=building:ishallen": EVERYBODY}),
    "GET /rapporter/{number}": Decision(
        {
            f"/rapporter/{RINKS}": SEE_THE_RINK,
            f"/rapporter/{RINKS_SHEET}": SEE_THE_RINK,  # the rink is not open, so neither is its sheet
            f"/rapporter/{SCHOOLS_SHEET}": EVERYBODY,
            f"/rapporter/{TREND}": SEE_THE_ESTATE,
            f"/rapporter/{COMMITTEES}": SEE_THE_SCHOOL,
            "/rapporter/ER-2026-0099": frozenset(),
        }
    ),
    "GET /rapporter/{number}/{edition}": Decision(
        {
            f"/rapporter/{RINKS}/1": SEE_THE_RINK,
            f"/rapporter/{SCHOOLS_SHEET}/1": EVERYBODY,
            f"/rapporter/{RINKS}/2": frozenset(),
            f"/rapporter/{RINKS}/x": frozenset(),
        }
    ),
    "GET /rapporter/{number}/{edition}/{file}": Decision(
        {
            f"/rapporter/{RINKS}/1/sv.pdf": SEE_THE_RINK,
            f"/rapporter/{SCHOOLS_SHEET}/1/en.csv": EVERYBODY,
            f"/rapporter/{TREND}/1/sv.html": SEE_THE_ESTATE,
            f"/rapporter/{SCHOOLS_SHEET}/1/.json": frozenset(),  # the report's own value is ours to read
            f"/rapporter/{SCHOOLS_SHEET}/1/sv.xlsx": frozenset(),
        }
    ),
    "GET /rapporter/{number}/nu": Decision(
        {f"/rapporter/{RINKS}/nu": SEE_THE_RINK, f"/rapporter/{SCHOOLS_SHEET}/nu": SEE_THE_SCHOOL}
    ),
    "GET /rapporter/{number}/skillnad": Decision(
        {f"/rapporter/{RINKS}/skillnad": SEE_THE_RINK, f"/rapporter/{SCHOOLS_SHEET}/skillnad": SEE_THE_SCHOOL}
    ),
    "GET /rapporter/{number}/ny-utgava": Decision({f"/rapporter/{RINKS}/ny-utgava": frozenset({"mia", "adam"})}),
    "POST /rapporter/{number}/ny-utgava": Decision({}),  # tests of its own: what is published depends on what was looked at
    "POST /rapporter/{number}/brev/{mail}/igen": Decision(
        {f"/rapporter/{RINKS}/brev/{DOUBTFUL}/igen": ADMINISTRATOR}, frozenset({"mia"}), {"again": "1"}
    ),
    "POST /rapporter/{number}/brev/{mail}/framme": Decision(
        {f"/rapporter/{RINKS}/brev/{DOUBTFUL}/framme": ADMINISTRATOR}, frozenset({"mia"}), {"arrived": "1"}
    ),
    "POST /logga-in": Decision({}),  # tests of its own: test_sign_in.py
    "POST /logga-ut": Decision({}),  # likewise; whoever is signed in may sign out
}
# Open data are the same whoever asks: nothing there knows who does.
for _path in ("buildings", "series", "indicators", "comparison", "goals", "goals/lines", "degree-days", "openapi.json", "dcat"):
    DECISIONS[f"GET /api/v1/{_path}"] = Decision({f"/api/v1/{_path}": EVERYBODY})
DECISIONS |= {
    "GET /oppna-data": Decision({"/oppna-data": EVERYBODY}),
    "GET /oppet": Decision({"/oppet": EVERYBODY}),
    "GET /oppet/rad": Decision({"/oppet/rad": EVERYBODY}),
    "GET /oppet/byggnad/{identifier}": Decision(
        {"/oppet/byggnad/soltorgets-skola": EVERYBODY, "/oppet/byggnad/ishallen": frozenset()}
    ),
    "GET /jamfor": Decision({"/jamfor": EVERYBODY}),
    "POST /jamfor": Decision({}),  # compares what it is sent and forgets it
    "GET /api/v1/series/{building}/{carrier}": Decision({"/api/v1/series/ishallen/electricity": frozenset()}),
    "GET /api/v1/values": Decision({"/api/v1/values?indicator=energy": EVERYBODY}),
    "GET /api/v1/{rest:path}": Decision({"/api/v1/finns-inte": frozenset()}),
}
REFUSED = frozenset(f"{method} /api/v1/{{rest:path}}" for method in ("POST", "PUT", "PATCH", "DELETE"))  # with 405, whoever asks
CHANGES_NOTHING = frozenset({"POST /jamfor"})
TWINS = ("HEAD ", "OPTIONS ")  # of a GET, by the same function
STATIC = ("/static", "/skript/")  # nothing of anybody's
