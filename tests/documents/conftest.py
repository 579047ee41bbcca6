"""Fixtures that read PDF with other programs."""

import io
import os
import shutil
import subprocess
import unicodedata

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="module")
def poppler(tmp_path_factory):
    """Runs one of poppler's programs on a PDF and returns what it prints."""
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("poppler is missing: tools/system-packages installs it")
        pytest.skip("no poppler")
    folder = tmp_path_factory.mktemp("pdf")

    def run(data, program, *options):
        path = folder / "it.pdf"
        path.write_bytes(data)
        target = ["-"] if program == "pdftotext" else []
        made = subprocess.run([program, *options, path, *target], capture_output=True, check=True)
        return made.stdout if "-png" in options else made.stdout.decode()

    return run


@pytest.fixture(scope="module")
def pages(poppler):
    """The text of each page, with letters of formulas as plain letters."""

    def read(data, *options):
        text = unicodedata.normalize("NFKC", poppler(data, "pdftotext", *options))
        return text.split("\f")[:-1]

    return read


@pytest.fixture(scope="module")
def pixels(poppler):
    """One page as an array of pixels."""

    def rendered(data, page, ppi=72):
        made = poppler(data, "pdftoppm", "-r", str(ppi), "-f", str(page), "-l", str(page), "-png")
        return np.asarray(Image.open(io.BytesIO(made)).convert("RGB")).astype(int)

    return rendered
