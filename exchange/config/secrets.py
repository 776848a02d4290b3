"""Alone fetches secrets from where a reference says they are kept; the access is logged, the value never shown."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from exchange.config.endpoints import SecretReference
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.load import load
from exchange.kernel.redaction import hide

DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Where systemd puts the files of `LoadCredential=`."""
_BYTES = 64 * 1024
"""A private key has a few thousand."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LOG = logging.getLogger(__name__)


def read_secret(reference: SecretReference, root: Path, user: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the secret that `reference` names, without the line end of its file; the access is logged.

    From then on it is masked in every message and log of this process.

    `user` is who needs it, for messages: `endpoint wms_sftp`. Raises ConfigurationError where it is not there, is
    empty, or lies open to others.
    """
    try:
        value = _value(reference, root, environment)
    except _Missing as fault:
        raise ConfigurationError(f"mappings/exchange.yaml: {user}: {reference}: {fault.args[0]}") from None
    if not value.strip():
        raise ConfigurationError(f"mappings/exchange.yaml: {user}: {reference}: it is empty; store the secret there")
    hide(value)
    _LOG.info("%s: %s was read", user, reference)
    return value


class _Missing(Exception):
    """There is no secret; says why, and what to do."""

    def __init__(self, why: str, instead: str) -> None:
        super().__init__(f"{why}; {instead}")


def _value(reference: SecretReference, root: Path, environment: Mapping[str, str]) -> str:
    if reference.credential:
        return _credential(reference.credential, environment)
    if reference.file:
        return _own_file(root / Path(reference.file).expanduser())
    if reference.env:
        if reference.env not in environment:
            raise _Missing("the environment has no such variable", f"set {reference.env} for this process")
        return environment[reference.env]
    return _from_keyring(reference.keyring)


def _credential(name: str, environment: Mapping[str, str]) -> str:
    if DIRECTORY not in environment:
        raise _Missing(
            f"{DIRECTORY} is not set, this process was not started by systemd",
            f"start its unit with LoadCredential={name}:PATH, or name a file or a variable",
        )
    path = Path(environment[DIRECTORY]) / name
    if not path.is_file():
        raise _Missing("systemd passed no such credential", f"add LoadCredential={name}:PATH to the unit")
    return _content(path, os.open(path, os.O_RDONLY | os.O_CLOEXEC))


def _own_file(path: Path) -> str:
    """Read a file that nobody else can read; what was opened is what is judged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise _Missing(f"{path} cannot be read ({fault.strerror})", "put it there, readable by this user") from None
    found = os.fstat(descriptor)
    why = None
    if not stat.S_ISREG(found.st_mode):
        why = f"{path} is no regular file", "name a file"
    elif found.st_uid not in {os.geteuid(), 0}:
        why = f"{path} belongs to another user (uid {found.st_uid})", f"chown it to the user that runs exchange: {path}"
    elif found.st_mode & _OTHERS:
        why = f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o})", f"chmod 600 {path}"
    if why:
        os.close(descriptor)
        raise _Missing(*why)
    return _content(path, descriptor)


def _content(path: Path, descriptor: int) -> str:
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read(_BYTES + 1)
    if len(content) > _BYTES:
        raise _Missing(f"{path} has more than {_BYTES} bytes", "name the file that holds the secret")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _Missing(f"{path} is not UTF-8", "save it as text (a private key in OpenSSH or PEM form)") from None
    return text.removesuffix("\n").removesuffix("\r")


def _from_keyring(reference: str) -> str:
    service, _, user = reference.rpartition("/")
    try:
        found: str | None = load("keyring:get_password")(service, user)
    except ModuleNotFoundError:
        raise _Missing("the keyring package is not installed", "pip install 'exchange[keyring]'") from None
    except Exception as fault:  # noqa: BLE001 - every back end has exceptions of its own; none may show the value
        raise _Missing(f"the keyring cannot be read ({type(fault).__name__})", "unlock it") from None
    if found is None:
        raise _Missing("the keyring has no such entry", f"keyring set {service} {user}")
    return found
