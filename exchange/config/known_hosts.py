"""Alone reads and writes known_hosts files: which keys of a server are pinned, and a pin added or replaced."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.kernel.atomic import make_folder, replace_synced, synced_file

SSH_PORT = 22
_HEAD = (
    "# Keys of SFTP servers, pinned with `exchange hostkeys pin` after they were confirmed out of band.\n"
    "# Remove a line to trust that key no more.\n"
)


@dataclass(frozen=True, slots=True)
class Pinned:
    """One line of a known_hosts file that names a server."""

    algorithm: str
    """For example `ssh-ed25519`."""
    fingerprint: str
    """`SHA256:` and 43 characters."""
    line: int
    """1-based."""


def fingerprint_of(key: bytes) -> str:
    """Return the fingerprint of a public key's bytes as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def host_name(host: str, port: int) -> str:
    """Return what a server is called in a known_hosts file: `host`, or `[host]:port`."""
    return host if port == SSH_PORT else f"[{host}]:{port}"


def pinned(text: str, host: str, port: int) -> list[Pinned]:
    """Return the keys that a known_hosts text pins for a server; a revoked key is pinned nowhere in it."""
    revoked: set[str] = set()
    found: list[Pinned] = []
    for number, marker, names, algorithm, key in _lines(text):
        if any(_is(name, host_name(host, port)) for name in names):
            if marker == "@revoked":
                revoked.add(fingerprint_of(key))
            elif not marker:
                found.append(Pinned(algorithm, fingerprint_of(key), number))
    return [each for each in found if each.fingerprint not in revoked]


def unreadable(text: str) -> list[int]:
    """Return the lines (from 1) that are neither blank nor comments nor keys."""
    read = {number for number, *_ in _lines(text)}
    written = enumerate(text.splitlines(), 1)
    return [number for number, line in written if line.strip() and line.strip()[0] != "#" and number not in read]


def pin(path: Path, line: str, without: Sequence[int] = ()) -> None:
    """Add `line` to the file (made where missing), leaving out the lines numbered `without`; whole, and synced."""
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    kept = [each for number, each in enumerate(text.splitlines(), 1) if number not in set(without)]
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with synced_file(draft) as out:
        out.write("".join(f"{each}\n" for each in [*kept, line]).encode())
    replace_synced(draft, path)


def _lines(text: str) -> Iterator[tuple[int, str, list[str], str, bytes]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        marker = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#"):
            continue
        try:
            key = base64.b64decode(words[2], validate=True)
        except (binascii.Error, ValueError):
            continue
        yield number, marker, words[0].split(","), words[1], key


def _is(name: str, host: str) -> bool:
    """Compare a name of a known_hosts line, plain or hashed, with a server's; patterns are not followed."""
    if not name.startswith("|1|"):
        return name.casefold() == host.casefold()
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in name[3:].split("|"))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.new(salt, host.encode(), "sha1").digest(), digest)
