"""The models of the places files come from and go to: one model for each `type`, secrets by reference only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from exchange.config.added import added_type
from exchange.config.values import Duration, Model, Names
from exchange.kernel.plugins import ENDPOINTS

KNOWN_HOSTS = "mappings/known_hosts"
"""Where host keys are pinned unless the endpoint says otherwise."""
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_HOST = re.compile(r"[\w.-]+|[\da-fA-F:.]+(%\w+)?")
WHERE_KEPT = (
    "a secret is never written here; say where it is kept: {credential: NAME}, {file: PATH}, {env: NAME} or "
    "{keyring: SERVICE/USER}"
)


def _fingerprints(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _FINGERPRINT.fullmatch(value):
            raise ValueError("expected fingerprints: SHA256: and 43 characters, as `exchange hostkeys scan` has them")
    return values


def _references(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class LiteralSecret(ValueError):
    """A secret stands where the place belongs at which it is kept."""

    code = "SECRET_LITERAL"


class SecretReference(Model):
    """Where a secret is kept: exactly one of the keys."""

    credential: str = ""
    """Name of a file in the systemd credentials directory (`LoadCredential=`)."""
    file: str = ""
    """File that only its owner may read; relative to the workspace, or absolute."""
    env: str = ""
    """Environment variable."""
    keyring: str = ""
    """`service/user` in the keyring of this workstation (needs `pip install 'exchange[keyring]'`)."""

    @model_validator(mode="before")
    @classmethod
    def _never_literal(cls, value: object) -> object:
        literal = not isinstance(value, dict | SecretReference)
        if literal:
            raise LiteralSecret(WHERE_KEPT)  # the value itself stays untold
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretReference:
        if len([name for name in type(self).model_fields if getattr(self, name)]) != 1:
            raise ValueError("write exactly one of {credential: NAME}, {file: PATH}, {env: NAME}, {keyring: ...}")
        if self.keyring and not all(self.keyring.rpartition("/")):
            raise ValueError("expected {keyring: service/user}")
        if "/" in self.credential or self.credential.startswith("."):
            raise ValueError("a credential is the name of a file in the credentials directory, without a folder")
        return self

    def __str__(self) -> str:
        """Return what messages and logs call it, for example `credential wms_password`."""
        [(name, value)] = self.model_dump(exclude_defaults=True).items()
        return f"{name} {value}"


Secrets = Annotated[tuple[SecretReference, ...], BeforeValidator(_references)]
"""One reference or several; several are tried in order, so that a secret can be changed on either side first."""
Fingerprints = Annotated[Names, AfterValidator(_fingerprints)]


class LocalEndpoint(Model):
    """A folder on this machine."""

    type: Literal["local"] = "local"
    """What kind of place it is."""
    path: str
    """Relative to the workspace, or absolute."""
    mount_marker: str = ""
    """File that has to lie in this folder: without it the folder is taken for not mounted, not for empty."""
    max_in_flight: int | None = Field(default=None, ge=1)
    """Most delivered files that the partner has neither taken nor acknowledged; the rest waits here."""

    @field_validator("mount_marker")
    @classmethod
    def _in_the_folder(cls, name: str) -> str:
        if "/" in name or name in {".", ".."}:
            raise ValueError("a mount marker is the name of a file in the folder itself")
        return name


class Timeouts(Model):
    """How long an SFTP server may keep us waiting."""

    connect: Duration = timedelta(seconds=15)
    """For the connection itself."""
    banner: Duration = timedelta(seconds=15)
    """For the server's first line."""
    auth: Duration = timedelta(seconds=15)
    """For the answer to our key or password."""
    channel: Duration = timedelta(seconds=60)
    """For any single answer."""
    file: Duration = timedelta(minutes=10)
    """For one whole file."""

    @field_validator("*")
    @classmethod
    def _some_time(cls, patience: timedelta) -> timedelta:
        if not patience:
            raise ValueError("expected a time such as 15s; without any, no server answers soon enough")
        return patience


class SftpEndpoint(Model):
    """A folder on an SFTP server."""

    type: Literal["sftp"]
    """What kind of place it is."""
    host: str
    """Name or address of the server."""
    port: int = Field(default=22, ge=1, le=65535)
    """Its port."""
    user: str
    """Who we are there."""
    path: str = ""
    """Folder on the server that the folders of flows start from; blank for where the login lands."""
    host_keys: Fingerprints = ()
    """SHA256 fingerprints of the server's keys; several while the partner changes them."""
    known_hosts: str = KNOWN_HOSTS
    """File with the server's keys, trusted beside those of `host_keys`; `exchange hostkeys pin` adds to it."""
    key: Secrets = ()
    """Where our private key is; several are tried in order."""
    passphrase: SecretReference | None = None
    """Where the pass phrase of the private key is."""
    password: Secrets = ()
    """Where our password is; with a key too, for servers that ask for both."""
    legacy: tuple[
        Literal[
            "aes128-cbc",
            "aes192-cbc",
            "aes256-cbc",
            "3des-cbc",
            "hmac-sha1",
            "hmac-sha1-96",
            "hmac-md5",
            "hmac-md5-96",
        ],
        ...,
    ] = ()
    """Weak algorithms switched on again for this server only; `exchange doctor` keeps naming them."""
    temp_folder: str = ""
    """Folder below `path` for files that are not complete yet; blank for the folder they go to."""
    replace: Literal["safe", "unsafe"] = "safe"
    """`unsafe`: where a delivery has `exists: replace` and the server cannot do that in one step, the old file is
    removed first, so that for a moment there is none."""
    interval: Duration = timedelta(seconds=55)
    """How often `exchange watch` looks there."""
    timeouts: Timeouts = Field(default_factory=Timeouts)
    """How long the server may keep us waiting."""
    max_in_flight: int | None = Field(default=None, ge=1)
    """Most delivered files that the partner has neither taken nor acknowledged; the rest waits here."""

    @field_validator("interval")
    @classmethod
    def _not_all_the_time(cls, interval: timedelta) -> timedelta:
        if interval < timedelta(seconds=1):
            raise ValueError("expected 1s or more")
        return interval

    @field_validator("host")
    @classmethod
    def _plain_host(cls, host: str) -> str:
        if not _HOST.fullmatch(host):
            # What was written is not shown: people put passwords into URLs.
            raise ValueError("a host is a name or an address alone, such as sftp.example.com: no user, port or folder")
        return host


def _type_of(value: object) -> str:
    """Return the `type` of an endpoint; a folder need not say it."""
    found = value.get("type", "local") if isinstance(value, dict) else getattr(value, "type", "local")
    return str(found)


class EndpointModel(Model):
    """What the model of an endpoint type that another distribution adds begins with."""

    type: str
    """What kind of place it is: the name of the entry point."""
    interval: Duration = timedelta(seconds=55)
    """How often `exchange watch` looks there."""
    max_in_flight: int | None = Field(default=None, ge=1)
    """Most delivered files that the partner has neither taken nor acknowledged; the rest waits here."""


@dataclass(frozen=True, slots=True)
class EndpointType:
    """What a distribution adds as an endpoint type: the object that its entry point in `exchange.endpoints` names."""

    model: type[EndpointModel]
    """Its keys in exchange.yaml."""
    make: str
    """`module:function` as in `assemble.endpoints.ENDPOINTS`: (name, model, workspace folder) -> kernel.Endpoint."""


TYPES: frozenset[str] = frozenset({"local", "sftp"})
"""Our own."""


def _of_its_type(value: object, ours: ValidatorFunctionWrapHandler) -> object:
    """Validate what is of a type that another distribution adds by its model; the rest by ours."""
    named = _type_of(value)
    if named in TYPES:
        return ours(value)
    found = added_type(ENDPOINTS, named, EndpointType)
    return ours(value) if found is None else found.model.model_validate(value)


Endpoint = Annotated[
    Annotated[LocalEndpoint, Tag("local")] | Annotated[SftpEndpoint, Tag("sftp")],
    Discriminator(_type_of),
    WrapValidator(_of_its_type),
]
"""One of ours, or one that another distribution adds: then it is an `EndpointModel`."""
