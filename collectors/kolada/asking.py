"""One question to Kolada over HTTP: patient with passing trouble, and strict about what an answer is."""

import json
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from config.errors import ConfigurationError, KoladaError, KoladaUnavailable

AGENT = f"energimonitor/{version('energimonitor')} (municipal energy monitoring)"
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
LARGEST = 20_000_000  # bytes, unpacked; a figure's years of one municipality are a thousandth of it


class KoladaClient:
    """Asks below one address. Questions are few, one after another.

    Args:
        url: with the version, "https://api.kolada.se/v3".
        pause_s: before the first repetition; doubled for each that follows.
    Raises:
        ConfigurationError: `url` is no http address.
    """

    def __init__(self, url: str, timeout_s: float = 30.0, attempts: int = 4, pause_s: float = 1.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(f"ENERGIMONITOR_KOLADA_URL: {url!r} is no address; write https://api.kolada.se/v3")
        self.url = url.rstrip("/")
        self._host = (parts.scheme, parts.netloc)
        self._retry = urllib3.Retry(
            total=attempts - 1, backoff_factor=pause_s, status_forcelist=PASSING, raise_on_status=False, redirect=False,
            # A person waits for the command: who asks to be left alone for an hour is asked again by that person.
            respect_retry_after_header=False, allowed_methods={"GET"},
        )  # fmt: skip
        self._timeout = urllib3.Timeout(connect=timeout_s, read=timeout_s)
        self._pool = _pool(parts.scheme, parts.hostname)

    def ask(self, path: str) -> dict[str, Any]:
        """The JSON object at `path` below the address, or at a whole address of the same server (a next page).

        Raises:
            KoladaUnavailable: no answer, or trouble that passes.
            KoladaError: any other refusal; an answer that is no JSON object; another server.
        """
        url = path if "://" in path else f"{self.url}/{path}"
        if urlsplit(url)[:2] != self._host:
            raise KoladaError(
                f"{url}: leads to another server; is ENERGIMONITOR_KOLADA_URL right?",
                f"{url}: leder till en annan server; stämmer ENERGIMONITOR_KOLADA_URL?",
            )
        try:
            answer = self._pool.request(
                "GET", url, headers={"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
                timeout=self._timeout, retries=self._retry, preload_content=False,
            )  # fmt: skip
            try:
                content = answer.read(LARGEST + 1, decode_content=True)
            finally:
                answer.release_conn()
        except urllib3.exceptions.SSLError as error:
            raise KoladaError(
                f"{url}: no safe connection ({error}); see that the machine trusts the issuer",
                f"{url}: ingen säker anslutning ({error}); se till att utfärdaren är betrodd",
            ) from error
        except urllib3.exceptions.HTTPError as error:
            words = " ".join(str(error).split())[:200]
            raise KoladaUnavailable(
                f"{url}: no answer ({words}); ask again later", f"{url}: inget svar ({words}); fråga igen senare"
            ) from error
        return _object(url, answer.status, content)


def _object(url: str, status: int, content: bytes) -> dict[str, Any]:
    if status in PASSING:
        raise KoladaUnavailable(
            f"{url}: status {status}; ask again later, what is entered stays",
            f"{url}: status {status}; fråga igen senare, det som är infört finns kvar",
        )
    if status == 404:
        raise KoladaError(
            f"{url}: not there (404); look the figure up at kolada.se and correct kolada in goals.yaml",
            f"{url}: finns inte (404); slå upp nyckeltalet på kolada.se och rätta kolada i goals.yaml",
        )
    if status != 200:
        raise KoladaError(
            f"{url}: status {status}; is ENERGIMONITOR_KOLADA_URL Kolada's own address?",
            f"{url}: status {status}; är ENERGIMONITOR_KOLADA_URL Koladas egen adress?",
        )
    if len(content) > LARGEST:
        raise KoladaError(
            f"{url}: larger than {LARGEST} bytes; is it Kolada's own address?",
            f"{url}: större än {LARGEST} byte; är det Koladas egen adress?",
        )
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        begins = content[:80].decode("utf-8", errors="replace")
        raise KoladaError(
            f"{url}: no JSON but {begins!r}; is a proxy or a log-in page in between?",
            f"{url}: ingen JSON utan {begins!r}; är en proxy eller en inloggningssida emellan?",
        ) from error
    if not isinstance(answer, dict):
        raise KoladaError(
            f"{url}: no object of Kolada's; is the address of version 3?",
            f"{url}: inget objekt från Kolada; gäller adressen version 3?",
        )
    return answer


def _pool(scheme: str, host: str) -> urllib3.PoolManager:
    """Through the machine's proxy where the environment names one."""
    proxy = getproxies().get(scheme, "")
    return urllib3.ProxyManager(proxy) if proxy and not proxy_bypass(host) else urllib3.PoolManager()
