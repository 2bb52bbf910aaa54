"""What is published is served, under any address, without a link that leads nowhere."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from functools import partial
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest

from staticrun import receipts
from staticrun.pages import links
from staticrun.pages.build import build
from tests.publish.made import bare, send, sh

_LINK = re.compile(r'(?:href|src)="([^"]+)"')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words):
        pass


@pytest.fixture
def serve():
    """Serve a folder; give its address."""
    servers = []

    def start(folder):
        handler = partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def broken(address, folder):
    """Follow all links of the pages that an address gives out; give those that lead nowhere."""
    pages = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    waiting, seen, found = [address + page for page in pages], set(), []
    while waiting:
        url = waiting.pop()
        if url in seen or not url.startswith(address):
            continue
        seen.add(url)
        try:
            with urlopen(url) as answer:  # noqa: S310 -- a server of ours
                data = answer.read()
                text = data.decode() if "html" in answer.headers["Content-Type"] else ""
        except HTTPError as error:
            found.append(f"{url}: {error.code}")
            continue
        waiting += [urldefrag(urljoin(url, link))[0] for link in _LINK.findall(text)]
    return found


def checked_out(remote, folder, branch="gh-pages"):
    folder.mkdir(parents=True)
    tar = subprocess.run(["git", "archive", branch], cwd=remote, check=True, capture_output=True)
    subprocess.run(["tar", "x"], cwd=folder, input=tar.stdout, check=True)
    return folder


def test_every_link_of_a_branch_leads_on_under_two_addresses(built, tmp_path, serve):
    remote = bare(tmp_path / "remote.git")
    send(built, built / "site", remote=str(remote))
    send(built, built / "site", remote=str(remote), under="pr/7")
    top = checked_out(remote, tmp_path / "served/repository")
    shutil.copytree(top, tmp_path / "served/deep/er/still")
    address = serve(tmp_path / "served")

    assert links.check(top) == []
    assert (top / "v/stable/index.html").is_file()
    for below in ("repository/", "deep/er/still/"):
        assert broken(address + below, tmp_path / "served" / below) == []


def test_every_link_of_a_folder_leads_on(built, tmp_path, serve):
    send(built, built / "site", to=f"folder:{tmp_path / 'served/x'}")

    assert broken(serve(tmp_path / "served") + "x/", tmp_path / "served/x") == []
    assert links.check(tmp_path / "served/x") == []


@pytest.mark.slow
def test_versions_that_another_machine_published_lead_to_no_page_that_is_missing(built, tmp_path):
    remote = bare(tmp_path / "remote.git")
    send(built, built / "site", remote=str(remote))
    other = tmp_path / "other"
    shutil.copytree(built, other, ignore=shutil.ignore_patterns("site", ".staticrun"))
    (other / "staticrun.yaml").write_text("project: {name: Small}\n")
    shutil.rmtree(other / "runs/digits/c")
    build(other, jobs=1)

    done = send(other, other / "site", remote=str(remote))

    top = checked_out(remote, tmp_path / "served")
    assert done.taken == ("v1", "v2")
    assert links.check(top) == []
    assert [one.name for one in receipts.every(top)] == ["v1", "v2"]
    assert all(receipts.verify(top, one) == [] for one in receipts.every(top))
    gone = (top / "runs/digits/c/index.html").read_text()
    assert receipts.read(top, "v2").runs["digits/c"] in gone
    assert sh(remote, "rev-list", "--count", "gh-pages") == "1"
