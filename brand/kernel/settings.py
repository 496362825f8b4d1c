"""Every setting of the service, read once from the environment (prefix ``BRANDTRACE_``) or a ``.env`` file."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_BYTES = 32
_OWNERSHIP = re.compile(r"[A-Za-z0-9_-]{1,80}\.txt\s*=\s*[!-~]{1,200}")


class Settings(BaseSettings):
    """What an operator may choose; the README's table is checked against these fields by a test."""

    model_config = SettingsConfigDict(env_prefix="BRANDTRACE_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder for the embedded database, secrets and sealed keys.")
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL", "BRANDTRACE_DATABASE_URL"),
        description="SQLAlchemy address; empty means SQLite inside the data folder.",
    )
    keys_dir: Path = Field(Path("keys/private"), description="Folder of the sealed private keys; made with mode 0700.")
    signer: Path | None = Field(
        None, description="Socket of `brandtrace signer`; empty means that the service opens the sealed keys itself."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Address printed in codes and links; never taken from a request."
    )
    origin: str = Field(
        "localhost/log", description="Scheme-less name of this registry, signed into every code; choose once, for ever."
    )
    trusted_hosts: str = Field("", description="Comma-separated host names answered; empty means that of public_url.")
    proxies: int = Field(
        0, ge=0, le=3, description="Number of reverse proxies whose X-Forwarded-* headers are believed."
    )
    place_header: str = Field(
        "",
        description="Request header in which the trusted proxy names the asker's coarse place (GB/T 2260, six digits).",
    )
    place_table: Path | None = Field(
        None, description="Table of address prefixes and coarse places (CSV), read at start; none is shipped."
    )
    language: str = Field("zh", pattern="^(zh|en)$", description="Language when the browser names none that we have.")
    ownership_files: str = Field(
        "",
        description="Files by which a platform (WeChat) sees whose domain this is: name.txt=content, parted by commas.",
    )
    office_contact: str = Field(
        "", description="How the public reaches the brand office (telephone, address); shown on consumer pages."
    )
    log_policy: Path | None = Field(
        None, description="File (C2SP tlog-policy): witnesses that are asked to cosign the log, and how many must."
    )
    session_idle_minutes: int = Field(30, ge=5, description="A sign-in ends after this long without a request.")
    session_hours: int = Field(12, ge=1, le=24, description="A sign-in ends after this long in any case.")
    complainants_kept_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days after the last step of an ended complaint until its sender is forgotten; 0 means never. "
        "No plan states a period: the office sets it",
    )
    upload_bytes: int = Field(8_000_000, ge=100_000, description="Largest accepted upload in bytes.")
    limits_enabled: bool = Field(True, description="Rate limits on sign-in, joining and look-ups.")

    @property
    def owned(self) -> dict[str, str]:
        """The ownership files by name."""
        pairs = (one.strip().partition("=") for one in self.ownership_files.split(",") if one.strip())
        return {name.strip(): content.strip() for name, _, content in pairs}

    @field_validator("ownership_files")
    @classmethod
    def _named_safely(cls, value: str) -> str:
        """A file's name is one plain word with .txt, so that no setting can hide a page of ours."""
        for one in value.split(","):
            if one.strip() and not _OWNERSHIP.fullmatch(one.strip()):
                raise ValueError(f"not name.txt=content: {one.strip()!r}")
        return value

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'brandtrace.db').resolve()}"

    @property
    def secure(self) -> bool:
        """Whether the public speaks https to us, so that cookies may demand it."""
        return self.public_url.startswith("https://")

    def secret(self, name: str) -> str:
        """The secret of that name: the service manager's credential where it hands one over, else the install's own.

        The install's own is made on first use in a file nobody else can read.
        """
        credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / name
        if os.environ.get("CREDENTIALS_DIRECTORY") and credential.is_file():
            return credential.read_text(encoding="utf-8").strip()
        return _secret_file(self.data_dir / "secrets" / name)


def _secret_file(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        value = secrets.token_urlsafe(SECRET_BYTES)
        file.write(value)
    return value
