//! Pointers that lead nowhere: answered with `FAULT`, before anything has happened.

use super::fake::{BUFFER, Fake, PATH, RESULT, ROOT, VECTORS};

/// Just before, at, and far beyond the end of the memory.
const BAD: [u64; 4] = [(1 << 20) - 1, 1 << 20, 0x8000_0000, 0xffff_fffe];

#[test]
fn results_outside_the_memory_are_refused() {
    for bad in BAD {
        let mut fake = Fake::new();
        fake.host.wasi.set_args(vec!["program".into()]);
        fake.host.wasi.set_env(vec![("NAME".into(), "value".into())]);
        fake.host.wasi.set_stdin(b"input".to_vec());
        let file = u64::from(fake.create("file"));
        let (path, length) = fake.put(PATH, b"file");
        fake.vectors(&[4]);
        let (root, good, vectors) = (u64::from(ROOT), u64::from(RESULT), u64::from(VECTORS));
        let buffer = u64::from(BUFFER);
        let rows: Vec<(&str, Vec<u64>)> = vec![
            ("args_get", vec![bad, buffer]),
            ("args_get", vec![buffer, bad]),
            ("args_sizes_get", vec![bad, good]),
            ("args_sizes_get", vec![good, bad]),
            ("environ_get", vec![bad, buffer]),
            ("environ_get", vec![buffer, bad]),
            ("environ_sizes_get", vec![bad, good]),
            ("environ_sizes_get", vec![good, bad]),
            ("clock_res_get", vec![0, bad]),
            ("clock_time_get", vec![0, 0, bad]),
            ("fd_fdstat_get", vec![file, bad]),
            ("fd_filestat_get", vec![file, bad]),
            ("fd_prestat_get", vec![root, bad]),
            ("fd_prestat_dir_name", vec![4, bad, 99]),
            ("fd_read", vec![0, bad, 1, good]),
            ("fd_read", vec![0, vectors, 1, bad]),
            ("fd_pread", vec![file, bad, 1, 0, good]),
            ("fd_pread", vec![file, vectors, 1, 0, bad]),
            ("fd_write", vec![1, bad, 1, good]),
            ("fd_write", vec![1, vectors, 1, bad]),
            ("fd_pwrite", vec![file, bad, 1, 0, good]),
            ("fd_pwrite", vec![file, vectors, 1, 0, bad]),
            ("fd_readdir", vec![root, bad, 64, 0, good]),
            ("fd_readdir", vec![root, buffer, 64, 0, bad]),
            ("fd_readdir", vec![root, buffer, u64::from(u32::MAX), 0, good]),
            ("fd_seek", vec![file, 5, 0, bad]),
            ("fd_tell", vec![file, bad]),
            ("path_create_directory", vec![root, bad, 4]),
            ("path_filestat_get", vec![root, 0, bad, 4, buffer]),
            ("path_filestat_get", vec![root, 0, path, length, bad]),
            ("path_filestat_set_times", vec![root, 0, bad, 4, 0, 0, 0]),
            ("path_link", vec![root, 0, bad, 4, root, path, length]),
            ("path_link", vec![root, 0, path, length, root, bad, 4]),
            ("path_open", vec![root, 0, bad, 4, 1, 0, 0, 0, good]),
            ("path_open", vec![root, 0, path, length - 1, 1, 0, 0, 0, bad]),
            ("path_readlink", vec![root, bad, 4, buffer, 9, good]),
            ("path_readlink", vec![root, path, length, bad, 9, good]),
            ("path_readlink", vec![root, path, length, buffer, 9, bad]),
            ("path_remove_directory", vec![root, bad, 4]),
            ("path_rename", vec![root, bad, 4, root, path, length]),
            ("path_rename", vec![root, path, length, root, bad, 4]),
            ("path_symlink", vec![bad, 4, root, path, length]),
            ("path_symlink", vec![path, length, root, bad, 4]),
            ("path_unlink_file", vec![root, bad, 4]),
            ("poll_oneoff", vec![bad, buffer, 1, good]),
            ("poll_oneoff", vec![buffer, bad, 1, good]),
            ("poll_oneoff", vec![buffer, buffer + 4096, 1, bad]),
            ("random_get", vec![bad, 64]),
            ("random_get", vec![buffer, u64::from(u32::MAX)]),
        ];
        for (name, args) in rows {
            assert_eq!(fake.run(name, &args), Err("FAULT"), "{name}{args:x?}");
        }
        assert_eq!(fake.host.wasi.stdout(), b"", "nothing was printed");
        assert_eq!(fake.read(0, 9), Ok(b"input".to_vec()), "nothing was read");
        assert_eq!(fake.seek(5, 0, 1), Ok(0), "nothing was moved");
        assert_eq!(fake.host.wasi.files().list(), ["file", "readonly/file"], "nothing was made");
        assert_eq!(fake.create("next"), 6, "no descriptor was lost");
    }
}

#[test]
fn one_bad_vector_spoils_the_call() {
    let mut fake = Fake::new();
    fake.vectors(&[4, 4, 4]);
    fake.put(VECTORS + 16, &[0xff; 8]);
    let args = [1, u64::from(VECTORS), 3, u64::from(RESULT)];
    assert_eq!(fake.run("fd_write", &args), Err("FAULT"));
    assert_eq!(fake.host.wasi.stdout(), b"");
    // Of no length, but where no memory is.
    fake.put(VECTORS + 16, &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    assert_eq!(fake.run("fd_write", &args), Err("FAULT"));
}

#[test]
fn pointers_need_not_be_aligned() {
    let mut fake = Fake::new();
    fake.host.wasi.set_args(vec!["program".into()]);
    for odd in [1, 2, 3] {
        let at = u64::from(RESULT) + odd;
        fake.run("args_sizes_get", &[at, at + 4]).unwrap();
        fake.run("args_get", &[at, at + 4]).unwrap();
        fake.run("clock_time_get", &[0, 0, at]).unwrap();
        fake.run("fd_fdstat_get", &[3, at]).unwrap();
    }
}

#[test]
fn paths_must_be_text() {
    let mut fake = Fake::new();
    for (bytes, answer) in
        [(&b"\xff\xfe"[..], "ILSEQ"), (b"a\xc3", "ILSEQ"), (b"a\0", "INVAL"), (b"\0", "INVAL")]
    {
        let (path, length) = fake.put(PATH, bytes);
        assert_eq!(fake.run("path_create_directory", &[3, path, length]), Err(answer));
        assert_eq!(fake.run("path_open", &[3, 0, path, length, 1, 0, 0, 0, 16]), Err(answer));
    }
    let (path, _) = fake.put(PATH, &[b'x'; 5000]);
    assert_eq!(fake.run("path_create_directory", &[3, path, 4097]), Err("NAMETOOLONG"));
    assert_eq!(fake.run("path_create_directory", &[3, path, u64::from(u32::MAX)]), Err("NAMETOOLONG"));
    assert_eq!(fake.run("path_create_directory", &[3, path, 256]), Err("NAMETOOLONG"));
    assert_eq!(fake.run("path_create_directory", &[3, path, 255]), Ok(()));
}

#[test]
fn a_guest_without_memory_gets_faults() {
    let mut fake = Fake::new();
    fake.memory.clear();
    assert_eq!(fake.run("fd_write", &[1, 0, 1, 0]), Err("FAULT"));
    assert_eq!(fake.run("random_get", &[0, 1]), Err("FAULT"));
    assert_eq!(fake.run("random_get", &[0, 0]), Ok(()));
}
