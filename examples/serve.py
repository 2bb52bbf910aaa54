"""Serve a model that `staticrun registry pull` brought, and say which bytes it is.

For the linear models of this folder's `release.py`: weights.npz with `coef` and `intercept`, one
row of `coef` for each class, or a single one for a number. It answers on this machine alone:

    staticrun registry pull digits@production --out served/digits --json > served/digits.json
    python examples/serve.py served/digits --told served/digits.json --port 8000

    curl 127.0.0.1:8000/model
    curl 127.0.0.1:8000/predict --data '{"inputs": [[0, 0.5, 1]]}'

The bytes are read once, digested, compared with what was told, and only then loaded: what answers
is what was digested. SIGHUP reads anew what is told and the folder; where the two do not fit, the
model that is loaded goes on. With --tree in the place of --told, no other bytes are ever served.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

BODY_BYTES_MAX = 1_000_000
MODEL_BYTES_MAX = 1_000_000_000
# What numpy raises on bytes that are no arrays, or others.
NOT_WEIGHTS = (KeyError, ValueError, TypeError, AttributeError, OSError, EOFError, BadZipFile)


class RefusedError(Exception):
    """What was asked for cannot be: of a request, or of the bytes of a model."""


def read(folder):
    """Read all files of a folder: path below it → bytes. Links are not followed."""
    found, size = {}, 0
    for above, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(above, name)
            if path.is_symlink() or (name in names and not path.is_file()):
                raise RefusedError(f"{path} is no regular file")
        for name in names:
            path = Path(above, name)
            size += path.stat().st_size
            if size > MODEL_BYTES_MAX:
                raise RefusedError(f"{folder} holds more than {MODEL_BYTES_MAX:,} bytes")
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    if not found:
        raise RefusedError(f"{folder} holds no file")
    return found


def tree_digest(files):
    """Digest files as the registry does: sha256 over `SHA256  PATH` lines, ordered by PATH."""
    ordered = sorted(files.items(), key=lambda item: item[0].encode())
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in ordered]
    return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"


class Model:
    """A model in memory.

    Args:
        folder: Its files.
        told: What they have to be: at least `tree`; `model`, `stage` and `version` are passed on.

    Raises:
        RefusedError: When the files are others, or no linear model.
    """

    def __init__(self, folder, told):
        files = read(folder)
        tree = tree_digest(files)
        if tree != told["tree"]:
            raise RefusedError(f"{folder} is {tree}, and not {told['tree']}")
        try:
            with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as arrays:
                self._coef = np.atleast_2d(arrays["coef"].astype(float))
                self._intercept = np.atleast_1d(arrays["intercept"].astype(float))
            self._classes = len(self._coef) > 1
            self.predict([[0.0] * self._coef.shape[1]])
        except NOT_WEIGHTS as error:
            raise RefusedError(f"{folder} holds no weights of a linear model ({error})") from None
        names = ("model", "stage", "version")
        self.about = {**{name: told.get(name) for name in names}, "tree": tree}
        self.about["files"] = {path: hashlib.sha256(files[path]).hexdigest() for path in files}

    def predict(self, rows):
        """Give a class, counted from 0, or a number for each row."""
        width = self._coef.shape[1]
        try:
            inputs = np.array(rows, dtype=float)
        except (TypeError, ValueError, OverflowError):
            inputs = np.array([])
        if inputs.ndim != 2 or inputs.shape[1] != width or not np.isfinite(inputs).all():
            raise RefusedError(f"inputs have to be rows of {width} finite numbers")
        scores = inputs @ self._coef.T + self._intercept
        return (scores.argmax(1) if self._classes else scores[:, 0]).tolist()


class Handler(BaseHTTPRequestHandler):
    """Answers; no part of a request names a file."""

    timeout = 10  # seconds without a byte
    error_content_type = "application/json"
    error_message_format = '{"error": "%(explain)s"}\n'

    def do_GET(self):
        """Say which bytes answer."""
        if self.path == "/model":
            self._answer(200, self.server.model.about)
        else:
            self._answer(404, {"error": "there are GET /model and POST /predict"})

    def do_POST(self):
        """Predict."""
        if self.path != "/predict":
            self._answer(404, {"error": "there are GET /model and POST /predict"})
            return
        model = self.server.model  # the same for the whole answer
        try:
            predictions = model.predict(self._inputs())
        except RefusedError as error:
            self._answer(400, {"error": str(error)})
        else:
            self._answer(200, {"predictions": predictions, "tree": model.about["tree"]})

    def _inputs(self):
        length = self.headers.get("Content-Length", "")
        plain = length.isascii() and length.isdigit() and len(length) < 10
        if not plain or int(length) > BODY_BYTES_MAX:
            raise RefusedError(f"a Content-Length of at most {BODY_BYTES_MAX:,} bytes is needed")
        try:
            said = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or "inputs" not in said:
            raise RefusedError('the body has to be JSON: {"inputs": [[…], …]}')
        return said["inputs"]

    def _answer(self, code, said):
        data = json.dumps(said).encode() + b"\n"
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing of single requests."""


def load(arguments):
    """Load what is told now."""
    told = {"tree": arguments.tree}
    if arguments.told is not None:
        try:
            told = json.loads(arguments.told.read_bytes())
        except (OSError, ValueError):
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("tree"), str):
            raise RefusedError(f"{arguments.told} is not what `registry pull --json` prints")
    try:
        return Model(arguments.folder, told)
    except OSError as error:
        raise RefusedError(f"{arguments.folder} cannot be read ({error.strerror})") from None


def say(model):
    about = model.about
    print(f"serving {about['model']} {about['version']}, tree {about['tree']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Serve a pulled model on this machine.")
    parser.add_argument("folder", type=Path, help="what `registry pull --out` made")
    told = parser.add_mutually_exclusive_group(required=True)
    told.add_argument("--told", type=Path, help="a file with what `registry pull --json` printed")
    told.add_argument("--tree", help="the tree digest that the folder has to have")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    arguments = parser.parse_args()
    try:
        model = load(arguments)
    except RefusedError as error:
        sys.exit(f"serve.py: {error}")

    def reload(*_):
        try:
            server.model = load(arguments)
        except RefusedError as error:
            print(f"serve.py: {error}; the model before goes on", file=sys.stderr, flush=True)
        else:
            say(server.model)

    with ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler) as server:
        server.daemon_threads = True
        server.model = model
        if hasattr(signal, "SIGHUP"):  # not on Windows
            signal.signal(signal.SIGHUP, reload)
        print(f"http://127.0.0.1:{server.server_port}/model", flush=True)
        say(model)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
