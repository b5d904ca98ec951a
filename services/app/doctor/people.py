"""Who can sign in, and what of that is a risk."""

import stat
from pathlib import Path

from config.domain.estate import Portfolio
from config.errors import SignInUnavailable
from config.settings import Settings
from services.app.doctor.answers import Answer, Verdict
from services.app.people import odd
from services.web.signing.oidc import OpenIdConnect
from services.web.signing.users_file import check_users


def listening(chosen: Settings) -> Answer:
    """Whether the board is open to more than was meant."""
    question = "Vem når tavlan?"
    found = odd(chosen)
    if not found:
        return Answer(question, Verdict.GOOD, f"lyssnar på {chosen.web_host}")
    return Answer(question, Verdict.WATCH, " ".join(swedish for swedish, _ in found), "Se docs/security.md, Sign-in.")


def users_file(path: Path, portfolio: Portfolio) -> Answer:
    """Whether the file can be used, and is closed to others."""
    question = "Går användarfilen att använda?"
    users, faults = check_users(path, portfolio)
    if users is None:
        words = "; ".join(fault.sentence("sv") for fault in faults if not fault.warning)
        return Answer(question, Verdict.BAD, words, "Ingen kan logga in förrän filen är rättad.")
    seen = f"{len(users.by_name)} konton, {len(users.by_group)} grupper"
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH):
        return Answer(question, Verdict.WATCH, f"{seen}; andra än ägaren kan läsa eller skriva filen", f"chmod 600 {path}")
    return Answer(question, Verdict.GOOD, seen)


def site_answers(site: OpenIdConnect, issuer: str) -> Answer:
    """Whether the OpenID Connect site describes itself as the settings name it."""
    question = "Svarar inloggningstjänsten?"
    try:
        site.learn()
    except SignInUnavailable as error:
        return Answer(question, Verdict.BAD, str(error), "Kontrollera ENERGIMONITOR_OIDC_ISSUER och att tjänsten nås härifrån.")
    return Answer(question, Verdict.GOOD, issuer)
