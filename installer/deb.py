"""A Debian package from the folder that PyInstaller made: `./dev package` runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from consentdesk import __version__

HERE = Path(__file__).resolve().parent

# What Qt and the second code reader load from the system; the second name is the one after the change to 64-bit time.
DEPENDS = (
    "libegl1", "libgl1", "libx11-xcb1", "libdbus-1-3", "libfontconfig1", "libglib2.0-0 | libglib2.0-0t64",
    "libgssapi-krb5-2", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-shape0", "libxcb-sync1", "libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon0",
    "libxkbcommon-x11-0", "libzbar0 | libzbar0t64",
)  # fmt: skip

CONTROL = """\
Package: consentdesk
Version: {version}
Architecture: {architecture}
Maintainer: ConsentDesk contributors <consentdesk@localhost>
Installed-Size: {kilobytes}
Depends: libc6 (>= {libc}), {depends}
Section: education
Priority: optional
Description: Consent slips of a school, from print to the list for the trip
 Prints coded consent forms, reads the returned slips from a scanner, asks about
 what is doubtful, and says who may be photographed, and for what. Works offline.
"""

LAUNCHER = """\
[Desktop Entry]
Type=Application
Name=ConsentDesk
Comment=Who may be photographed, and for what
Exec=/usr/bin/consentdesk
Icon=consentdesk
Categories=Office;Education;
Terminal=false
"""


def build(folder: Path, target: Path) -> Path:
    """Pack `folder` into a .deb in `target`; its path. Raises `CalledProcessError` where dpkg-deb fails."""
    architecture = _said("dpkg", "--print-architecture")
    name = f"consentdesk_{__version__}_{architecture}"
    root = target / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "opt" / "consentdesk", symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/consentdesk").symlink_to("/opt/consentdesk/consentdesk")
    (root / "usr/share/applications").mkdir(parents=True)
    (root / "usr/share/applications/consentdesk.desktop").write_text(LAUNCHER, encoding="utf-8")
    papers = root / "usr/share/doc/consentdesk"
    papers.mkdir(parents=True)
    for paper in ("LICENSE", "README.md", "SECURITY.md", "CHANGELOG.md"):
        shutil.copy(HERE.parent / paper, papers / ("copyright" if paper == "LICENSE" else paper))
    # As umask and checkout left them, the files might be anybody's.
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
    kilobytes = (
        sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        // 1024
    )
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(
        CONTROL.format(
            version=__version__,
            architecture=architecture,
            kilobytes=kilobytes,
            libc=_libc(),
            depends=", ".join(DEPENDS),
        ),
        encoding="utf-8",
    )
    package = target / f"{name}.deb"
    subprocess.run(  # noqa: S603
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", str(root), str(package)],  # noqa: S607
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(root)
    return package


def _libc() -> str:
    """The C library that the Python here was built against asks for at least as much as its own version."""
    return _said("getconf", "GNU_LIBC_VERSION").rpartition(" ")[2]


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
