"""The script that draws: Vega, Vega-Lite and vega-embed in one file, out of the installed package. Nothing from another host.

It is made in a process of its own: that takes four seconds and 130 MB, which the service then need not keep. Its address holds
the versions that it is made of, so a browser may keep it for good.
"""

import subprocess
import sys
import threading
from gzip import compress, decompress
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

import vl_convert
from fastapi import APIRouter, Request, Response

NAME = f"vega-{vl_convert.get_vega_version()}-{version('vl-convert-python')}.js"
ADDRESS = f"/skript/{NAME}"
FOR_GOOD = "public, max-age=31536000, immutable"
MAKING = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
LONGEST_S = 120


class Script:
    """Made when first asked for, then remembered; in `folder` for the next start too, where there is one. Any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._packed = b""

    def get_ready(self) -> None:
        """Makes it, where it is not kept, while nobody waits yet."""
        threading.Thread(target=self.packed, daemon=True, name="drawing script").start()

    def packed(self) -> bytes:
        """As gzip."""
        with self._lock:
            if not self._packed:
                self._packed = self._kept() or self._made()
            return self._packed

    def _kept(self) -> bytes:
        file = self._folder / f"{NAME}.gz" if self._folder else None
        return file.read_bytes() if file and file.exists() else b""

    def _made(self) -> bytes:
        made = subprocess.run([sys.executable, "-c", MAKING], capture_output=True, check=True, timeout=LONGEST_S).stdout
        packed = compress(made, mtime=0)
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(packed)
            Path(file.name).replace(self._folder / f"{NAME}.gz")  # whole, or not there
        return packed


def script_routes(script: Script) -> APIRouter:
    """The script at its address."""
    router = APIRouter()

    @router.get(ADDRESS)
    def serve(request: Request) -> Response:
        headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
        packed = script.packed()
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
        return Response(decompress(packed), media_type="text/javascript", headers=headers)

    return router
