"""A throw-away PostgreSQL server for one test process."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import sqlalchemy as sa

# Nothing has to outlive the server, and no plan is worth being compiled.
CARELESS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=64MB",
    "autovacuum=off",
    "jit=off",
    "listen_addresses=",
)
MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes; a server takes some 200 MB


def _quick_folder() -> Path | None:
    """Memory where there is enough, so that no disk is waited for."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


class Server:
    """A PostgreSQL cluster in a temporary folder, on a Unix socket only.

    PostgreSQL refuses to run as root; then the `postgres` user of Debian's package runs it.
    """

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise RuntimeError(
                "PostgreSQL is not installed: run `make test`, or apt-get install postgresql"
            )
        self.bin = found[-1].parent
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=_quick_folder()))
        self.data = self.folder / "data"
        self.runner: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.runner = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", self.data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust",
                  "--no-sync", "-U", "postgres")  # fmt: skip
        options = " ".join(f"-c {option}" for option in CARELESS) + f" -k {self.folder}"
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start"
        )
        self._end_with_the_tests()
        self.admin = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> str:
        statement = f'CREATE DATABASE "{database}" TEMPLATE "{template}"'
        with self.admin.connect() as connection:
            if self.admin.dialect.server_version_info >= (15,):
                # A third of the work of writing every page to the log, as 15 does by itself.
                statement += " STRATEGY FILE_COPY"
            connection.execute(sa.text(statement))
        return self.url(database)

    def drop(self, database: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{database}" WITH (FORCE)'))

    def stop(self) -> None:
        self.admin.dispose()
        self._watch.kill()
        self._watch.wait()
        self._watch.stdin.close()
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _end_with_the_tests(self) -> None:
        """Have the server stopped if this process is killed, which closes the pipe that is read."""
        server = (self.data / "postmaster.pid").read_text().split()[0]
        self._watch = subprocess.Popen(
            ["sh", "-c", f"read _; kill -QUIT {server} && rm -rf {self.folder}"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self.runner, str(self.bin / program), *map(str, arguments)]
        # A file, not a pipe: the started server would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read().decode(errors='replace')}")
