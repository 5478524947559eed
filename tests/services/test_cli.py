"""What the operator types, as it answers: words, exit codes, and what has changed."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text, update

from lims import cli
from lims.config import Settings
from lims.eventlog import seal
from lims.eventlog.log import Delivery
from lims.identity import service as identity
from lims.identity.models import Token, User
from lims.kernel.db import reading, transaction
from lims.tallies.models import CountCell
from lims.vocabulary import Role
from tests import centre, databases, factories
from tests.services.test_log import advance, tell
from workers import sequencing
from workers.reactions import PROJECTIONS


@pytest.fixture
def settings_of(database, tmp_path):
    return {
        "LIMS_DATA_DIR": str(tmp_path / "data"),
        "LIMS_DATABASE_URL": database,
        "LIMS_SECRET_KEY": "x" * 40,
        "LIMS_SEAL_DIR": str(tmp_path / "seals"),
    }


@pytest.fixture
def lims(settings_of):
    """Type a command on the test's database."""

    def type_in(*words, stdin=None):
        return CliRunner(env=settings_of).invoke(cli.lims, words, input=stdin)

    return type_in


def test_a_person_is_added_listed_disabled_and_listed_as_such(lims):
    added = lims("user", "add", "lan", "--role", "reception", stdin="đi chợ sớm mai\n" * 2)
    assert added.exit_code == 0, added.output
    assert "lan can sign in." in added.output
    assert lims("user", "list").output.split() == ["lan", "reception"]

    assert lims("user", "disable", "lan").exit_code == 0

    assert lims("user", "list").output.split() == ["lan", "reception", "disabled"]


def test_a_refusal_is_a_sentence_and_exit_code_1(lims):
    refused = lims("user", "disable", "nobody")

    assert refused.exit_code == 1
    assert refused.stderr == "There is no user nobody.\n"


def test_a_forgotten_password_is_set_from_the_command_line(lims):
    with transaction() as session:
        factories.user(session, Role.ADMIN, login="lan")

    done = lims("user", "password", "lan", stdin="một mật khẩu khác\n" * 2)

    assert done.exit_code == 0, done.output
    with reading() as session:
        assert identity.recognise(session, "lan", "một mật khẩu khác") is not None


def test_a_token_is_shown_once_and_kept_as_a_hash(lims):
    with transaction() as session:
        factories.user(session, Role.TECHNICIAN, login="may-can")

    key = lims("user", "token", "may-can", "--label", "cân 30 kg").output.strip()

    with reading() as session:
        assert identity.by_token(session, key).login == "may-can"
        kept = session.scalars(select(Token)).one()
    assert kept.label == "cân 30 kg"
    assert key not in str(vars(kept))


def test_the_chain_is_verified_and_a_fault_is_named_by_its_position(lims):
    tell(3)
    advance()
    assert lims("log", "verify").output == "3 facts, the chain holds.\n"

    with transaction() as session:
        databases.stand_aside(session, "event_log_no_update")
        session.execute(update(cli.Entry).where(cli.Entry.position == 2).values(by="eve"))

    broken = lims("log", "verify")
    assert broken.exit_code == 1
    assert broken.stderr == "position 2: changed\n"


def test_the_log_goes_out_as_one_line_of_json_for_each_fact(lims):
    tell(3)
    advance()

    lines = lims("log", "export", "--after", "1").output.splitlines()

    assert [int(json.loads(one)["sequence"]) for one in lines] == [2, 3]
    assert json.loads(lines[0])["type"].endswith("identity.user_disabled")


def test_a_seal_is_made_once_for_a_head_and_copied_out(lims, tmp_path):
    assert lims("log", "seal").output == "Nothing new to seal.\n"
    tell(2)
    advance()

    assert lims("log", "seal").output == "Sealed at position 2.\n"
    assert lims("log", "seal").output == "Nothing new to seal.\n"

    (copy,) = (tmp_path / "seals").iterdir()
    assert json.loads(copy.read_text(encoding="utf-8"))["sealed"][0] == 2
    with reading() as session:
        assert list(seal.faults(session, tmp_path / "seals")) == []


def test_without_a_folder_for_seals_they_stay_in_the_database(lims, settings_of, tmp_path):
    del settings_of["LIMS_SEAL_DIR"]
    tell(1)
    advance()

    assert lims("log", "seal").output == "Sealed at position 1.\n"

    assert not (tmp_path / "seals").exists()


def test_the_projections_are_compared_and_made_anew(lims):
    with transaction() as session:
        found = centre.found(session)
    with transaction() as session:
        centre.receive(session, found, centre.brought(found, "A", 3))
    sequencing.run_until_idle(PROJECTIONS)
    assert lims("tally", "rebuild", "--check").output == "0 differences.\n"

    with transaction() as session:
        session.execute(update(CountCell).values(amount=99))
    wrong = lims("tally", "rebuild", "--check")
    assert wrong.exit_code == 1
    assert "live 99" in wrong.stderr

    assert lims("tally", "rebuild").exit_code == 0
    assert lims("tally", "rebuild", "--check").output == "0 differences.\n"


def test_what_failed_is_shown_with_its_error_and_owed_again(lims):
    tell(1)
    advance()
    with transaction() as session:
        failed = update(Delivery).where(Delivery.handler == "one")
        session.execute(failed.values(state="failed", error="no such user"))

    assert lims("deliveries", "--failed").output.split() == [
        *("1", "one", "identity.user_disabled", "failed", "no", "such", "user")
    ]
    assert len(lims("deliveries").output.splitlines()) == 2
    assert lims("deliveries", "--retry").output == "1 are owed again.\n"
    assert lims("deliveries", "--failed").output == ""


def test_a_deployment_that_is_well_says_so(lims):
    said = lims("doctor")

    assert said.exit_code == 0, said.output
    assert "FAULT" not in said.output
    assert "broker: in memory" in said.output


def test_each_fault_comes_with_its_remedy(lims, settings_of):
    tell(1)
    advance()
    with transaction() as session:
        session.execute(update(Delivery).values(state="failed"))
        session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    settings_of["LIMS_BROKER_URL"] = "redis://127.0.0.1:9/0"

    said = lims("doctor")

    assert said.exit_code == 1
    for remedy in ("run `lims migrate`", "`lims deliveries --failed`", "start Redis"):
        assert remedy in said.output


def test_a_database_that_does_not_answer_is_one_fault(lims, settings_of, tmp_path):
    settings_of["LIMS_DATABASE_URL"] = f"sqlite:///{tmp_path / 'empty.db'}"

    said = lims("doctor")

    assert said.exit_code == 1
    assert "check LIMS_DATABASE_URL" in said.output


def test_the_demonstration_leaves_a_centre_in_use_alone(lims):
    with transaction() as session:
        factories.user(session, Role.ADMIN, login="lan")

    assert lims("demo", "--if-empty").output == ""
    assert lims("demo").exit_code == 1
    with reading() as session:
        assert session.scalars(select(User.login)).all() == ["lan"]


def test_documents_that_lag_are_named_and_written(lims, tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()

    lagging = lims("docs", "--check", str(folder))
    written = lims("docs", str(folder))

    assert lagging.exit_code == 1
    assert "events.md lags: run make docs" in lagging.output
    assert written.exit_code == 0
    assert sorted(one.name for one in folder.iterdir()) == ["access.md", "events.md"]
    assert lims("docs", "--check", str(folder)).output == ""


def test_settings_are_read_from_the_environment_and_a_secret_is_made_once(tmp_path, monkeypatch):
    for name in ("LIMS_DATABASE_URL", "LIMS_SECRET_KEY", "LIMS_KEEPER_PIPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIMS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LIMS_PUBLIC_URL", "https://lims.example.vn")

    first, second = Settings.from_env(), Settings.from_env()

    assert first == second
    assert len(first.secret_key) >= 48
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0
    assert first.secure
    assert first.embedded
    assert first.database_url == f"sqlite:///{(tmp_path / 'data').resolve() / 'lims.db'}"
