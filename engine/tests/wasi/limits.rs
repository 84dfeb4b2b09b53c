//! Budgets: everything that a guest can make the host keep or copy ends somewhere.

use engine::machine::Trap;
use engine::report::Limit;
use engine::request::Budget;

use super::fake::{BUFFER, CREATE, Fake, PATH, RESULT, ROOT, VECTORS, WRITE};

fn stopped_by(outcome: Result<Option<engine::machine::Value>, Trap>) -> Limit {
    match outcome {
        Err(Trap::Stopped(stopped)) => stopped.limit,
        other => panic!("it was not stopped: {other:?}"),
    }
}

#[test]
fn stdout_ends_the_run_at_its_limit() {
    let mut fake = Fake::with(Budget { stdout_bytes: 100_000, ..Budget::default() });
    fake.put(BUFFER, &vec![b'x'; 200_000]);
    fake.vectors(&[60_000]);
    let args = [1, u64::from(VECTORS), 1, u64::from(RESULT)];
    fake.raw("fd_write", &args).unwrap();
    assert_eq!(fake.host.wasi.take_stdout().len(), 60_000);
    assert_eq!(stopped_by(fake.raw("fd_write", &args)), Limit::Output);
    assert_eq!(
        fake.host.wasi.stdout().len(),
        40_000,
        "what fitted is kept, and taking does not raise the limit"
    );
}

#[test]
fn stderr_is_cut_and_counted() {
    let mut fake = Fake::with(Budget { stderr_bytes: 10, ..Budget::default() });
    assert_eq!(fake.write(2, b"12345678"), Ok(8));
    assert_eq!(fake.write(2, b"12345678"), Ok(8));
    assert_eq!(fake.write(2, b"12345678"), Ok(8));
    assert_eq!((fake.host.wasi.stderr(), fake.host.wasi.stderr_dropped()), (&b"1234567812"[..], 14));
}

#[test]
fn a_gigabyte_of_output_keeps_the_limit_only() {
    let budget = Budget { stdout_bytes: 1 << 20, host_bytes: 4 << 30, ..Budget::default() };
    let mut fake = Fake::with(budget);
    fake.memory = vec![b'x'; 32 << 20];
    // A thousand vectors of the same megabyte: one call that asks for a gigabyte.
    for index in 0..1024_u32 {
        fake.put(VECTORS + index * 8, &(1_u32 << 20).to_le_bytes());
        fake.put(VECTORS + index * 8 + 4, &(1_u32 << 20).to_le_bytes());
    }
    let args = [1, u64::from(VECTORS), 1024, u64::from(RESULT)];
    assert_eq!(stopped_by(fake.raw("fd_write", &args)), Limit::Output);
    assert_eq!(fake.host.wasi.stdout().len(), 1 << 20);
    assert!(fake.raw("fd_write", &[2, u64::from(VECTORS), 1024, u64::from(RESULT)]).is_ok());
    assert_eq!(fake.host.wasi.stderr().len(), 1 << 20);
    assert_eq!(fake.host.wasi.stderr_dropped(), 1023 << 20);
}

#[test]
fn files_are_charged_bytes_nodes_and_names() {
    let mut fake = Fake::with(Budget { file_bytes: 50_000, ..Budget::default() });
    let fd = fake.create("file");
    let free = 50_000 - fake.host.wasi.files().used();
    assert_eq!(fake.pwrite(fd, free, b"x"), Err("NOSPC"));
    assert_eq!(fake.pwrite(fd, free - 2, b"wxyz"), Ok(2), "what fits");
    assert_eq!(fake.write(fd, b"x"), Ok(1), "within what is paid for");
    assert_eq!(fake.open_with(ROOT, "new", (0, CREATE), (WRITE, 0), 0), Err("NOSPC"));
    assert_eq!(fake.on_path("path_create_directory", ROOT, "new"), Err("NOSPC"));
    fake.run("fd_filestat_set_size", &[u64::from(fd), 0]).unwrap();
    let before = fake.host.wasi.files().used();
    let mut made = 0;
    while fake.on_path("path_create_directory", ROOT, &format!("d{made}")).is_ok() {
        made += 1;
    }
    assert!((10..100).contains(&made), "empty directories are not free: {made}");
    assert!(fake.host.wasi.files().used() <= 50_000);
    for index in 0..made {
        fake.on_path("path_remove_directory", ROOT, &format!("d{index}")).unwrap();
    }
    assert_eq!(fake.host.wasi.files().used(), before, "all comes back");
}

#[test]
fn every_kind_of_entry_gives_back_what_it_took() {
    let mut fake = Fake::new();
    let before = fake.host.wasi.files().used();
    for round in 0..3 {
        let fd = fake.create("file");
        fake.write(fd, &[1; 5000]).unwrap();
        fake.close(fd).unwrap();
        let (a, b) = (fake.put(BUFFER, b"file"), fake.put(BUFFER + 100, b"second"));
        fake.run("path_link", &[3, 0, a.0, a.1, 3, b.0, b.1]).unwrap();
        let c = fake.put(BUFFER + 200, b"link");
        fake.run("path_symlink", &[a.0, a.1, 3, c.0, c.1]).unwrap();
        fake.run("path_rename", &[3, b.0, b.1, 3, c.0, c.1]).unwrap();
        fake.on_path("path_unlink_file", ROOT, "link").unwrap();
        fake.on_path("path_unlink_file", ROOT, "file").unwrap();
        assert_eq!(fake.host.wasi.files().used(), before, "round {round}");
    }
}

#[test]
fn descriptors_run_out() {
    let mut fake = Fake::new();
    for expected in 5..1024 {
        assert_eq!(fake.create("file"), expected);
    }
    assert_eq!(fake.open_with(ROOT, "other", (0, CREATE), (0, 0), 0), Err("MFILE"));
    assert_eq!(fake.path_stat(ROOT, 0, "other"), Err("NOENT"), "and leave nothing behind");
    fake.close(500).unwrap();
    assert_eq!(fake.create("other"), 500);
}

#[test]
fn copies_end_at_the_host_bytes() {
    let mut fake = Fake::with(Budget { host_bytes: 100_000, ..Budget::default() });
    let args = [u64::from(BUFFER), 60_000];
    fake.raw("random_get", &args).unwrap();
    assert_eq!(stopped_by(fake.raw("random_get", &args)), Limit::HostBytes);
    let mut fake = Fake::with(Budget { host_bytes: 1 << 20, ..Budget::default() });
    let fd = fake.create("file");
    let last = (0..100).map(|_| {
        fake.raw("fd_filestat_set_size", &[u64::from(fd), 0]).unwrap();
        fake.raw("fd_filestat_set_size", &[u64::from(fd), 100_000])
    });
    assert!(last.into_iter().any(|outcome| outcome.is_err()), "filling with zeros is work");
}

#[test]
fn vectors_are_counted() {
    let mut fake = Fake::new();
    for name in ["fd_write", "fd_read"] {
        let fd = u64::from(name == "fd_write");
        let run =
            |fake: &mut Fake, count| fake.run(name, &[fd, u64::from(VECTORS), count, u64::from(RESULT)]);
        assert_eq!(run(&mut fake, 1024), Ok(()));
        assert_eq!(run(&mut fake, 1025), Err("INVAL"));
        assert_eq!(run(&mut fake, u64::from(u32::MAX)), Err("INVAL"));
    }
}

#[test]
fn long_walks_are_paid_for_even_when_they_fail() {
    let mut fake = Fake::new();
    for index in 0..40 {
        let target = format!("l{}{}", index + 1, "/.".repeat(2000));
        let (target, path) =
            (fake.put(BUFFER, target.as_bytes()), fake.put(PATH, format!("l{index}").as_bytes()));
        fake.run("path_symlink", &[target.0, target.1, u64::from(ROOT), path.0, path.1]).unwrap();
    }
    assert_eq!(fake.path_stat(ROOT, 1, "l0"), Err("LOOP"));
    let walks = (0..).take_while(|_| {
        let path = fake.put(PATH, b"l0");
        fake.raw("path_filestat_get", &[3, 1, path.0, path.1, u64::from(BUFFER)]).is_ok()
    });
    let walks = walks.count();
    assert!((10..200).contains(&walks), "{walks} walks of 64,000 steps for a gigabyte");
}
