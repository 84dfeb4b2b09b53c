//! Reading directories: order, cookies, cut entries, change meanwhile.

use super::fake::{BUFFER, Fake, RESULT, ROOT};

/// An entry: next cookie, inode, type, name.
type Entry = (u64, u64, u8, String);

/// One call: the whole entries, and whether the buffer was not full.
fn read_some(fake: &mut Fake, fd: u32, length: u32, cookie: u64) -> (Vec<Entry>, bool) {
    fake.run("fd_readdir", &[u64::from(fd), u64::from(BUFFER), u64::from(length), cookie, u64::from(RESULT)])
        .unwrap();
    let used = fake.u32_at(RESULT);
    assert!(used <= length);
    let (mut entries, mut at) = (Vec::new(), BUFFER);
    while at + 24 <= BUFFER + used {
        let name_length = fake.u32_at(at + 16);
        if at + 24 + name_length > BUFFER + used {
            break;
        }
        let name = String::from_utf8(fake.bytes_at(at + 24, name_length)).unwrap();
        entries.push((fake.u64_at(at), fake.u64_at(at + 8), fake.bytes_at(at + 20, 1)[0], name));
        at += 24 + name_length;
    }
    (entries, used < length)
}

fn read_all(fake: &mut Fake, fd: u32, length: u32) -> Vec<Entry> {
    let (mut all, mut cookie) = (Vec::new(), 0);
    loop {
        let (entries, is_end) = read_some(fake, fd, length, cookie);
        cookie = entries.last().map_or(cookie, |entry| entry.0);
        all.extend(entries);
        if is_end {
            return all;
        }
    }
}

fn names(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.3.as_str()).collect()
}

#[test]
fn an_empty_directory_has_itself_and_the_one_above() {
    let mut fake = Fake::new();
    fake.on_path("path_create_directory", ROOT, "dir").unwrap();
    let fd = fake.open_directory("dir");
    let entries = read_all(&mut fake, fd, 256);
    let (own, above) = (fake.stat(fd).unwrap().inode, fake.stat(ROOT).unwrap().inode);
    assert_eq!(entries, [(1, own, 3, ".".into()), (2, above, 3, "..".into())]);
}

#[test]
fn entries_have_types_and_inodes() {
    let mut fake = Fake::new();
    fake.on_path("path_create_directory", ROOT, "dir").unwrap();
    let file = fake.create("dir/file");
    fake.on_path("path_create_directory", ROOT, "dir/sub").unwrap();
    let fd = fake.open_directory("dir");
    let (target, path) = (fake.put(BUFFER, b"file"), fake.put(BUFFER + 100, b"link"));
    fake.run("path_symlink", &[target.0, target.1, u64::from(fd), path.0, path.1]).unwrap();
    let entries = read_all(&mut fake, fd, 4096);
    assert_eq!(names(&entries), [".", "..", "file", "sub", "link"]);
    assert_eq!(entries.iter().map(|entry| entry.2).collect::<Vec<_>>(), [3, 3, 4, 3, 7]);
    assert_eq!(entries[2].1, fake.stat(file).unwrap().inode);
    let after_first = read_some(&mut fake, fd, 4096, entries[1].0).0;
    assert_eq!(after_first, entries[2..]);
}

#[test]
fn a_thousand_entries_come_once_each_through_small_buffers() {
    let mut fake = Fake::new();
    fake.on_path("path_create_directory", ROOT, "dir").unwrap();
    for index in 0..1000 {
        let fd = fake.create(&format!("dir/file.{index}"));
        fake.close(fd).unwrap();
    }
    let fd = fake.open_directory("dir");
    for length in [256, 33, 4096, 100_000] {
        let entries = read_all(&mut fake, fd, length);
        let mut seen = names(&entries);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((entries.len(), seen.len()), (1002, 1002), "buffers of {length}");
    }
}

#[test]
fn cookies_survive_changes() {
    let mut fake = Fake::new();
    for name in ["a", "b", "c", "d"] {
        let fd = fake.create(name);
        fake.close(fd).unwrap();
    }
    let (entries, _) = read_some(&mut fake, ROOT, 4096, 0);
    let after_b = entries.iter().find(|entry| entry.3 == "b").unwrap().0;
    fake.on_path("path_unlink_file", ROOT, "a").unwrap();
    fake.on_path("path_unlink_file", ROOT, "b").unwrap();
    fake.on_path("path_unlink_file", ROOT, "c").unwrap();
    fake.create("e");
    assert_eq!(names(&read_some(&mut fake, ROOT, 4096, after_b).0), ["d", "e"]);
    assert_eq!(read_some(&mut fake, ROOT, 4096, u64::MAX).0, []);
}

#[test]
fn the_last_entry_is_cut_where_the_buffer_ends() {
    let mut fake = Fake::new();
    for length in [0, 1, 24, 25, 26, 49, 50] {
        fake.put(BUFFER, &[0xaa; 64]);
        fake.run("fd_readdir", &[3, u64::from(BUFFER), length, 0, u64::from(RESULT)]).unwrap();
        assert_eq!(u64::from(fake.u32_at(RESULT)), length, "full, so there is more");
        let end = BUFFER + u32::try_from(length).unwrap();
        assert_eq!(fake.bytes_at(end, 1), [0xaa]);
    }
}

#[test]
fn only_directories_are_read() {
    let mut fake = Fake::new();
    let file = fake.create("file");
    for fd in [file, 0] {
        assert_eq!(fake.run("fd_readdir", &[u64::from(fd), 0, 64, 0, 0]), Err("NOTDIR"));
    }
}
