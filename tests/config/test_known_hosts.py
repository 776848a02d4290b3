"""known_hosts files, compared with what OpenSSH makes of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from exchange.config.known_hosts import fingerprint_of, host_name, pin, pinned, unreadable

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIK7TJ6PUA78TRAtdo9xZOTdkR8NoXV+fPUCvKJKDWaFO"
FINGERPRINT = "SHA256:6DhooFeulbbE+CS9RbG7QWIHXj63ue5p9ywNI9Egzxo"
OTHER = "AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti"
needs_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH's client is not installed")


def prints(text: str, host: str = "h.example", port: int = 22) -> list[str]:
    return [each.fingerprint for each in pinned(text, host, port)]


def test_a_line_pins_the_key_of_its_hosts() -> None:
    text = f"# ours\n\nother,H.example ssh-ed25519 {KEY} a comment\n"
    assert [(each.algorithm, each.fingerprint, each.line) for each in pinned(text, "h.example", 22)] == [
        ("ssh-ed25519", FINGERPRINT, 3)
    ]
    assert prints(text, "h") == prints(text, "h.example", 2222) == []


def test_another_port_has_its_own_name() -> None:
    assert (host_name("h", 22), host_name("h", 2222)) == ("h", "[h]:2222")
    assert prints(f"[h.example]:2222 ssh-ed25519 {KEY}\n", port=2222) == [FINGERPRINT]


def test_a_revoked_key_is_pinned_nowhere_and_an_authority_is_no_key() -> None:
    assert prints(f"h.example ssh-ed25519 {KEY}\n@revoked h.example ssh-ed25519 {KEY}\n") == []
    assert prints(f"@cert-authority h.example ssh-ed25519 {KEY}\n") == []


def test_lines_that_are_no_keys_are_named() -> None:
    text = f"h.example ssh-ed25519 {KEY}\nnonsense\n# fine\nh.example ssh-ed25519 !!!\n|1|x|y ssh-ed25519 {KEY}\n"
    assert unreadable(text) == [2, 4]
    assert prints(text) == [FINGERPRINT]


@needs_keygen
def test_hashed_names_as_openssh_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"h.example ssh-ed25519 {KEY}\n[h.example]:2222 ssh-ed25519 {OTHER}\n")
    subprocess.run(["ssh-keygen", "-H", "-f", path], check=True, capture_output=True)
    text = path.read_text()
    assert "h.example" not in text
    assert prints(text) == [FINGERPRINT]
    assert len(prints(text, port=2222)) == 1
    assert prints(text, "x.example") == []


@needs_keygen
def test_what_is_pinned_is_what_openssh_finds(tmp_path: Path) -> None:
    path = tmp_path / "mappings" / "known_hosts"
    pin(path, f"h.example ssh-ed25519 {KEY} wms pinned by us")
    pin(path, f"[h.example]:2222 ssh-ed25519 {OTHER}")
    found = subprocess.run(
        ["ssh-keygen", "-l", "-F", "h.example", "-f", path], check=True, capture_output=True, text=True
    )
    assert FINGERPRINT in found.stdout
    assert path.read_text().startswith("# Keys of SFTP servers")


def test_a_pin_can_take_the_place_of_others_and_leaves_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"x ssh-ed25519 {KEY}\n# kept\nh.example ssh-ed25519 {KEY}\n")
    pin(path, f"h.example ssh-ed25519 {OTHER}", without=[3])
    assert path.read_text() == f"x ssh-ed25519 {KEY}\n# kept\nh.example ssh-ed25519 {OTHER}\n"
    assert [each.name for each in tmp_path.iterdir()] == ["known_hosts"]


def test_fingerprints_are_those_of_openssh() -> None:
    assert fingerprint_of(b"") == "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
