"""Vendor what the review app serves: `python vendor.py FOLDER`, a folder with nhsuk-frontend-10.6.1.tgz and htmx.org-2.0.11.tgz.

Takes out of the stylesheet the font (Frutiger may be passed on by nobody) and every file it would fetch. See README.md beside this file.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Name here, archive, member.
TAKEN = (
    ("nhsuk.css", "nhsuk-frontend-10.6.1.tgz", "package/dist/nhsuk/nhsuk-frontend.min.css"),
    ("nhsuk.js", "nhsuk-frontend-10.6.1.tgz", "package/dist/nhsuk/nhsuk-frontend.min.js"),
    ("htmx.js", "htmx.org-2.0.11.tgz", "package/dist/htmx.min.js"),
    ("LICENSE-htmx.txt", "htmx.org-2.0.11.tgz", "package/LICENSE"),
)


def plain_styles(css: str) -> str:
    """The stylesheet without font faces, without the font's name, and with no address to fetch from."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r'"?Frutiger W01"?\s*,\s*', "", css)
    css = re.sub(r"/\*#\s*sourceMappingURL=.*?\*/", "", css)
    return re.sub(r"url\((?!['\"]?data:)[^)]*\)", "none", css)


def main() -> None:
    """Take each file out of its archive and write it beside this script; say its hash."""
    folder = Path(sys.argv[1])
    for name, archive, member in TAKEN:
        with tarfile.open(folder / archive) as packed:
            found = packed.extractfile(member)
            if found is None:
                sys.exit(f"{archive} holds no {member}.")
            content = found.read()
        if name.endswith(".css"):
            content = plain_styles(content.decode()).encode()
        content = re.sub(rb"//# sourceMappingURL=.*", b"", content).rstrip() + b"\n"
        (HERE / name).write_bytes(content)
        sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {name}\n")


if __name__ == "__main__":
    main()
