"""Networks of companies and of others: certificates, proxies, names that nobody has."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from addon.service.client import WALLET_PATHS, Client
from addon.service.downloads import Downloader
from addon.service.errors import DownloadFailed, NetworkError
from addon.service.images import ImageReader
from tests.patience import seconds
from tests.service.scripted_server import Answer, ScriptedServer, json_answer
from tests.service.test_client import KEY, POST_PATH, PROMPT, free_port

PRIVATE = """\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIFHTTbzQ5yTAa55tLG2UIfDFbk6fgx9U8dx6OnZBglg1oAoGCCqGSM49
AwEHoUQDQgAEjQRTOP+kWmECzNTz+560E31X7994OPzAlo+ANIP/FgsBMA523iIQ
+0WSYMvcyxzRjb6/CHgeRKWxo1OKq5Af1Q==
-----END EC PRIVATE KEY-----
"""
"""Of the certificates below, made for these tests."""
COMPANY = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI0EUzj/pFphAszU
8/uetBN9V+/feDj8wJaPgDSD/xYLATAOdt4iEPtFkmDL3Msc0Y2+vwh4HkSlsaNT
iquQH9WjWDBWMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUZvZFN3jkHc/vImFI5uLFbohHbC8w
CgYIKoZIzj0EAwIDRwAwRAIgK31NwoCoL1ADE5ApkGaDjF9kHgBiCqbDJpXq46OQ
6x8CIEyeKoqSqZnSWekywmzhkiTpoPSsKTtSpSHOOeuk3mc+
-----END CERTIFICATE-----
"""
"""For localhost, by nobody that a system knows; until 2120."""
EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIBAjAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASNBFM4/6RaYQLM1PP7
nrQTfVfv33g4/MCWj4A0g/8WCwEwDnbeIhD7RZJgy9zLHNGNvr8IeB5EpbGjU4qr
kB/Vo1gwVjAUBgNVHREEDTALgglsb2NhbGhvc3QwDwYDVR0TAQH/BAUwAwEB/zAO
BgNVHQ8BAf8EBAMCAoQwHQYDVR0OBBYEFGb2RTd45B3P7yJhSObixW6IR2wvMAoG
CCqGSM49BAMCA0kAMEYCIQDwGvRapVMVS0/USJHuNTknNwVbmbCDvo/p3YQWX4RM
6wIhAMwa/3/k3h5kRhxtDMFrSkrdQy8PGsuzDBE0RODCVjiX
-----END CERTIFICATE-----
"""
"""The same, until 2021."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this machine's network."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def encrypt(server: ScriptedServer, folder: Path, certificate: str) -> str:
    """Let the server speak TLS with that certificate; its address."""
    (folder / "key.pem").write_text(PRIVATE)
    (folder / "certificate.pem").write_text(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    server._http.socket = context.wrap_socket(server._http.socket, server_side=True)
    return f"https://localhost:{server._http.server_port}"


@pytest.fixture
def company(server: ScriptedServer, tmp_path: Path) -> str:
    """The address of a service whose certificate only its company vouches for."""
    server.on("GET", WALLET_PATHS[0], json_answer({"balance": "5"}))
    server.on("POST", POST_PATH, json_answer({"task_id": "t-1"}))
    server.on("GET", "/a.glb", Answer(200, b"glTF"))
    return encrypt(server, tmp_path, COMPANY)


def client_of(address: str) -> Client:
    return Client(
        address, KEY, connect_timeout=seconds(5), read_timeout=seconds(5), user_agent="test/1"
    )


def order(address: str, _: Path) -> None:
    client_of(address).submit(PROMPT)


def balance(address: str, _: Path) -> None:
    client_of(address).wallet()


def result(address: str, folder: Path) -> None:
    Downloader(address, user_agent="test/1").fetch(f"{address}/a.glb", folder, "t")


def picture(address: str, _: Path) -> None:
    ImageReader(user_agent="test/1")(f"{address}/a.glb")


@pytest.mark.attack(
    "A service, storage or picture whose certificate nobody vouches for",
    "Not spoken to: nobody sees key, order or picture; the setting for companies is named",
)
@pytest.mark.parametrize("ask", [order, balance, result, picture])
def test_an_unknown_certificate(
    server: ScriptedServer, company: str, tmp_path: Path, ask: Any
) -> None:
    with pytest.raises((NetworkError, DownloadFailed), match="could not be trusted") as caught:
        ask(company, tmp_path)
    if isinstance(caught.value, NetworkError):
        assert "REQUESTS_CA_BUNDLE" in caught.value.hint
    assert server.asked == []


@pytest.mark.fault(
    "A company's own certificates, named in REQUESTS_CA_BUNDLE", "Everything works with them"
)
def test_a_companys_own_certificates(
    company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    assert client_of(company).wallet().balance == 5
    assert client_of(company).submit(PROMPT).task_id == "t-1"


@pytest.mark.attack(
    "A certificate for another host", "Not spoken to, also where its maker is trusted"
)
def test_a_certificate_of_another_host(
    server: ScriptedServer, company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    with pytest.raises(NetworkError, match="could not be trusted"):
        client_of(company.replace("localhost", "127.0.0.1")).wallet()
    assert server.asked == []


@pytest.mark.fault(
    "The service's certificate has expired, or this machine's clock is wrong",
    "Said; nothing is sent; the clock is named",
)
def test_a_certificate_that_has_expired(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = encrypt(server, tmp_path, EXPIRED)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    with pytest.raises(NetworkError, match="could not be trusted") as caught:
        client_of(address).submit(PROMPT)
    assert "date" in caught.value.hint
    assert caught.value.never_sent
    assert server.asked == []


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(
            "nowhere.pem",
            marks=pytest.mark.fault(
                "REQUESTS_CA_BUNDLE names a file that is not there", "Said by name; nothing is sent"
            ),
        ),
        pytest.param(
            "key.pem",
            marks=pytest.mark.fault(
                "REQUESTS_CA_BUNDLE names something else", "Said; nothing is sent"
            ),
        ),
    ],
)
def test_a_wrong_certificate_file(
    server: ScriptedServer,
    company: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / file))
    with pytest.raises(NetworkError) as caught:
        client_of(company).submit(PROMPT)
    assert caught.value.never_sent
    assert "REQUESTS_CA_BUNDLE" in caught.value.hint
    assert server.asked == []


ELSEWHERE = "https://api.example"


@pytest.mark.fault("The proxy is not there", "Said; the proxy's setting is named; nothing is sent")
def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NetworkError, match="proxy") as caught:
        client_of(ELSEWHERE).submit(PROMPT)
    assert "HTTPS_PROXY" in caught.value.hint


@pytest.mark.fault("The proxy refuses to pass anything on", "Said; the proxy's setting is named")
@pytest.mark.attack("A proxy looks at what it passes on", "It sees the host's name, and no key")
def test_a_proxy_that_refuses(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.address)
    server.on("CONNECT", "api.example:443", Answer(407))
    with pytest.raises(NetworkError, match="proxy") as caught:
        client_of(ELSEWHERE).submit(PROMPT)
    assert "HTTPS_PROXY" in caught.value.hint
    assert [asked.path for asked in server.asked] == ["api.example:443"]
    assert all(KEY not in str(asked) for asked in server.asked)


@pytest.mark.fault(
    "The service's name is known to nobody (DNS)",
    "Said that there is no connection; nothing is sent",
)
def test_a_name_that_nobody_has() -> None:
    with pytest.raises(NetworkError, match="There is no connection to") as caught:
        client_of("https://nobody.invalid").submit(PROMPT)
    assert caught.value.never_sent


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "-", "\U0001f680.example"])
@pytest.mark.fault("Names that no host can have", "Said; nothing is sent")
def test_a_name_that_no_host_can_have(host: str) -> None:
    with pytest.raises(NetworkError) as caught:
        client_of(f"https://{host}").submit(PROMPT)
    assert caught.value.never_sent
