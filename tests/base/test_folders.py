"""Files that are named beside a document, and the folder that some may not leave."""

import os

import pytest

import graphstep as gs
from graphstep.base.folders import file_in


@pytest.fixture
def folder(tmp_path):
    """A folder `deck` with files, with links into it and out of it, beside a secret."""
    made = tmp_path / "deck"
    (made / "sub").mkdir(parents=True)
    for path in (tmp_path / "secret.npy", made / "a.npy", made / "sub" / "b.npy"):
        path.write_bytes(b"")
    (tmp_path / "deck2").mkdir()
    (tmp_path / "deck2" / "c.npy").write_bytes(b"")
    links = {
        "inner.npy": "sub/b.npy", "out.npy": "../secret.npy", "up": "..", "round.npy": "round.npy",
        "far.npy": str(tmp_path / "secret.npy"), "dangling.npy": "../nobody.npy",
    }  # fmt: skip
    for name, target in links.items():
        (made / name).symlink_to(target)
    (made / "chain.npy").symlink_to("out.npy")
    return made


INSIDE = [
    "a.npy",
    "sub/b.npy",
    "./a.npy",
    "sub/../a.npy",
    "inner.npy",
    "up/deck/a.npy",
    "none.npy",
    "..npy",
    "a..b/c",
]
OUTSIDE = [
    "../secret.npy", "..", "sub/../../secret.npy", "out.npy", "far.npy", "up/secret.npy", "chain.npy",
    "dangling.npy", "../deck2/c.npy", "/etc/passwd", "//host/share/a.npy", r"\\host\share\a.npy", r"\a.npy",
    "C:/a.npy", r"C:\a.npy", "C:a.npy", "/dev/zero", "/proc/self/environ", "file:///etc/../../../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_inside_is_found(folder, name):
    assert file_in(folder, name, folder) == file_in(folder, name) == folder / name


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_is_refused(folder, name):
    with pytest.raises(gs.InputError) as refused:
        file_in(folder, name, folder)
    assert (refused.value.key, refused.value.values["path"]) == ("outside_folder", name)
    file_in(folder, name)


def test_a_folder_further_up_may_be_the_limit(folder):
    assert file_in(folder, "../secret.npy", folder.parent).exists()
    with pytest.raises(gs.InputError):
        file_in(folder, "../../secret.npy", folder.parent)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_names_that_no_file_can_have(folder, name):
    try:
        file_in(folder, name, folder)
    except gs.InputError as error:
        assert error.key in ("cannot_read", "outside_folder")


@pytest.mark.parametrize("name", ["//host/share/a.npy", r"\\host\share\a.npy", "Z:/a.npy"])
def test_other_computers_are_not_even_asked(folder, name, monkeypatch):
    monkeypatch.setattr(os, "stat", lambda *_, **__: pytest.fail("asked"))
    monkeypatch.setattr(os, "lstat", lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(gs.InputError):
        file_in(folder, name, folder)


def test_the_current_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    here = type(folder)()
    assert file_in(here, "a.npy", here).exists()
    with pytest.raises(gs.InputError):
        file_in(here, "../secret.npy", here)
