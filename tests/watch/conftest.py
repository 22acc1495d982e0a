from pathlib import Path

import pytest

from kb.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home", max_file_bytes=1000)
    made.folder.make()
    return made
