//! Opening, closing, renumbering; what a descriptor is; what lives as long as a descriptor.

use super::fake::{BUFFER, CREATE, Fake, OTHER_PATH, READ, READ_ONLY, RESULT, ROOT, WRITE};

#[test]
fn unknown_descriptors_are_bad_everywhere() {
    let mut fake = Fake::new();
    let (path, length) = fake.put(OTHER_PATH, b"x");
    for fd in [5, 77, u64::from(u32::MAX)] {
        for function in engine::wasi::functions() {
            let name = &function.name;
            let on_descriptor =
                name.starts_with("fd_") || name.starts_with("path_") || name.starts_with("sock_");
            if !on_descriptor || name == "path_symlink" {
                continue;
            }
            let mut args = vec![0; function.params.len()];
            args[0] = fd;
            assert_eq!(fake.run(name, &args), Err("BADF"), "{name}({fd})");
        }
        assert_eq!(fake.run("path_symlink", &[path, length, fd, path, length]), Err("BADF"));
        assert_eq!(fake.run("fd_renumber", &[3, fd]), Err("BADF"));
    }
}

#[test]
fn nothing_is_a_socket() {
    let mut fake = Fake::new();
    for fd in [0, 1, 3] {
        assert_eq!(fake.run("sock_accept", &[fd, 0, 0]), Err("NOTSOCK"));
        assert_eq!(fake.run("sock_recv", &[fd, 0, 0, 0, 0, 0]), Err("NOTSOCK"));
        assert_eq!(fake.run("sock_send", &[fd, 0, 0, 0, 0]), Err("NOTSOCK"));
        assert_eq!(fake.run("sock_shutdown", &[fd, 0]), Err("NOTSOCK"));
    }
}

#[test]
fn preopened_directories_give_their_names() {
    let mut fake = Fake::new();
    for (fd, name) in [(ROOT, "/"), (READ_ONLY, "readonly")] {
        fake.run("fd_prestat_get", &[u64::from(fd), u64::from(RESULT)]).unwrap();
        assert_eq!((fake.u32_at(RESULT), fake.u32_at(RESULT + 4) as usize), (0, name.len()));
        let length = name.len() as u64;
        for given in [length, length + 5] {
            fake.put(BUFFER, &[b'.'; 16]);
            fake.run("fd_prestat_dir_name", &[u64::from(fd), u64::from(BUFFER), given]).unwrap();
            assert_eq!(fake.bytes_at(BUFFER, 10), format!("{name:.<10}").into_bytes());
        }
        let args = [u64::from(fd), u64::from(BUFFER), length - 1];
        assert_eq!(fake.run("fd_prestat_dir_name", &args), Err("NAMETOOLONG"));
    }
    let directory = fake.open_directory(".");
    for fd in [1, directory, directory + 1] {
        assert_eq!(fake.run("fd_prestat_get", &[u64::from(fd), u64::from(RESULT)]), Err("BADF"));
        assert_eq!(fake.run("fd_prestat_dir_name", &[u64::from(fd), 0, 9]), Err("BADF"));
    }
}

#[test]
fn the_lowest_free_number_is_given() {
    let mut fake = Fake::new();
    assert_eq!((fake.create("a"), fake.create("b"), fake.create("c")), (5, 6, 7));
    fake.close(6).unwrap();
    fake.close(5).unwrap();
    assert_eq!((fake.create("a"), fake.create("b"), fake.create("d")), (5, 6, 8));
    fake.close(1).unwrap();
    assert_eq!(fake.write(1, b"x"), Err("BADF"), "stdout is closed, the guest goes on");
    assert_eq!(fake.create("e"), 1);
    fake.write(1, b"not printed").unwrap();
    assert_eq!(fake.host.wasi.stdout(), b"");
    assert_eq!(fake.host.wasi.files().read("e").unwrap(), b"not printed");
    fake.close(3).unwrap();
    assert_eq!(fake.fdstat(3), Err("BADF"), "a preopened directory closes too");
}

#[test]
fn renumbering_moves_and_closes() {
    let mut fake = Fake::new();
    let (from, to) = (fake.create("from"), fake.create("to"));
    fake.write(from, b"abc").unwrap();
    fake.run("fd_renumber", &[u64::from(from), u64::from(to)]).unwrap();
    assert_eq!(fake.close(from), Err("BADF"));
    assert_eq!(fake.seek(to, 0, 1), Ok(3), "the offset came along");
    assert_eq!(
        fake.run("fd_renumber", &[u64::from(to), u64::from(from)]),
        Err("BADF"),
        "only onto open ones"
    );
    fake.run("fd_renumber", &[u64::from(to), u64::from(to)]).unwrap();
    assert_eq!(fake.seek(to, 0, 1), Ok(3));
    let directory = fake.open_directory(".");
    let inode = fake.stat(directory).unwrap().inode;
    fake.run("fd_renumber", &[u64::from(directory), u64::from(READ_ONLY)]).unwrap();
    assert_eq!(fake.stat(READ_ONLY).unwrap().inode, inode, "onto a preopened directory too");
    assert_eq!(fake.run("fd_prestat_get", &[u64::from(READ_ONLY), u64::from(RESULT)]), Err("BADF"));
    for stream in 0..3 {
        let file = fake.create("file");
        fake.run("fd_renumber", &[stream, u64::from(file)]).unwrap();
        assert!(fake.fdstat(file).is_ok() && fake.fdstat(u32::try_from(stream).unwrap()).is_err());
    }
}

#[test]
fn renumbering_a_hundred_thousand_times_keeps_nothing() {
    let mut fake = Fake::new();
    let kept = fake.create("kept");
    let before = fake.host.wasi.files().used();
    for _ in 0..100_000 {
        let fd = fake.create("other");
        fake.on_path("path_unlink_file", ROOT, "other").unwrap();
        fake.run("fd_renumber", &[u64::from(fd), u64::from(kept)]).unwrap();
        fake.host.gate = engine::host::Host::new(&Default::default(), &Default::default()).gate;
    }
    // The last file has no name but is open.
    fake.close(kept).unwrap();
    assert_eq!(fake.host.wasi.files().used(), before);
}

#[test]
fn an_open_file_outlives_its_name() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.write(fd, b"kept").unwrap();
    let used = fake.host.wasi.files().used();
    fake.on_path("path_unlink_file", ROOT, "file").unwrap();
    assert_eq!(fake.stat(fd).unwrap().links, 0);
    assert_eq!(fake.pread(fd, 0, 9), Ok(b"kept".to_vec()));
    let second = fake.create("file");
    assert_ne!(fake.stat(fd).unwrap().inode, fake.stat(second).unwrap().inode);
    fake.close(fd).unwrap();
    assert!(fake.host.wasi.files().used() < used, "its bytes came free");
}

#[test]
fn inodes_and_devices_name_files() {
    let mut fake = Fake::new();
    let (a, b) = (fake.create("a"), fake.create("b"));
    let (a_stat, b_stat) = (fake.stat(a).unwrap(), fake.stat(b).unwrap());
    assert_eq!(a_stat.device, b_stat.device);
    assert_ne!(a_stat.inode, b_stat.inode);
    fake.write(a, b"text").unwrap();
    let again = fake.path_stat(ROOT, 0, "a").unwrap();
    assert_eq!((again.inode, again.size), (a_stat.inode, 4));
    assert!(again.modified > a_stat.modified && again.changed > a_stat.changed);
    assert_eq!(again.accessed, a_stat.accessed);
}

#[test]
fn times_are_set_as_asked_or_not_at_all() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    let before = fake.stat(fd).unwrap();
    for flags in [0b0011, 0b1100, 0b1111, 0b1_0000] {
        assert_eq!(fake.run("fd_filestat_set_times", &[u64::from(fd), 5, 7, flags]), Err("INVAL"));
        let (path, length) = fake.put(OTHER_PATH, b"file");
        let args = [u64::from(ROOT), 0, path, length, 5, 7, flags];
        assert_eq!(fake.run("path_filestat_set_times", &args), Err("INVAL"));
    }
    assert_eq!(fake.stat(fd).unwrap(), before);
    fake.run("fd_filestat_set_times", &[u64::from(fd), 5, 7, 0b0100]).unwrap();
    let after = fake.stat(fd).unwrap();
    assert_eq!((after.accessed, after.modified), (before.accessed, 7));
    assert!(after.changed > before.changed);
    fake.run("fd_filestat_set_times", &[u64::from(fd), 5, 7, 0b1001]).unwrap();
    let last = fake.stat(fd).unwrap();
    assert_eq!(last.accessed, 5);
    assert!(last.modified > before.modified, "now");
    let link = fake.put(OTHER_PATH, b"file");
    let path = fake.put(BUFFER, b"link");
    fake.run("path_symlink", &[link.0, link.1, u64::from(ROOT), path.0, path.1]).unwrap();
    for (lookup, changed) in [(0, "link"), (1, "file")] {
        let path = fake.put(OTHER_PATH, b"link");
        fake.run("path_filestat_set_times", &[3, lookup, path.0, path.1, 1, 2 + lookup, 0b0101]).unwrap();
        assert_eq!(fake.path_stat(ROOT, 0, changed).unwrap().modified, 2 + lookup);
    }
}

#[test]
fn a_path_is_not_below_a_file() {
    let mut fake = Fake::new();
    let file = fake.create("file");
    for fd in [file, 0, 1] {
        assert_eq!(fake.open_with(fd, "below", (0, CREATE), (READ | WRITE, 0), 0), Err("NOTDIR"));
        assert_eq!(fake.on_path("path_create_directory", fd, "below"), Err("NOTDIR"));
    }
}
