"""nginx with our configuration before gunicorn with ours, on a published edition."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlencode

import brotlicffi
import pytest

from constanta.edition.page_index import PageIndex
from constanta.settings import ROOT
from tests.deploy.conftest import install
from tests.deploy.installation import DEPLOY, HOST, READER, Answer, Installation, memory_folder, require
from tests.newsletter.parts import children

PAGE = "/be/publications/p1/"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A site whose gunicorn is down."""
    with memory_folder() as memory:
        alone = install(tmp_path_factory.mktemp("alone"), memory)
        with alone.nginx():
            yield alone


def sign_up(site: Installation, **headers: str) -> Answer:
    body = urlencode({"email": "reader@mail.example"})
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}", **headers}
    return site.get("/en/newsletter/", method="POST", body=body, **headers)


@pytest.mark.parametrize("path", ["/be/", "/ru/publications/", PAGE, "/en/about/", "/be/feed.atom"])
def test_pages_are_served_from_the_edition_also_while_the_site_is_down(
    alone: Installation, path: str
) -> None:
    assert alone.get(path).status == 200


@pytest.mark.parametrize("path", ["/be/nothing/", "/be/newsletter/", "/"])
def test_what_is_not_in_the_edition_says_in_every_language_that_the_site_is_down(
    alone: Installation, path: str
) -> None:
    answer = alone.get(path)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "зараз недаступная" in answer.text
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_page_comes_compressed_as_the_edition_has_it(alone: Installation) -> None:
    plain = alone.get(PAGE)
    zipped, small = alone.get(PAGE, Accept_Encoding="gzip"), alone.get(PAGE, Accept_Encoding="gzip, br")
    assert (plain.headers["Content-Encoding"], zipped.headers["Content-Encoding"]) == (None, "gzip")
    assert small.headers["Content-Encoding"] == "br"
    assert plain.body == gzip.decompress(zipped.body) == brotlicffi.decompress(small.body)
    assert {answer.headers["Vary"] for answer in (plain, zipped, small)} == {"Accept-Encoding"}


def test_a_page_that_did_not_change_is_not_sent_again(alone: Installation) -> None:
    tag = alone.get(PAGE).headers["ETag"]
    again = alone.get(PAGE, If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_a_switch_is_seen_at_the_next_request(alone: Installation) -> None:
    before, first = alone.get("/en/about/"), (alone.editions / "current").readlink().name
    document = alone.folder / "content" / "pages" / "about.md"
    # As long as before: a tag made of size and time alone must change too.
    document.write_text(
        document.read_text(encoding="utf-8").replace("Who we are", "Who are we"), encoding="utf-8"
    )
    alone.flask("publish")
    after = alone.get("/en/about/", If_None_Match=before.headers["ETag"])
    assert (after.status, "Who are we" in after.text) == (200, True)
    alone.flask("edition", "use", first)
    assert alone.get("/en/about/").body == before.body


def test_a_page_from_nginx_says_what_the_sites_own_says(site: Installation) -> None:
    """Each page of the edition; the few headers of which that is not so are in docs/editions.md or have their own tests."""
    own = {
        "Date",
        "Server",
        "Connection",
        "Content-Length",
        "ETag",
        "Transfer-Encoding",
        "Accept-Ranges",
        "Content-Security-Policy",
    }
    paths = [page.path for page in PageIndex(site.editions / "current")]
    assert len(paths) > 50
    for path in paths:
        from_file, from_site = site.get(path), site.get_directly(path)
        said = [
            {name: value for name, value in answer.headers.items() if name not in own}
            for answer in (from_file, from_site)
        ]
        assert (path, said[0]) == (path, said[1])
        assert from_file.body == from_site.body
        assert "Last-Modified" not in from_file.headers


def test_the_time_of_a_file_is_not_asked_for(alone: Installation) -> None:
    file = alone.editions / "current" / "pages" / f"{PAGE.strip('/')}.html.gz"
    date = formatdate(file.stat().st_mtime, usegmt=True)
    assert alone.get(PAGE, If_Modified_Since=date).status == 200


def test_the_policy_of_nginx_is_that_of_the_site_but_for_the_style_that_the_page_narrows(
    site: Installation,
) -> None:
    from_file, from_site = site.get(PAGE), site.get_directly(PAGE)
    style = re.search(r"style-src ('sha256-[^;]+)", from_site.headers["Content-Security-Policy"])
    assert style
    loose = from_site.headers["Content-Security-Policy"].replace(style[1], "'unsafe-inline'")
    assert from_file.headers["Content-Security-Policy"] == loose
    assert f'content="style-src {style[1]}"' in from_file.text


def test_errors_speak_the_language_of_the_address(site: Installation) -> None:
    missing, refused = site.get("/be/nothing/here/"), site.get(PAGE, method="DELETE")
    assert (missing.status, refused.status) == (404, 405)
    assert 'lang="be"' in missing.text
    assert 'lang="be"' in refused.text


@pytest.mark.parametrize(
    "path", ["/be/about.html", "/be/about.html.gz", "/be/about.html.br", "/be/feed.atom.gz"]
)
def test_a_page_has_no_second_address(site: Installation, path: str) -> None:
    assert site.get(path).status == 404


def test_an_address_without_its_last_slash_leads_on_under_the_same_name(site: Installation) -> None:
    answer = site.get(PAGE.rstrip("/"))
    assert answer.status in {301, 308}
    assert answer.headers["Location"] in {PAGE, f"https://{HOST}{PAGE}"}


def test_the_first_page_asks_the_browser_for_its_language(site: Installation) -> None:
    assert site.get("/", Accept_Language="ru").headers["Location"].endswith("/ru/")


def test_signups_pass_and_what_a_reader_says_of_their_address_is_not_believed(site: Installation) -> None:
    answers = [sign_up(site, X_Forwarded_For=f"203.0.113.{n}").status for n in range(4)]
    assert answers == [200, 200, 200, 429]


def test_a_body_larger_than_any_form_is_refused(site: Installation) -> None:
    body = "email=" + "a" * 20_000
    assert site.get("/en/newsletter/", method="POST", body=body).status == 413


def test_no_body_is_ever_written_to_a_file(site: Installation) -> None:
    """Nor where it is refused; without the folder for such files, nginx answers 500 when it needs one."""
    where, folder = "/en/newsletter/", site.folder / "temp"
    pieces = "1\r\na\r\n" * 4000 + "0\r\n\r\n"
    folder.rename(site.folder / "aside")
    try:
        assert site.get(where, method="POST", body=pieces, Transfer_Encoding="chunked").status == 411
        assert site.get(where, method="POST", body="a" * 8192).status == 415  # no form sends that
        assert [post_without_length(site, where, size) for size in (8193, 100_000)] == ["413"] * 2
    finally:
        (site.folder / "aside").rename(folder)


def post_without_length(site: Installation, path: str, size: int) -> str:
    """Return the status of an answer over HTTP/2, where a body may end without having said how long it is."""
    address = f"https://{HOST}:{site.https_port}{path}"
    client = [require("curl"), "--silent", "--insecure", "--http2", "--noproxy", "*"]
    client += ["--resolve", f"{HOST}:{site.https_port}:127.0.0.1", "--interface", READER]
    send = ["--request", "POST", "--header", "Content-Length:", "--data-binary", "@-"]
    show = ["--output", "/dev/null", "--write-out", "%{http_code}"]
    done = subprocess.run(
        [*client, *send, *show, address], input="a" * size, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_plain_http_leads_to_https(site: Installation) -> None:
    answer = site.get_http(PAGE)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}{PAGE}")


def test_what_certbot_writes_is_served_over_plain_http(site: Installation) -> None:
    """What its first call was told, it does ever after."""
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (folder,) = re.findall(r"certbot certonly --webroot --webroot-path (\S+) ", guide)
    assert f"root {folder};" in (DEPLOY / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    file = site.folder / "acme" / ".well-known" / "acme-challenge" / "token"
    file.parent.mkdir(parents=True)
    file.write_text("proof", encoding="ascii")
    assert site.get_http("/.well-known/acme-challenge/token").text == "proof"


def test_a_name_that_is_not_ours_gets_no_answer(site: Installation) -> None:
    with pytest.raises(OSError):  # noqa: PT011
        site.get("/", host="other.example")
    with pytest.raises(OSError):  # noqa: PT011
        site.get_http("/", host="other.example")
    with pytest.raises(OSError):  # noqa: PT011
        site.get_onion("/", host=HOST)


def test_the_onion_service_gets_the_same_page_without_what_is_for_https(site: Installation) -> None:
    onion = site.get_onion(PAGE)
    assert onion.body == site.get(PAGE).body
    for path in (PAGE, "/be/search/", "/be/nothing/"):
        assert "Strict-Transport-Security" not in site.get_onion(path).headers
        assert site.get(path).headers.get_all("Strict-Transport-Security") == ["max-age=63072000"]


def test_the_answer_to_a_long_address_is_that_of_the_site(site: Installation) -> None:
    for path in ("/be/search?q=" + 3700 * "a", "/be/" + 1200 * "'" + "/"):
        assert site.get(path).status in {308, 404}


def test_every_address_that_is_listened_on_for_the_onion_service_is_of_the_machine_itself() -> None:
    text = (DEPLOY / "nginx" / "onion.conf").read_text(encoding="utf-8")
    addresses = [value.split()[0] for value in re.findall(r"^ *listen (.+);$", text, re.MULTILINE)]
    torrc = (DEPLOY / "onion" / "torrc").read_text(encoding="utf-8")
    assert set(addresses) == set(re.findall(r"^HiddenServicePort 80 (\S+)$", torrc, re.MULTILINE))
    assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_nginx_starts_again_after_all_of_it_was_killed(alone: Installation) -> None:
    master = int((alone.folder / "nginx.pid").read_text(encoding="ascii"))
    processes = [master, *children(master)]
    for process in processes:
        os.kill(process, signal.SIGKILL)
    while any(is_running(process) for process in processes):
        time.sleep(0.01)
    alone.start_nginx()
    assert alone.get_onion(PAGE).status == 200


def is_running(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def test_nothing_that_nginx_or_gunicorn_writes_names_a_reader(site: Installation) -> None:
    """Also where requests are broken: those are what the logs of errors are for."""
    site.get("/be/nothing/")
    site.get("/be/newsletter/confirm/secret-token/")
    with socket.create_connection(("127.0.0.1", site.https_port), source_address=(READER, 0)) as raw:
        raw.sendall(b"no TLS at all\r\n\r\n")
        raw.recv(100)
    with socket.create_connection(("127.0.0.1", site.http_port), source_address=(READER, 0)) as raw:
        raw.sendall(b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n")
        raw.recv(100)
    files = [path for path in site.folder.rglob("*") if path.is_file() and os.access(path, os.R_OK)]
    written = b"".join(path.read_bytes() for path in files)
    assert b"gunicorn.log" in b" ".join(os.fsencode(path) for path in files)
    assert READER.encode() not in written
    assert b"secret-token" not in written
