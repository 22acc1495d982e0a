"""Which names are deliveries."""

from pathlib import Path

import pytest

from workers.watch.filters import InboxFilter


@pytest.mark.parametrize(
    "name",
    [
        "a.txt.part",
        "a.TMP",
        "a.crdownload",
        "Unconfirmed 123.crdownload",
        "a.txt~",
        "~a.txt",
        ".a.txt",
        "x/.b/a.txt",
        "a.txt.meta.json",
        # sync tools
        ".dropbox",
        ".dropbox.cache/2020-01-08/a.txt",
        ".syncthing.a.txt.tmp",
        "~syncthing~a.txt.tmp",
        ".stversions/a.txt",
        ".sync/a.txt",
        "a.txt.!sync",
        "._sync_0a1b.db",
        # rsync, with and without its folder for parts
        ".a.txt.Xy12Za",
        ".~tmp~/a.txt",
        ".rsync-partial/a.txt",
        # office programs and editors
        "~$report.txt",
        ".~lock.report.txt#",
        "~WRL0001.tmp",
        "#a.txt#",
        ".a.txt.swp",
        ".goutputstream-7XY",
        # file managers and file systems
        "._a.txt",
        ".DS_Store",
        "__MACOSX/._a.txt",
        "Thumbs.db",
        "desktop.ini",
        "Icon\r",
        ".nfs000000000001",
        "lost+found/1",
        # downloads that are folders, or keep a file of their own beside
        "page.download/a.html",
        "a.html.aria2",
    ],
)
def test_hidden_partial_temporary_and_sync_tools_files_wait(name: str) -> None:
    assert not InboxFilter.is_delivery(Path(name))


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "x/y/a.json",
        "part.txt",
        "no-suffix",
        "a.meta.json.txt",
        "#1 in the news.txt",
        "a (conflicted copy 2020-01-08).txt",
        "a.sync-conflict-20200108-120000-ABCDEFG.txt",
        "tmp.txt",
        "a.parts.txt",
    ],
)
def test_all_other_files_are_deliveries(name: str) -> None:
    assert InboxFilter.is_delivery(Path(name))
