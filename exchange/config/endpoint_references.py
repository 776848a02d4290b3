"""Alone finds what keeps an endpoint from working that its keys alone do not tell: no pinned key, no way to log in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from exchange.config.endpoints import TYPES, EndpointType, LocalEndpoint, SftpEndpoint
from exchange.config.known_hosts import pinned, unreadable
from exchange.config.loader import Loaded
from exchange.config.models import Workspace
from exchange.config.yamltext import Path as YamlPath
from exchange.kernel.errors import Mistake
from exchange.kernel.plugins import ENDPOINTS, PluginError, part

_INCOMPLETE, _OUTSIDE, _KNOWN = "ENDPOINT_INCOMPLETE", "FOLDER_OUTSIDE", "KNOWN_HOSTS"
_NAME = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, slots=True)
class EndpointMistake:
    """A mistake that concerns one endpoint, and only the flows that use it."""

    endpoint: str
    mistake: Mistake


def endpoint_mistakes(root: Path, settings: Loaded[Workspace]) -> Iterator[EndpointMistake]:
    """Return what is wrong with the endpoints of a workspace whose exchange.yaml is well-formed."""
    endpoints = settings.value.endpoints if settings.value is not None else {}
    for name, endpoint in endpoints.items():
        for mistake in _mistakes(root, settings, name, endpoint):
            yield EndpointMistake(name, mistake)


def fingerprints(root: Path, endpoint: SftpEndpoint) -> tuple[str, ...]:
    """Return the fingerprints of all keys that are pinned for an endpoint, in exchange.yaml or its known_hosts file."""
    found = pinned(known_hosts_text(root, endpoint), endpoint.host, endpoint.port)
    return tuple(dict.fromkeys([*endpoint.host_keys, *(each.fingerprint for each in found)]))


def known_hosts_text(root: Path, endpoint: SftpEndpoint) -> str:
    """Return the text of the endpoint's known_hosts file; empty where there is none."""
    try:
        return (root / endpoint.known_hosts).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _mistakes(
    root: Path, settings: Loaded[Workspace], name: str, endpoint: LocalEndpoint | SftpEndpoint
) -> Iterator[Mistake]:
    place: YamlPath = ("endpoints", name)
    if not _NAME.fullmatch(name):
        # Folders and files of the workspace are called like it.
        what = f"endpoint {name!r}: a name has letters, digits, `_`, `-` and `.`"
        yield settings.mistake(place, what, "rename it", code=_INCOMPLETE)
    if endpoint.type not in TYPES:
        yield from _added(settings, place, str(endpoint.type))
    if isinstance(endpoint, SftpEndpoint):
        yield from _server(root, settings, place, endpoint)


def _added(settings: Loaded[Workspace], place: YamlPath, type_: str) -> Iterator[Mistake]:
    try:
        part(ENDPOINTS, type_, "make", EndpointType)
    except PluginError as fault:
        yield settings.mistake((*place, "type"), fault.what, fault.instead, key=False, code=_INCOMPLETE)


def _server(root: Path, settings: Loaded[Workspace], place: YamlPath, endpoint: SftpEndpoint) -> Iterator[Mistake]:
    yield from _login(settings, place, endpoint)
    yield from _host_key(root, settings, place, endpoint)
    if ".." in PurePosixPath(endpoint.temp_folder).parts or endpoint.temp_folder.startswith("/"):
        what = f"folder {endpoint.temp_folder!r} leads out of the endpoint"
        instead = "write a folder below the endpoint's path"
        yield settings.mistake((*place, "temp_folder"), what, instead, key=False, code=_OUTSIDE)


def _login(settings: Loaded[Workspace], place: YamlPath, endpoint: SftpEndpoint) -> Iterator[Mistake]:
    if not endpoint.key and not endpoint.password:
        what = f"endpoint {place[-1]!r} has neither a key nor a password"
        instead = "write key: {file: PATH} or password: {credential: NAME}"
        yield settings.mistake(place, what, instead, code=_INCOMPLETE)
    if endpoint.passphrase and not endpoint.key:
        what, instead = "a pass phrase without a key opens nothing", "write key: {file: PATH}, or remove it"
        yield settings.mistake((*place, "passphrase"), what, instead, code=_INCOMPLETE)


def _host_key(root: Path, settings: Loaded[Workspace], place: YamlPath, endpoint: SftpEndpoint) -> Iterator[Mistake]:
    name = place[-1]
    if "known_hosts" in endpoint.model_fields_set and not (root / endpoint.known_hosts).is_file():
        what = f"there is no file {endpoint.known_hosts}"
        instead = f"correct the path, or make it: exchange hostkeys scan {name}"
        yield settings.mistake((*place, "known_hosts"), what, instead, key=False, code=_KNOWN)
    for line in unreadable(known_hosts_text(root, endpoint)):
        instead = "write `host algorithm key`, or a # first"
        yield Mistake(endpoint.known_hosts, line, 1, "this is no host key", instead, _KNOWN)
    if not fingerprints(root, endpoint):
        what = f"no host key is pinned for {endpoint.host}: nothing is sent to a server that could be anybody's"
        instead = (
            f"run `exchange hostkeys scan {name}`, confirm with the partner, then `exchange hostkeys pin {name} ...`"
        )
        yield settings.mistake(place, what, instead, code="HOST_KEY_NOT_PINNED")
