//! Reading, writing, seeking, sizes: on files and streams.

use super::fake::{APPEND, BUFFER, CREATE, DIRECTORY, Fake, READ, RESULT, ROOT, VECTORS, WRITE};

#[test]
fn bytes_come_back_at_their_offsets() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    assert_eq!(fake.write(fd, b"0123"), Ok(4));
    assert_eq!(fake.read(fd, 4), Ok(vec![]), "at the end");
    assert_eq!(fake.pread(fd, 1, 2), Ok(b"12".to_vec()));
    assert_eq!(fake.pwrite(fd, 2, b"xy!"), Ok(3));
    assert_eq!(fake.seek(fd, 0, 1), Ok(4), "neither moved the offset");
    assert_eq!(fake.seek(fd, 0, 0), Ok(0));
    assert_eq!(fake.read(fd, 100), Ok(b"01xy!".to_vec()));
    assert_eq!(fake.seek(fd, 0, 1), Ok(5));
    assert_eq!(fake.pread(fd, 500, 2), Ok(vec![]));
    assert_eq!(fake.pread(fd, u64::MAX, 2), Err("INVAL"));
    assert_eq!(fake.pwrite(fd, u64::MAX, b"x"), Err("INVAL"));
}

#[test]
fn several_vectors_are_one_transfer() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.put(BUFFER, b"abcdef");
    fake.vectors(&[2, 0, 4]);
    fake.run("fd_write", &[u64::from(fd), u64::from(VECTORS), 3, u64::from(RESULT)]).unwrap();
    assert_eq!(fake.u32_at(RESULT), 6);
    fake.seek(fd, 0, 0).unwrap();
    fake.put(BUFFER, b"........");
    fake.vectors(&[1, 3, 4]);
    fake.run("fd_read", &[u64::from(fd), u64::from(VECTORS), 3, u64::from(RESULT)]).unwrap();
    assert_eq!((fake.u32_at(RESULT), fake.bytes_at(BUFFER, 8)), (6, b"abcdef..".to_vec()));
    fake.run("fd_write", &[u64::from(fd), u64::from(VECTORS), 0, u64::from(RESULT)]).unwrap();
    assert_eq!(fake.u32_at(RESULT), 0, "no vectors, no bytes");
}

#[test]
fn appending_ignores_the_offset_until_it_is_switched_off() {
    let mut fake = Fake::new();
    let fd = fake.open_with(ROOT, "file", (0, CREATE), (READ | WRITE, 0), APPEND).unwrap();
    fake.write(fd, b"one").unwrap();
    fake.seek(fd, 0, 0).unwrap();
    fake.write(fd, b"two").unwrap();
    assert_eq!(fake.seek(fd, 0, 1), Ok(6));
    assert_eq!(fake.pwrite(fd, 0, b"X"), Ok(1), "at its offset, as POSIX says");
    assert_eq!(fake.pread(fd, 0, 9), Ok(b"Xnetwo".to_vec()));
    assert_eq!(fake.fdstat(fd).unwrap().1, 1);
    fake.run("fd_fdstat_set_flags", &[u64::from(fd), 0]).unwrap();
    fake.seek(fd, 0, 0).unwrap();
    fake.write(fd, b"o").unwrap();
    assert_eq!(fake.pread(fd, 0, 9), Ok(b"onetwo".to_vec()));
    assert_eq!(fake.run("fd_fdstat_set_flags", &[u64::from(fd), 32]), Err("INVAL"));
}

#[test]
fn seeking_stays_within_what_an_offset_can_be() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.write(fd, &[7; 100]).unwrap();
    for (by, whence, answer) in [
        (-50, 1, Ok(50)),
        (0, 0, Ok(0)),
        (1000, 1, Ok(1000)),
        (-2000, 1, Err("INVAL")),
        (-1, 0, Err("INVAL")),
        (-1, 2, Ok(99)),
        (i64::MAX, 0, Ok(i64::MAX.cast_unsigned())),
        (1, 1, Err("INVAL")),
        (i64::MIN, 1, Err("INVAL")),
        (0, 3, Err("INVAL")),
    ] {
        assert_eq!(fake.seek(fd, by, whence), answer, "by {by} from {whence}");
    }
    fake.run("fd_tell", &[u64::from(fd), u64::from(RESULT)]).unwrap();
    assert_eq!(fake.u64_at(RESULT), i64::MAX.cast_unsigned());
    assert_eq!(fake.read(fd, 1), Ok(vec![]));
    assert_eq!(fake.write(fd, b"x"), Err("NOSPC"), "beyond every budget");
}

#[test]
fn a_gap_is_zeros() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.seek(fd, 3, 0).unwrap();
    fake.write(fd, b"x").unwrap();
    assert_eq!(fake.pread(fd, 0, 9), Ok(vec![0, 0, 0, b'x']));
}

#[test]
fn sizes_are_set_and_allocated() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    let size = |fake: &mut Fake| fake.stat(fd).unwrap().size;
    fake.run("fd_filestat_set_size", &[u64::from(fd), 100]).unwrap();
    assert_eq!(size(&mut fake), 100);
    for (offset, length, after) in [(10, 10, 100), (90, 20, 110), (0, 100, 110)] {
        fake.run("fd_allocate", &[u64::from(fd), offset, length]).unwrap();
        assert_eq!(size(&mut fake), after);
    }
    assert_eq!(fake.run("fd_allocate", &[u64::from(fd), 0, 0]), Err("INVAL"));
    assert_eq!(fake.run("fd_allocate", &[u64::from(fd), u64::MAX, 1]), Err("FBIG"));
    assert_eq!(fake.run("fd_allocate", &[u64::from(fd), 0, 1 << 40]), Err("NOSPC"));
    assert_eq!(fake.run("fd_filestat_set_size", &[u64::from(fd), 1 << 40]), Err("NOSPC"));
    assert_eq!(size(&mut fake), 110);
    fake.run("fd_filestat_set_size", &[u64::from(fd), 2]).unwrap();
    assert_eq!(fake.pread(fd, 0, 9), Ok(vec![0, 0]));
    fake.run("fd_advise", &[u64::from(fd), 10, 50, 0]).unwrap();
    assert_eq!(fake.run("fd_advise", &[u64::from(fd), 10, 50, 6]), Err("INVAL"));
    assert_eq!(fake.run("fd_advise", &[u64::from(fd), u64::MAX, 50, 0]), Err("INVAL"));
    fake.run("fd_sync", &[u64::from(fd)]).unwrap();
    fake.run("fd_datasync", &[u64::from(fd)]).unwrap();
}

#[test]
fn a_directory_is_not_for_reading_and_writing() {
    let mut fake = Fake::new();
    let directory = fake.open_with(ROOT, ".", (0, DIRECTORY), (0, 0), 0).unwrap();
    let fd = u64::from(directory);
    assert_eq!(fake.read(directory, 1), Err("BADF"));
    assert_eq!(fake.write(directory, b"x"), Err("BADF"));
    assert_eq!(fake.pread(directory, 0, 1), Err("BADF"));
    assert_eq!(fake.pwrite(directory, 0, b"x"), Err("BADF"));
    assert_eq!(fake.seek(directory, 0, 1), Err("BADF"));
    for (name, args) in [
        ("fd_tell", vec![fd, u64::from(RESULT)]),
        ("fd_allocate", vec![fd, 0, 1]),
        ("fd_advise", vec![fd, 0, 1, 0]),
        ("fd_filestat_set_size", vec![fd, 0]),
        ("fd_fdstat_set_flags", vec![fd, 0]),
    ] {
        assert_eq!(fake.run(name, &args), Err("BADF"), "{name}");
    }
    fake.run("fd_sync", &[fd]).unwrap();
}

#[test]
fn streams_read_or_write_and_never_seek() {
    let mut fake = Fake::new();
    fake.host.wasi.set_stdin(b"input".to_vec());
    assert_eq!(fake.read(0, 3), Ok(b"inp".to_vec()));
    assert_eq!(fake.read(0, 9), Ok(b"ut".to_vec()));
    assert_eq!(fake.read(0, 9), Ok(vec![]));
    fake.host.wasi.push_stdin(b"more");
    assert_eq!(fake.read(0, 9), Ok(b"more".to_vec()));
    assert_eq!(fake.write(1, b"out"), Ok(3));
    assert_eq!(fake.write(2, b"err"), Ok(3));
    assert_eq!((fake.host.wasi.stdout(), fake.host.wasi.stderr()), (&b"out"[..], &b"err"[..]));
    assert_eq!(fake.host.wasi.take_stdout(), b"out");
    assert_eq!(fake.host.wasi.stdout(), b"");
    assert_eq!(
        (fake.write(0, b"x"), fake.read(1, 1), fake.read(2, 1)),
        (Err("BADF"), Err("BADF"), Err("BADF"))
    );
    for fd in 0..3 {
        assert_eq!(fake.seek(fd, 0, 1), Err("SPIPE"));
        assert_eq!(fake.pread(fd, 0, 1), Err("SPIPE"));
        assert_eq!(fake.pwrite(fd, 0, b"x"), Err("SPIPE"));
        assert_eq!(fake.stat(fd).unwrap().kind, 0);
        let (kind, _, base, _) = fake.fdstat(fd).unwrap();
        assert_eq!((kind, base & (1 << 2 | 1 << 5)), (0, 0), "neither a terminal nor a file");
        fake.run("fd_fdstat_set_flags", &[u64::from(fd), 4]).unwrap();
    }
}
