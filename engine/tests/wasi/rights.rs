//! Rights: given up and never won, narrowed on opening, and told apart from grants.

use super::fake::{
    APPEND, CREATE, DIRECTORY, Fake, OTHER_PATH, PATH, READ, READ_ONLY, ROOT, TRUNCATE, WRITE,
};

const SEEK: u64 = 1 << 2;
const TELL: u64 = 1 << 5;
const CREATE_FILE: u64 = 1 << 10;
const OPEN: u64 = 1 << 13;
const PATH_SET_SIZE: u64 = 1 << 19;
const SET_SIZE: u64 = 1 << 22;

fn set_rights(fake: &mut Fake, fd: u32, base: u64, inheriting: u64) -> Result<(), &'static str> {
    fake.run("fd_fdstat_set_rights", &[u64::from(fd), base, inheriting])
}

#[test]
fn rights_can_be_given_up_and_not_won_back() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.write(fd, b"text").unwrap();
    fake.seek(fd, 0, 0).unwrap();
    let (_, _, base, inheriting) = fake.fdstat(fd).unwrap();
    set_rights(&mut fake, fd, base, inheriting).unwrap();
    set_rights(&mut fake, fd, base & !(READ | WRITE), inheriting).unwrap();
    let (_, _, left, _) = fake.fdstat(fd).unwrap();
    assert_eq!((left & (READ | WRITE), left & SEEK), (0, SEEK));
    assert_eq!((fake.read(fd, 1), fake.write(fd, b"x")), (Err("BADF"), Err("BADF")));
    assert_eq!(set_rights(&mut fake, fd, base, inheriting), Err("NOTCAPABLE"));
    assert_eq!(set_rights(&mut fake, fd, left, u64::MAX), Err("NOTCAPABLE"));
    set_rights(&mut fake, fd, left & !(SEEK | TELL), inheriting).unwrap();
    assert_eq!((fake.seek(fd, 0, 0), fake.seek(fd, 0, 1)), (Err("NOTCAPABLE"), Err("NOTCAPABLE")));
}

#[test]
fn a_file_is_opened_for_what_was_asked() {
    let mut fake = Fake::new();
    let fd = fake.create("file");
    fake.write(fd, b"text").unwrap();
    let reader = fake.open_with(ROOT, "file", (0, 0), (READ, 0), 0).unwrap();
    let writer = fake.open_with(ROOT, "file", (0, 0), (WRITE, 0), 0).unwrap();
    let neither = fake.open_with(ROOT, "file", (0, 0), (0, 0), 0).unwrap();
    assert_eq!(fake.fdstat(reader).unwrap().2 & (READ | WRITE | SET_SIZE), READ);
    assert_eq!(fake.fdstat(writer).unwrap().2 & (READ | WRITE | SET_SIZE), WRITE | SET_SIZE);
    assert_eq!((fake.read(reader, 9), fake.write(reader, b"x")), (Ok(b"text".to_vec()), Err("BADF")));
    assert_eq!((fake.read(writer, 9), fake.write(writer, b"T")), (Err("BADF"), Ok(1)));
    assert_eq!((fake.read(neither, 9), fake.write(neither, b"T")), (Err("BADF"), Err("BADF")));
    assert!(fake.stat(neither).is_ok(), "guests never ask for the small rights");
    assert_eq!(fake.run("fd_filestat_set_size", &[u64::from(reader), 0]), Err("NOTCAPABLE"));
    assert_eq!(fake.run("fd_allocate", &[u64::from(reader), 0, 9]), Err("NOTCAPABLE"));
}

#[test]
fn a_directory_passes_on_no_more_than_it_has() {
    let mut fake = Fake::new();
    fake.on_path("path_create_directory", ROOT, "dir").unwrap();
    let file = fake.create("dir/file");
    fake.close(file).unwrap();
    let fd = fake.open_with(ROOT, "dir", (0, DIRECTORY), (OPEN, READ | OPEN), 0).unwrap();
    let (_, _, base, inheriting) = fake.fdstat(fd).unwrap();
    assert_eq!((base & (OPEN | CREATE_FILE | SEEK | READ), inheriting), (OPEN, READ | OPEN));
    assert_eq!(fake.open_with(fd, "new", (0, CREATE), (0, 0), 0), Err("NOTCAPABLE"));
    assert_eq!(fake.open_with(fd, "file", (0, TRUNCATE), (0, 0), 0), Err("NOTCAPABLE"));
    assert_eq!(fake.open_with(fd, "file", (0, 0), (WRITE, 0), 0), Err("NOTCAPABLE"));
    assert_eq!(fake.on_path("path_create_directory", fd, "sub"), Err("NOTCAPABLE"));
    let file = fake.open_with(fd, "file", (0, 0), (READ | SEEK, u64::MAX), 0).unwrap();
    let (_, _, base, inheriting) = fake.fdstat(file).unwrap();
    assert_eq!((base, inheriting), (READ, READ | OPEN));
    set_rights(&mut fake, fd, 0, 0).unwrap();
    assert_eq!(fake.open_with(fd, "file", (0, 0), (READ, 0), 0), Err("NOTCAPABLE"));
    assert_eq!(fake.run("fd_readdir", &[u64::from(fd), 0, 0, 0, 0]), Err("NOTCAPABLE"));
    assert_eq!(fake.path_stat(fd, 0, "file"), Err("NOTCAPABLE"));
}

#[test]
fn truncating_is_a_right_of_the_directory() {
    let mut fake = Fake::new();
    fake.create("file");
    let fd = fake.open_directory(".");
    let (_, _, base, inheriting) = fake.fdstat(fd).unwrap();
    assert_eq!(base & SET_SIZE, 0, "a directory has no size to set");
    set_rights(&mut fake, fd, base, inheriting & !SET_SIZE).unwrap();
    let file = fake.open_with(fd, "file", (0, TRUNCATE), (0, 0), 0).unwrap();
    fake.close(file).unwrap();
    set_rights(&mut fake, fd, base & !PATH_SET_SIZE, inheriting & !SET_SIZE).unwrap();
    assert_eq!(fake.open_with(fd, "file", (0, TRUNCATE), (0, 0), 0), Err("NOTCAPABLE"));
}

#[test]
fn reading_only_holds_below_and_through_descriptors() {
    let mut fake = Fake::new();
    let file = fake.open_with(READ_ONLY, "file", (0, 0), (READ, 0), APPEND).unwrap();
    assert_eq!(fake.read(file, 99), Ok(b"untouched".to_vec()));
    assert_eq!(fake.write(file, b"x"), Err("BADF"));
    assert_eq!(fake.pwrite(file, 0, b"x"), Err("BADF"));
    for (name, args) in [
        ("fd_filestat_set_size", vec![u64::from(file), 0]),
        ("fd_allocate", vec![u64::from(file), 0, 99]),
        ("fd_filestat_set_times", vec![u64::from(file), 1, 1, 5]),
        ("fd_filestat_set_times", vec![u64::from(READ_ONLY), 1, 1, 5]),
    ] {
        assert_eq!(fake.run(name, &args), Err("PERM"), "{name}");
    }
    let sizes = fake.open_with(READ_ONLY, "file", (0, 0), (READ | SET_SIZE, 0), 0).unwrap();
    assert_eq!(fake.run("fd_filestat_set_size", &[u64::from(sizes), 0]), Err("PERM"));
    assert_eq!(fake.host.wasi.files().read("readonly/file").unwrap(), b"untouched");
}

#[test]
fn one_file_has_the_same_rights_by_each_of_its_names() {
    const FILESTAT_GET: u64 = 1 << 21;
    const LINK: u64 = 1 << 11 | 1 << 12;
    const UNLINK: u64 = 1 << 26;
    let mut fake = Fake::new();
    fake.on_path("path_create_directory", ROOT, "dir").unwrap();
    fake.on_path("path_create_directory", ROOT, "dir/sub").unwrap();
    let passed = READ | WRITE | SEEK | TELL | FILESTAT_GET | SET_SIZE | OPEN | LINK | UNLINK;
    let directory = fake.open_with(ROOT, "dir", (0, DIRECTORY), (0, passed), 0).unwrap();
    let asked = READ | FILESTAT_GET | OPEN | LINK | UNLINK;
    let below = fake.open_with(directory, "sub", (0, DIRECTORY), (asked, asked), 0).unwrap();
    fake.create("dir/file");
    let file = fake.open_with(directory, "file", (0, 0), (asked, asked), 0).unwrap();
    let (from, to) = (fake.put(PATH, b"file"), fake.put(OTHER_PATH, b"twin"));
    let args = [u64::from(directory), 0, from.0, from.1, u64::from(below), to.0, to.1];
    fake.run("path_link", &args).unwrap();
    let twin = fake.open_with(below, "twin", (0, 0), (asked, asked), 0).unwrap();
    assert_eq!(fake.fdstat(file), fake.fdstat(twin));
    assert_eq!(fake.stat(file), fake.stat(twin));
}
