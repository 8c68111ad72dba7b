//! A PostgreSQL of the test's own: made in a scratch folder, reached by a socket file, gone at the end.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::scratch::Scratch;

/// A running server.
pub struct Cluster {
    scratch: Scratch,
    programs: PathBuf,
    as_postgres: bool,
}

impl Cluster {
    /// Makes and starts one. PostgreSQL refuses to run as root, so root becomes the user `postgres` for it.
    pub fn start() -> Self {
        let scratch = Scratch::new();
        let cluster = Self { programs: programs(), as_postgres: is_root(), scratch };
        let folder = cluster.scratch.path();
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).expect("our own folder");
        let data = cluster.data();
        let locale =
            ["--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "--auth=trust", "--username=postgres"];
        cluster.run("initdb", [OsStr::new("-D"), data.as_os_str()].into_iter().chain(locale.map(OsStr::new)));
        let options = cluster.options();
        let log = folder.join("log");
        cluster.run(
            "pg_ctl",
            [
                OsStr::new("-w"),
                OsStr::new("-D"),
                data.as_os_str(),
                OsStr::new("-l"),
                log.as_os_str(),
                OsStr::new("-o"),
                OsStr::new(&options),
                OsStr::new("start"),
            ],
        );
        cluster
    }

    /// The URL of a new, empty database.
    pub async fn database(&self) -> String {
        let name = format!("d{}", uuid::Uuid::new_v4().simple());
        let mut conn = PgConnection::connect(&self.url("postgres")).await.expect("the server is up");
        let sql = format!("CREATE DATABASE {name}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await.expect("a new database");
        conn.close().await.expect("an orderly goodbye");
        self.url(&name)
    }

    /// Ends every server process at once, as a crash would, and starts again.
    pub fn crashes_and_restarts(&self) {
        let data = self.data();
        let options = self.options();
        let log = self.scratch.path().join("log");
        let stop = ["-m", "immediate", "stop"].map(OsStr::new);
        self.run("pg_ctl", [OsStr::new("-w"), OsStr::new("-D"), data.as_os_str()].into_iter().chain(stop));
        let start =
            [OsStr::new("-l"), log.as_os_str(), OsStr::new("-o"), OsStr::new(&options), OsStr::new("start")];
        self.run("pg_ctl", [OsStr::new("-w"), OsStr::new("-D"), data.as_os_str()].into_iter().chain(start));
    }

    /// No TCP port at all. Without sync: the tests end processes, not the machine.
    fn options(&self) -> String {
        let folder = self.scratch.path().display();
        format!("-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200")
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.scratch.path().display())
    }

    fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    fn run<'a>(&self, program: &str, args: impl IntoIterator<Item = &'a OsStr>) {
        let path = self.programs.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        // Output to a file: the server inherits it and would hold a pipe open for ever.
        let output = self.scratch.path().join(format!("{program}.out"));
        let file = std::fs::File::create(&output).expect("the scratch folder takes a file");
        let copy = file.try_clone().expect("a second handle");
        command.args(args).current_dir("/").stdin(Stdio::null()).stdout(file).stderr(copy);
        let status = command.status().unwrap_or_else(|error| panic!("{program} did not start: {error}"));
        if !status.success() {
            let said = std::fs::read_to_string(&output).unwrap_or_default();
            let log = std::fs::read_to_string(self.scratch.path().join("log")).unwrap_or_default();
            panic!("{program} failed ({status}):\n{said}\n{log}");
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let stop = ["-m", "immediate", "stop"].map(OsStr::new);
        self.run("pg_ctl", [OsStr::new("-w"), OsStr::new("-D"), data.as_os_str()].into_iter().chain(stop));
    }
}

/// The folder of `initdb` and `pg_ctl`: Debian keeps them outside the path, by version.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.filter_map(Result::ok).map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    versions.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    versions.into_iter().find(|path| path.join("initdb").exists()).expect(
        "PostgreSQL is not installed, and the record must be tested on it: apt-get install postgresql (no server need run)",
    )
}

fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).and_then(OsStr::to_str);
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("`id` exists everywhere");
    id.stdout.starts_with(b"0")
}
