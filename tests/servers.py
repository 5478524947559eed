"""Tell which servers the tests may use: those that are named, else those that answer here.

`python -m tests.servers` says in words what the tests will therefore leave out.
"""

import os

import psycopg
import redis

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
REDIS = [f"redis://127.0.0.1:6379/{number}" for number in range(15, 0, -1)]
"""Every database of Redis but the first, which a person uses who says nothing."""


def postgres_url() -> str | None:
    """Return the address of a PostgreSQL to test on; a named one is taken unseen."""
    named = os.environ.get("LIMS_TEST_POSTGRES_URL")  # noqa: TID251 - the tests' own setting
    return named or (POSTGRES if postgres_answers() else None)


def redis_urls() -> list[str]:
    """List the databases of Redis that may be emptied for a test; a named one is taken unseen."""
    named = os.environ.get("LIMS_TEST_REDIS_URL")  # noqa: TID251 - the tests' own setting
    if named:
        return [named]
    return REDIS if redis_answers() else []


def postgres_answers() -> bool:
    """Try to sign in as the user postgres, without a password, on this machine."""
    try:
        psycopg.connect(POSTGRES.replace("+psycopg", ""), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_answers() -> bool:
    """Ask for a sign of life."""
    client = redis.Redis.from_url(REDIS[0], socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def sentence(server: str, found: str | list[str] | None, setting: str) -> str:
    """Say what is tested on a server, or that it is left out and what to do about it."""
    if not found:
        return f"Left out: {server}. None answers here; start one or set {setting}."
    return f"Found: {server}; the tests run on it too."


if __name__ == "__main__":
    print(sentence("PostgreSQL", postgres_url(), "LIMS_TEST_POSTGRES_URL"))  # noqa: T201
    print(sentence("Redis", redis_urls(), "LIMS_TEST_REDIS_URL"))  # noqa: T201
