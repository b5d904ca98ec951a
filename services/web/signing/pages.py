"""The pages of signing in and out."""

import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from config.domain.clock import Clock
from config.errors import SignInError, SignInUnavailable
from services.reports.wording import Language, language_suffix, pick
from services.state.sessions import Patience, SignInAttemptsTable
from services.web.shell import SignIn, asked_language, in_language, language_of, shell_of
from services.web.signing.accounts import Accounts
from services.web.signing.addresses import Addresses, counted_as
from services.web.signing.forms import Form, form_of, read_form, stale
from services.web.signing.oidc import WAY_BACK, OpenIdConnect
from services.web.signing.passwords import Passwords
from services.web.signing.signed_in import SignedIn, form_token, new_browser
from services.web.visitor import NOBODY, visitor_of

SIGN_IN = SignIn("/logga-in", "/logga-ut")
ELSEWHERE = "/logga-in/extern"
LONGEST_TARGET = 512
# One who knows a name may slow down its owner at their own address only after many tries from many places: account and address
# together wait first, an address (an office behind one) later, the account from wherever last.
BOTH, ONE_ADDRESS, ONE_ACCOUNT = Patience(free=5), Patience(free=20), Patience(free=50)


def signing_routes(
    accounts: Accounts,
    signed_in: SignedIn,
    attempts: SignInAttemptsTable,
    passwords: Passwords,
    addresses: Addresses,
    clock: Clock,
    site: OpenIdConnect | None = None,
    *,
    with_passwords: bool = True,
) -> APIRouter:
    """
    Args:
        site: where people may sign in besides; None: nowhere.
        with_passwords: whether there are accounts of our own.
    """
    router = APIRouter()

    def page(request: Request, target: str, fault: str = "", status: int = 200) -> HTMLResponse:
        browser = signed_in.browser(request) or new_browser()
        language, asked = language_of(request), asked_language(request)
        made = shell_of(request).page(
            request,
            "sign_in.html",
            status,
            title=pick(language, "Logga in", "Sign in"),
            own_address=f"{SIGN_IN.address}?{urlencode({'next': target})}",
            token=form_token(browser),
            target=target,
            fault=fault,
            with_passwords=with_passwords,
            elsewhere=f"{ELSEWHERE}?{urlencode({'next': target} | ({'lang': asked} if asked else {}))}" if site else "",
        )
        signed_in.mark_browser(request, made, browser)
        return made

    @router.get(SIGN_IN.address)
    def ask(request: Request) -> Response:
        target = safe_target(request.query_params.get("next", ""))
        if visitor_of(request).name:
            return RedirectResponse(target, 303)
        return page(request, target)

    @router.post(SIGN_IN.address)
    def take(request: Request, form: Form = Depends(read_form)) -> Response:  # noqa: B008 - FastAPI's way
        language, target = language_of(request), safe_target(form.raw("next"))
        browser = signed_in.browser(request)
        if not browser or not hmac.compare_digest(form_token(browser).encode(), form.raw("token").encode()):
            return page(request, target, stale(request), 403)
        if not with_passwords:
            raise HTTPException(404)
        name, address = form.text("name")[:100], counted_as(addresses.of(request))
        known = name.casefold()
        keys = {f"both:{known} {address}": BOTH, f"address:{address}": ONE_ADDRESS, f"account:{known}": ONE_ACCOUNT}
        wait = attempts.attempt(keys, clock.now())
        if wait:
            seconds = max(1, round(wait.total_seconds()))
            made = page(request, target, _wait(language, seconds), 429)
            made.headers["Retry-After"] = str(seconds)
            return made
        user = accounts.user(name)
        right = passwords.is_right(user.password if user else None, form.raw("password"))
        if user is None or not right:
            signed_in.refuse(request, f"user:{known}" if user else "unknown account", "name or password")
            wrong = pick(language, "Fel namn eller lösenord.", "Wrong name or password.")
            return page(request, target, wrong, 403)
        attempts.succeeded([f"both:{known} {address}", f"account:{known}"])
        account = accounts.of_user(user)
        answer = RedirectResponse(_spoken(target, asked_language(request), account.language), 303)
        signed_in.begin(request, answer, account, {})
        return answer

    @router.get(ELSEWHERE)
    def send(request: Request) -> Response:
        if site is None:
            raise HTTPException(404)
        target = safe_target(request.query_params.get("next", ""))
        browser = signed_in.browser(request) or new_browser()
        try:
            asked = asked_language(request)
            answer: Response = RedirectResponse(site.begin(browser, in_language(target, asked) if asked else target), 303)
        except SignInUnavailable as error:
            signed_in.refuse(request, "oidc", str(error))
            return page(request, target, _unavailable(request), 503)
        signed_in.mark_browser(request, answer, browser)
        return answer

    @router.get(WAY_BACK)
    def come_back(request: Request) -> Response:
        if site is None:
            raise HTTPException(404)
        try:
            claims, target = site.finish(signed_in.browser(request), dict(request.query_params))
        except SignInUnavailable as error:
            signed_in.refuse(request, "oidc", str(error))
            return page(request, "/", _unavailable(request), 503)
        except SignInError as error:
            signed_in.refuse(request, "oidc", str(error))
            words = pick(
                language_of(request),
                "Inloggningen gick inte att kontrollera. Försök igen.",
                "The sign-in does not hold. Try again.",
            )
            return page(request, "/", words, 403)
        account = accounts.of_claims(claims)
        if account is None:
            signed_in.refuse(request, f"oidc:{claims['subject']}", "none of their groups is in the users file")
            words = pick(
                language_of(request),
                "Du är inloggad hos din organisation men har ingen behörighet här. Be administratören lägga till din grupp.",
                "You are signed in with your organisation but have no rights here. Ask for your group to be added.",
            )
            return page(request, "/", words, 403)
        answer = RedirectResponse(safe_target(target), 303)
        signed_in.begin(request, answer, account, claims)
        return answer

    @router.post(SIGN_IN.leaving, dependencies=[Depends(form_of)])
    def leave(request: Request) -> Response:
        # who has signed out is nobody, whose own language is another one perhaps
        answer = RedirectResponse(f"/{language_suffix(language_of(request), NOBODY.language)}", 303)
        signed_in.end(request, answer, visitor_of(request))
        return answer

    return router


def safe_target(written: str) -> str:
    """A path on the board, as the `next` of an address may name it; "/" where it is anything else, or signing in itself.

    Browsers read ``//host``, ``/\\host`` and ``/<tab>/host`` as another host.
    """
    plain = 0 < len(written) <= LONGEST_TARGET and written.isprintable() and "\\" not in written and " " not in written
    if not plain or not written.startswith("/") or written.startswith("//"):
        return "/"
    found = urlsplit(written)
    own = (SIGN_IN.address, SIGN_IN.leaving)
    inside = not found.scheme and not found.netloc and not found.path.startswith(own) and "//" not in found.path
    return written if inside else "/"


def _spoken(target: str, asked: Language | None, own: Language) -> str:
    """The target, saying the language that was asked for while signing in, where it says none and the account's is another."""
    said = "lang" in dict(parse_qsl(urlsplit(target).query))
    return in_language(target, asked) if asked and asked != own and not said else target


def _wait(language: str, seconds: int) -> str:
    swedish = f"För många försök. Vänta {seconds} s och försök igen."
    english = f"Too many attempts. Wait {seconds} s and try again."
    return swedish if language == "sv" else english


def _unavailable(request: Request) -> str:
    return pick(
        language_of(request),
        "Inloggningstjänsten svarar inte. Försök igen om en stund.",
        "The sign-in service does not answer. Try again in a while.",
    )
