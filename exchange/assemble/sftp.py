"""Makes SFTP endpoints: from a model of exchange.yaml to the plain settings of the transport, secrets by reference."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from exchange.config.endpoint_references import fingerprints
from exchange.config.endpoints import SecretReference, SftpEndpoint
from exchange.config.secrets import read_secret
from exchange.kernel.atomic import make_folder, replace_synced, write_synced
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.load import load
from exchange.transports.sftp.settings import Profile, Secret, SftpSettings, Timeouts

TRANSPORT = "exchange.transports.sftp.endpoint:SftpEndpoint"
ROWS = (TRANSPORT,)
"""Loaded when an endpoint is first used: it imports paramiko."""
PROFILES = "data/state/endpoints"
"""What `exchange doctor` measured at each server, as JSON."""


def sftp_endpoint(name: str, model: SftpEndpoint, root: Path) -> Endpoint:
    """Return a folder of an SFTP server as an endpoint; it connects when it is first asked for something."""
    made: Endpoint = load(TRANSPORT)(settings_of(name, model, root))
    return made


def settings_of(name: str, model: SftpEndpoint, root: Path) -> SftpSettings:
    """Return what the transport needs; no secret is read before the server asks for it."""
    secret = partial(_secret, f"endpoint {name}", root)
    known_hosts = root / model.known_hosts
    return SftpSettings(
        name=name,
        host=model.host,
        user=model.user,
        port=model.port,
        root=model.path,
        pins=fingerprints(root, model),
        known_hosts=known_hosts if known_hosts.is_file() else None,
        keys=tuple(map(secret, model.key)),
        passphrase=secret(model.passphrase) if model.passphrase is not None else None,
        passwords=tuple(map(secret, model.password)),
        legacy=model.legacy,
        temp_folder=model.temp_folder,
        replace_unsafe=model.replace == "unsafe",
        timeouts=timeouts_of(model),
        profile=profile_of(name, model, root),
    )


def timeouts_of(model: SftpEndpoint) -> Timeouts:
    """Return how long to wait, in seconds."""
    return Timeouts(**{what: each.total_seconds() for what, each in model.timeouts})


def profile_of(name: str, model: SftpEndpoint, root: Path) -> Profile | None:
    """Return what was measured at this very server; None where nothing was, or another server was meant."""
    try:
        stored = json.loads((root / PROFILES / f"{name}.json").read_text(encoding="utf-8"))
        return Profile.from_json(stored["profile"]) if stored["server"] == _server(model) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # only a hint: without it the transport finds out by trying


def store_profile(name: str, model: SftpEndpoint, root: Path, profile: Profile) -> Path:
    """Keep what was measured, whole and synced, and return where."""
    path = root / PROFILES / f"{name}.json"
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    stored = {"server": _server(model), "profile": profile.as_json()}
    write_synced(draft, [json.dumps(stored, indent=2).encode() + b"\n"])
    replace_synced(draft, path)
    return path


def _server(model: SftpEndpoint) -> str:
    return f"{model.user}@{model.host}:{model.port}"


def _secret(user: str, root: Path, reference: SecretReference) -> Secret:
    return Secret(str(reference), partial(read_secret, reference, root, user))
