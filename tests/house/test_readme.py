"""What the README tells an operator to type is typed here, and works."""

import pytest

from tests import deployments
from tests.deployments import EMBEDDED
from tests.house.test_commands_in_the_documents import commands


@pytest.mark.slow
def test_the_readmes_own_commands_are_executed(tmp_path):
    told = [words for path, words in commands() if path == "README.md"]
    asked = [words.split()[1:] for words in told if words.startswith("lims ")]
    complete = [words for words in asked if not any(word.isupper() for word in words)]
    plain = [words for words in complete if words and words[0] != "serve"]

    with deployments.placed(tmp_path, EMBEDDED) as place:
        answers = {" ".join(words): place.lims(*words) for words in plain}

    assert {"log verify", "tally rebuild --check", "doctor", "user list"} <= set(answers)
    assert {said: one.stderr for said, one in answers.items() if one.returncode} == {}
