//! Scripts of path operations with what each answers: `wasi/paths/*.txt`, rewritten with `UPDATE=1`.
//!
//! A line is a verb, its paths, and `=>` with the answer; a path may begin with `ro:` (the directory that may
//! only be read) or with the name of a directory that `opendir` opened.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::fake::{
    APPEND, BUFFER, CREATE, DIRECTORY, EXCLUSIVE, FOLLOW, Fake, OTHER_PATH, PATH, READ, READ_ONLY, RESULT,
    ROOT, TRUNCATE, WRITE,
};

#[test]
fn scripts_answer_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wasi/paths");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 5, "the scripts are there");
    for path in paths {
        let script = std::fs::read_to_string(&path).unwrap();
        let answered = play(&script);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &answered).unwrap();
            continue;
        }
        assert_eq!(answered, script, "{} (UPDATE=1 rewrites it)", path.display());
    }
}

fn play(script: &str) -> String {
    let mut player = Player { fake: Fake::new(), opened: BTreeMap::from([("ro".into(), READ_ONLY)]) };
    let mut answered = String::new();
    for line in script.lines() {
        let asked = line.split("=>").next().unwrap_or(line).trim_end();
        if asked.is_empty() || asked.starts_with('#') {
            writeln!(answered, "{asked}").unwrap();
            continue;
        }
        let words: Vec<&str> = asked.split_whitespace().collect();
        let answer = match player.answer(&words) {
            Ok(text) => text,
            Err(errno) => errno.to_owned(),
        };
        writeln!(answered, "{asked} => {answer}").unwrap();
    }
    answered
}

struct Player {
    fake: Fake,
    opened: BTreeMap<String, u32>,
}

impl Player {
    fn answer(&mut self, words: &[&str]) -> Result<String, &'static str> {
        let ok = |()| "ok".to_owned();
        match *words {
            ["mkdir", path] => self.one("path_create_directory", path).map(ok),
            ["rmdir", path] => self.one("path_remove_directory", path).map(ok),
            ["unlink", path] => self.one("path_unlink_file", path).map(ok),
            ["rename", from, to] => self.two("path_rename", None, from, to).map(ok),
            ["link", from, to] => self.two("path_link", Some(0), from, to).map(ok),
            ["link-follow", from, to] => self.two("path_link", Some(FOLLOW), from, to).map(ok),
            ["symlink", target, path] => self.symlink(target, path).map(ok),
            ["readlink", path] => self.readlink(path),
            ["touch", path] => self.touch(path).map(ok),
            ["stat", path] => self.stat(0, path),
            ["stat-follow", path] => self.stat(FOLLOW, path),
            ["opendir", path, "as", name] => {
                let fd = self.open(path, &["directory"])?;
                self.opened.insert(name.to_owned(), fd);
                Ok("ok".into())
            }
            ["create", path] => self.open_and_close(path, &["create"]),
            ["open", path, ref flags @ ..] => self.open_and_close(path, flags),
            ["write", path, text] => {
                let fd = self.open(path, &["create", "truncate", "write"])?;
                let count = self.fake.write(fd, text.as_bytes())?;
                self.fake.close(fd)?;
                Ok(format!("{count}"))
            }
            ["read", path] => {
                let fd = self.open(path, &["follow", "read"])?;
                let bytes = self.fake.read(fd, 100)?;
                self.fake.close(fd)?;
                Ok(format!("`{}`", String::from_utf8(bytes).unwrap()))
            }
            ["files"] => Ok(self.fake.host.wasi.files().list().join(" ")),
            _ => panic!("no such line: {words:?}"),
        }
    }

    /// The directory and the rest of a path. `<long>` stands for a name of 256 bytes, `<empty>` for none,
    /// `<nul>` for a zero, `<deep>` for a path of 4,098 bytes.
    fn resolve(&self, path: &str) -> (u32, String) {
        let (fd, path) = match path.split_once(':') {
            Some((name, path)) => (self.opened[name], path),
            None => (ROOT, path),
        };
        let path = path.replace("<long>", &"n".repeat(256)).replace("<empty>", "").replace("<nul>", "\0");
        (fd, path.replace("<deep>", &"d/".repeat(2049)))
    }

    fn one(&mut self, name: &str, path: &str) -> Result<(), &'static str> {
        let (fd, path) = self.resolve(path);
        self.fake.on_path(name, fd, &path)
    }

    fn two(&mut self, name: &str, lookup: Option<u32>, from: &str, to: &str) -> Result<(), &'static str> {
        let ((from_fd, from), (to_fd, to)) = (self.resolve(from), self.resolve(to));
        let (from, to) = (self.fake.put(PATH, from.as_bytes()), self.fake.put(OTHER_PATH, to.as_bytes()));
        let mut args = vec![u64::from(from_fd)];
        args.extend(lookup.map(u64::from));
        args.extend([from.0, from.1, u64::from(to_fd), to.0, to.1]);
        self.fake.run(name, &args)
    }

    fn symlink(&mut self, target: &str, path: &str) -> Result<(), &'static str> {
        let (_, target) = self.resolve(target);
        let (fd, path) = self.resolve(path);
        let target = self.fake.put(OTHER_PATH, target.as_bytes());
        let path = self.fake.put(PATH, path.as_bytes());
        self.fake.run("path_symlink", &[target.0, target.1, u64::from(fd), path.0, path.1])
    }

    fn readlink(&mut self, path: &str) -> Result<String, &'static str> {
        let (fd, path) = self.resolve(path);
        let (address, length) = self.fake.put(PATH, path.as_bytes());
        let args = [u64::from(fd), address, length, u64::from(BUFFER), 4096, u64::from(RESULT)];
        self.fake.run("path_readlink", &args)?;
        let used = self.fake.u32_at(RESULT);
        Ok(format!("`{}`", String::from_utf8(self.fake.bytes_at(BUFFER, used)).unwrap()))
    }

    fn touch(&mut self, path: &str) -> Result<(), &'static str> {
        let (fd, path) = self.resolve(path);
        let (address, length) = self.fake.put(PATH, path.as_bytes());
        self.fake.run("path_filestat_set_times", &[u64::from(fd), 0, address, length, 5, 7, 0b0101])
    }

    fn stat(&mut self, lookup: u32, path: &str) -> Result<String, &'static str> {
        let (fd, path) = self.resolve(path);
        let stat = self.fake.path_stat(fd, lookup, &path)?;
        let kind = match stat.kind {
            3 => "directory",
            4 => "file",
            7 => "link",
            other => panic!("type {other}"),
        };
        Ok(format!("{kind}, {} bytes, {} links", stat.size, stat.links))
    }

    fn open_and_close(&mut self, path: &str, flags: &[&str]) -> Result<String, &'static str> {
        let fd = self.open(path, flags)?;
        self.fake.close(fd)?;
        Ok("ok".into())
    }

    fn open(&mut self, path: &str, flags: &[&str]) -> Result<u32, &'static str> {
        let (fd, path) = self.resolve(path);
        let (mut lookup, mut open, mut rights, mut fdflags) = (0, 0, 0, 0);
        for flag in flags {
            match *flag {
                "follow" => lookup |= FOLLOW,
                "create" => open |= CREATE,
                "directory" => open |= DIRECTORY,
                "exclusive" => open |= EXCLUSIVE,
                "truncate" => open |= TRUNCATE,
                "read" => rights |= READ,
                "write" => rights |= WRITE,
                "append" => fdflags |= APPEND,
                "unknown-lookup" => lookup |= 2,
                "unknown-open" => open |= 16,
                "unknown-flag" => fdflags |= 32,
                other => panic!("no such flag: {other}"),
            }
        }
        self.fake.open_with(fd, &path, (lookup, open), (rights, 0), fdflags)
    }
}
