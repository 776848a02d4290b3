"""Logs in: each credential is tried once, in order, and a server that refused is not asked again by this process."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

from paramiko import ECDSAKey, Ed25519Key, PKey, RSAKey, Transport
from paramiko.ssh_exception import BadAuthenticationType, PasswordRequiredException, SSHException

from exchange.kernel.errors import ConfigurationError, TryLater
from exchange.transports.sftp.faults import Unusable
from exchange.transports.sftp.settings import Secret, SftpSettings

FORGET = 15 * 60
"""Seconds after which a process that never ends (`watch`) may try to log in again: a locked account stays unlocked."""
_refused: dict[SftpSettings, tuple[float, str]] = {}


def ensure_not_refused(settings: SftpSettings) -> None:
    """Raise TryLater where this server refused the log-in in this process: no retry storm, no locked account."""
    at, said = _refused.get(settings, (0.0, ""))
    if said and time.monotonic() - at < FORGET:
        raise TryLater(f"{said} (not tried again by this run)")


class LogIn:
    """One log-in; after a refusal the next credential is tried over a new connection.

    Many servers hang up on a refusal, or count the attempts of a connection, and some do not take the second request
    for the log-in service that paramiko sends.
    """

    def __init__(self, settings: SftpSettings) -> None:
        self._settings = settings
        self._refused: list[str] = []
        """References that were tried, each once."""

    def on(self, transport: Transport) -> bool:
        """Try what was not tried yet; False where the server refuses it and there is something else to try.

        Raises TryLater where there is nothing else, Unusable where a credential cannot be used.
        """
        settings = self._settings
        keys, passwords = self._untried(settings.keys), self._untried(settings.passwords)
        if not keys and not passwords:
            raise self._denied("")
        used = self._with_key(transport, keys[0]) if keys else self._with_password(transport, passwords[0], "")
        if used:
            settings.told(f"{settings.name}: logged in to {settings.host} as {settings.user} with {used}")
        elif not self._untried((*settings.keys, *settings.passwords)):
            raise self._denied("")
        return bool(used)

    def _with_key(self, transport: Transport, secret: Secret) -> str:
        """Return what was used; empty where it was refused."""
        key, settings = self._loaded(secret), self._settings
        try:
            more = transport.auth_publickey(settings.user, key)
        except BadAuthenticationType:  # keys are not allowed at all: the next one would only count as another attempt
            self._refused += [each.reference for each in settings.keys]
            return ""
        except (SSHException, EOFError, OSError):
            self._refused.append(secret.reference)
            return ""
        if not more:
            return secret.reference
        second = self._untried(settings.passwords)
        if second:
            return self._with_password(transport, second[0], f"{secret.reference} and ")
        self._refused.append(f"{secret.reference} alone")
        raise self._denied(f"it asks for more: {', '.join(more)}")

    def _with_password(self, transport: Transport, secret: Secret, first: str) -> str:
        value, settings = self._revealed(secret), self._settings
        try:
            more = transport.auth_password(settings.user, value)
        except BadAuthenticationType:
            self._refused += [each.reference for each in settings.passwords]
            return ""
        except (SSHException, EOFError, OSError):
            self._refused.append(secret.reference)
            return ""
        if not more:
            return first + secret.reference
        raise self._denied(f"it asks for more: {', '.join(more)}")

    def _untried(self, secrets: Sequence[Secret]) -> list[Secret]:
        return [secret for secret in secrets if secret.reference not in self._refused]

    def _loaded(self, secret: Secret) -> PKey:
        try:
            return load_key(secret, self._settings.passphrase)
        except ConfigurationError as fault:
            raise Unusable(f"{self._settings.name}: {fault}") from fault

    def _revealed(self, secret: Secret) -> str:
        try:
            return secret.reveal()
        except ConfigurationError as fault:
            raise Unusable(f"{self._settings.name}: {fault}") from fault

    def _denied(self, why: str) -> TryLater:
        """Return the refusal in words, and remember it."""
        settings = self._settings
        given = " and ".join(self._refused)
        said = (
            f"{settings.name}: {settings.host}:{settings.port} refused the log-in of {settings.user} with "
            f"{given or 'neither `key:` nor `password:` that it allows'}{f' ({why})' if why else ''}; check user and "
            f"credentials with `exchange doctor {settings.name}`, ask the partner whether the account is locked or the "
            "key has expired, then run again: nothing is lost"
        )
        _refused[settings] = (time.monotonic(), said)
        return TryLater(said)


def load_key(secret: Secret, passphrase: Secret | None) -> PKey:
    """Return a private key; raises ConfigurationError where the text is none, or its pass phrase missing or wrong."""
    text = secret.reveal()
    phrase = passphrase.reveal() if passphrase is not None and "ENCRYPTED" in _shape(text) else None
    for kind in (Ed25519Key, ECDSAKey, RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=phrase)
        except PasswordRequiredException:
            raise ConfigurationError(
                f"the private key {secret.reference} has a pass phrase; name a reference to it as `passphrase:`"
            ) from None
        except (SSHException, ValueError, TypeError, IndexError):
            continue
    with_phrase = f" (or the pass phrase {passphrase.reference} is wrong)" if passphrase is not None else ""
    raise ConfigurationError(
        f"the private key {secret.reference} is none that can be used{with_phrase}: Ed25519, ECDSA or RSA, as OpenSSH "
        "or PEM write it; `ssh-keygen -p -f FILE` rewrites an old one"
    )


def _shape(text: str) -> str:
    """Say `ENCRYPTED` for anything that may be: OpenSSH's own form hides it in its body."""
    return "ENCRYPTED" if "OPENSSH PRIVATE KEY" in text or "ENCRYPTED" in text else ""
