"""Sign-in, changes and the guard of the board, put together from the settings."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request

import services.web.changes
import services.web.signing
from config.addresses import LOOPBACK
from config.domain.clock import Clock
from config.loading import Municipality
from config.settings import Settings
from dashboards.facility_managers.intake import DASHBOARD as INTAKE
from services.app.exchange_check import level_check
from services.state.alert_keeping import AlertKeeping
from services.state.deviation_keeping import DeviationKeeping
from services.state.exchange_keeping import ExchangeKeeping
from services.state.state import State
from services.store.timeseries import TimeSeriesStore
from services.web.application import on_this_machine
from services.web.changes.alerts import alert_routes
from services.web.changes.deviations import deviation_routes
from services.web.changes.exchanges import exchange_routes
from services.web.changes.log import log_routes
from services.web.citizens.own_page import ADDRESS, LARGEST_FORM
from services.web.shell import NO_SIGN_IN, Place, SignIn
from services.web.signing.accounts import Accounts
from services.web.signing.addresses import Addresses
from services.web.signing.guard import Guard
from services.web.signing.limits import READING, Rate, RateLimit
from services.web.signing.oidc import OpenIdConnect, Site
from services.web.signing.pages import SIGN_IN, signing_routes
from services.web.signing.passwords import Passwords
from services.web.signing.signed_in import Lasting, SignedIn
from services.web.signing.users_file import load_users
from services.web.visitor import Rights, Visitor

log = logging.getLogger(__name__)

CHANGES = Place("Ändringar", "Changes", "/matarbyten", lambda visitor: visitor.rights is not Rights.PUBLIC)
ALERTS = Place(
    "Larm som gäller", "Alerts that hold", "/larm", lambda visitor: visitor.rights is not Rights.PUBLIC, beside=INTAKE.uid
)
TEMPLATES = tuple(Path(package.__path__[0]) / "templates" for package in (services.web.signing, services.web.changes))


@dataclass(frozen=True, slots=True)
class People:
    """What `create_app` is given, and the guard that is put around its app."""

    visitor: Callable[[Request], Visitor]
    sign_in: SignIn
    routers: tuple[APIRouter, ...]
    templates: tuple[Path, ...]
    places: tuple[Place, ...]
    hosts: tuple[str, ...]
    addresses: Addresses
    board_url: str | None

    def guard(self, app: FastAPI, changing: Rate) -> FastAPI:
        """The app with the guard before it, which lets so many changes of one address through."""
        app.add_middleware(
            Guard,
            addresses=self.addresses,
            reading=RateLimit(READING, time.monotonic),
            changing=RateLimit(changing, time.monotonic),
            board_url=self.board_url,
            bodies={ADDRESS: LARGEST_FORM},
        )
        return app


def people(chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock) -> People:
    """Who may sign in, and what they may change.

    Raises:
        ConfigurationError: the users file or the trusted proxies have faults; told at start, not at the first sign-in.
    """
    addresses = Addresses(tuple(part.strip() for part in chosen.trusted_proxies.split(",") if part.strip()))
    check = level_check(town.portfolio, store)
    keeping, exchanges = DeviationKeeping(state, clock, town.timezone), ExchangeKeeping(state, clock, check)
    routers = [
        deviation_routes(town.portfolio, state, keeping, addresses),
        exchange_routes(town.portfolio, state, exchanges, addresses),
        alert_routes(town.portfolio, state, AlertKeeping(state, clock), town.receivers, addresses),
        log_routes(state.audit),
    ]
    visitor: Callable[[Request], Visitor] = on_this_machine
    if has_sign_in(chosen):
        if chosen.users_file is not None and chosen.users_file.exists():
            load_users(chosen.users_file, town.portfolio)
        elif chosen.users_file is not None:
            log.warning("%s is not there yet: nobody can sign in before `energimonitor users add` makes it", chosen.users_file)
        accounts = Accounts(chosen.users_file, town.portfolio)
        lasting = Lasting(timedelta(minutes=chosen.session_idle_minutes), timedelta(hours=chosen.session_hours))
        secure = (chosen.board_url or "").startswith("https:")
        signed_in = SignedIn(accounts, state, clock, addresses, lasting, always_secure=secure)
        visitor = signed_in.visitor
        site = site_of(chosen, state, clock)
        routers.append(signing_routes(accounts, signed_in, state.sign_in_attempts, Passwords(), addresses, clock, site))
    return People(
        visitor,
        SIGN_IN if has_sign_in(chosen) else NO_SIGN_IN,
        tuple(routers),
        TEMPLATES,
        (CHANGES, ALERTS),
        () if chosen.board_url is None else (urlsplit(chosen.board_url).hostname or "", *sorted(LOOPBACK)),
        addresses,
        chosen.board_url,
    )


def has_sign_in(chosen: Settings) -> bool:
    """Whether somebody can sign in."""
    return chosen.users_file is not None or chosen.oidc_issuer is not None


def odd(chosen: Settings) -> list[tuple[str, str]]:
    """What of these settings is a risk, Swedish and English; for the start and for the doctor."""
    found = []
    if not _is_loopback(chosen.web_host):
        if not has_sign_in(chosen):
            found.append(
                (
                    f"Tavlan lyssnar på {chosen.web_host} utan inloggning: alla som når den ser de öppna sidorna, "
                    "och ingen kan se eller ändra mer. Sätt ENERGIMONITOR_USERS_FILE eller ENERGIMONITOR_OIDC_ISSUER.",
                    f"The board listens on {chosen.web_host} without sign-in: whoever reaches it sees the public pages, "
                    "and nobody can see or change more. Set ENERGIMONITOR_USERS_FILE or ENERGIMONITOR_OIDC_ISSUER.",
                )
            )
        elif not (chosen.board_url or "").startswith("https:"):
            found.append(
                (
                    f"Tavlan lyssnar på {chosen.web_host} med inloggning men utan https: lösenord kan läsas på vägen. "
                    "Sätt en omvänd proxy med TLS framför och ENERGIMONITOR_BOARD_URL till dess https-adress.",
                    f"The board listens on {chosen.web_host} with sign-in and without https: passwords can be read on their way. "
                    "Put a reverse proxy with TLS before it and set ENERGIMONITOR_BOARD_URL to its https address.",
                )
            )
    if (chosen.board_url or "").startswith("https:") and not chosen.trusted_proxies:
        found.append(
            (
                "ENERGIMONITOR_TRUSTED_PROXIES är tom fast tavlan nås över https: alla besökare räknas som proxyns adress.",
                "ENERGIMONITOR_TRUSTED_PROXIES is empty though people call the board by https: all visitors count as the proxy.",
            )
        )
    return found


def site_of(chosen: Settings, state: State, clock: Clock) -> OpenIdConnect | None:
    """The OpenID Connect site of the settings."""
    if chosen.oidc_issuer is None:
        return None
    secret = "" if chosen.oidc_client_secret is None else chosen.oidc_client_secret.get_secret_value()
    site = Site(chosen.oidc_issuer, chosen.oidc_client_id or "", secret, chosen.board_url or "")
    return OpenIdConnect(site, state.sessions, clock)


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
