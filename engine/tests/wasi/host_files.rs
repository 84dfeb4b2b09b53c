//! The host's side of the files: filling, reading and listing the tree.

use engine::host::Host;
use engine::request::{Budget, World};
use engine::wasi::{Errno, Grant, Wasi};

use super::fake::{DIRECTORY, Fake, READ, ROOT};

#[test]
fn files_are_written_read_and_listed() {
    let mut host = Host::new(&Budget::default(), &World::default());
    let files = host.wasi.files_mut();
    files.write("b/deep/file", b"deep").unwrap();
    files.write("/a", b"first").unwrap();
    files.write("a", b"second").unwrap();
    files.make_directory("empty/one").unwrap();
    files.make_directory("empty/one").unwrap();
    assert_eq!(files.list(), ["a", "b/deep/file"]);
    assert_eq!(files.read("a"), Some(&b"second"[..]));
    assert_eq!(files.read("/b//deep/./file"), Some(&b"deep"[..]));
    for missing in ["", "c", "b", "b/deep/file/", "../a", "a/b"] {
        assert_eq!(files.read(missing), None, "`{missing}`");
    }
}

#[test]
fn what_cannot_be_kept_is_said() {
    let mut host = Host::new(&Budget { file_bytes: 10_000, ..Budget::default() }, &World::default());
    let files = host.wasi.files_mut();
    files.write("file", b"x").unwrap();
    let long = "n".repeat(256);
    for (path, cause) in [
        ("../file", Errno::Perm),
        ("", Errno::Noent),
        (".", Errno::Isdir),
        ("file/below", Errno::Notdir),
        (long.as_str(), Errno::Nametoolong),
    ] {
        assert_eq!(files.write(path, b"x").unwrap_err().cause, cause, "`{path}`");
    }
    assert_eq!(files.make_directory("file").unwrap_err().cause, Errno::Notdir);
    assert_eq!(
        files.write("big", &[0; 20_000]).unwrap_err().to_string(),
        "cannot keep `big` in the guest's files: no space left: the budget for files is used up"
    );
    assert!(host.wasi.preopen("/", "file", Grant::ReadWrite).is_err());
}

#[test]
fn a_guest_sees_the_preopened_directory_only() {
    let mut fake = Fake::new();
    fake.host.wasi.files_mut().write("given/inside", b"in").unwrap();
    fake.host.wasi.files_mut().write("outside", b"out").unwrap();
    fake.host.wasi.preopen("given", "given", Grant::ReadOnly).unwrap();
    let fd = fake.open_with(5, "inside", (0, 0), (READ, 0), 0).unwrap();
    assert_eq!(fake.read(fd, 9), Ok(b"in".to_vec()));
    assert_eq!(fake.open_with(5, "../outside", (0, 0), (READ, 0), 0), Err("PERM"));
    assert!(fake.open_with(ROOT, "given", (0, DIRECTORY), (0, 0), 0).is_ok());
}

#[test]
fn the_host_sees_what_a_guest_wrote_through_its_links() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.write(fd, b"old").unwrap();
    let (old, new) = (fake.put(2048, b"file"), fake.put(4096, b"twin"));
    fake.run("path_link", &[3, 0, old.0, old.1, 3, new.0, new.1]).unwrap();
    let link = fake.put(8192, b"link");
    fake.run("path_symlink", &[old.0, old.1, 3, link.0, link.1]).unwrap();
    fake.host.wasi.files_mut().write("file", b"replaced").unwrap();
    for path in ["file", "twin", "link"] {
        assert_eq!(fake.host.wasi.files().read(path), Some(&b"replaced"[..]), "{path}");
    }
    assert_eq!(fake.host.wasi.files().list(), ["file", "readonly/file", "twin"], "links are no files");
    assert_eq!(fake.pread(fd, 0, 99), Ok(b"replaced".to_vec()), "in place, for those who have it open");
}

#[test]
fn a_host_moves_between_threads() {
    fn sendable<T: Send>() {}
    sendable::<Wasi>();
}
