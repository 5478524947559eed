"""Settings, read once from the environment. Nothing else reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the deployment decides. Each field is a variable named in `.env.example`."""

    data_dir: Path
    database_url: str
    broker_url: str | None = None
    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Ho_Chi_Minh"
    seal_dir: Path | None = None
    trusted_proxies: int = 0
    demo: bool = False
    metrics_token: str | None = None
    keeper_pipe: int | None = None

    @property
    def embedded(self) -> bool:
        """Tell whether one machine does it all: SQLite and the in-memory broker."""
        return self.broker_url is None

    @property
    def secure(self) -> bool:
        """Tell whether the public address is https, so that cookies must be Secure."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls) -> "Settings":
        """Read the settings; a missing secret is made once and kept in the data folder."""
        env = os.environ  # noqa: TID251 - this is the one place
        data = Path(env.get("LIMS_DATA_DIR") or "var").resolve()
        seals = env.get("LIMS_SEAL_DIR")
        return cls(
            data_dir=data,
            database_url=env.get("LIMS_DATABASE_URL") or f"sqlite:///{data / 'lims.db'}",
            broker_url=env.get("LIMS_BROKER_URL") or None,
            secret_key=env.get("LIMS_SECRET_KEY") or _own_secret(data),
            public_url=env.get("LIMS_PUBLIC_URL") or cls.public_url,
            timezone=env.get("LIMS_TIMEZONE") or cls.timezone,
            seal_dir=Path(seals) if seals else None,
            trusted_proxies=int(env.get("LIMS_TRUSTED_PROXIES") or 0),
            demo=_is_yes(env, "LIMS_DEMO"),
            metrics_token=env.get("LIMS_METRICS_TOKEN") or None,
            keeper_pipe=int(env["LIMS_KEEPER_PIPE"]) if env.get("LIMS_KEEPER_PIPE") else None,
        )


def for_child(**settings: str) -> dict[str, str]:
    """Return the environment of a process of ours, with settings that only it gets."""
    return {**os.environ, **settings}  # noqa: TID251 - handed on unread


def _is_yes(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").lower() in {"1", "yes", "true"}


def _own_secret(data: Path) -> str:
    """Make the secret of a machine that was given none; readable by its owner only."""
    kept = data / "secret_key"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"secret_key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            kept.hardlink_to(fresh)  # the first of two processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text(encoding="ascii")
