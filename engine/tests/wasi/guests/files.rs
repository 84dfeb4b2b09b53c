//! A guest: everything that Rust's standard library does with files.
//!
//! It prints what it saw; the host compares.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

fn main() {
    fs::create_dir_all("/work/a/b").unwrap();
    fs::write("/work/a/file", "first line\n").unwrap();
    let mut file = OpenOptions::new().append(true).open("/work/a/file").unwrap();
    writeln!(file, "second line").unwrap();
    drop(file);
    println!("text: {:?}", fs::read_to_string("/work/a/file").unwrap());

    let mut file = OpenOptions::new().read(true).write(true).open("/work/a/file").unwrap();
    file.seek(SeekFrom::Start(6)).unwrap();
    file.write_all(b"LINE").unwrap();
    println!("at: {}", file.stream_position().unwrap());
    file.seek(SeekFrom::End(-5)).unwrap();
    let mut rest = String::new();
    file.read_to_string(&mut rest).unwrap();
    println!("rest: {rest:?}");
    file.set_len(10).unwrap();
    file.sync_all().unwrap();
    println!("cut: {:?}", fs::read_to_string("/work/a/file").unwrap());
    println!("before the start: {:?}", file.seek(SeekFrom::Current(-100)).map_err(|error| error.kind()));

    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
    file.set_times(FileTimes::new().set_modified(moment).set_accessed(moment)).unwrap();
    let metadata = file.metadata().unwrap();
    println!("times: {} {}", metadata.modified().unwrap() == moment, metadata.accessed().unwrap() == moment);
    println!("length: {}, is file: {}", metadata.len(), metadata.is_file());

    fs::rename("/work/a/file", "/work/a/b/moved").unwrap();
    fs::hard_link("/work/a/b/moved", "/work/a/twin").unwrap();
    #[allow(deprecated, reason = "the only stable way to make a symbolic link here")]
    fs::soft_link("b/moved", "/work/a/link").unwrap();
    println!("link: {:?}", fs::read_link("/work/a/link").unwrap());
    println!("through it: {:?}", fs::read_to_string("/work/a/link").unwrap());
    println!("is link: {}", fs::symlink_metadata("/work/a/link").unwrap().is_symlink());
    fs::copy("/work/a/twin", "/work/a/copy").unwrap();
    let mut names: Vec<_> = fs::read_dir("/work/a")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    println!("names: {names:?}");

    println!("missing: {:?}", fs::read("/work/missing").map_err(|error| error.kind()));
    println!("twice: {:?}", File::create_new("/work/a/copy").map(|_| ()).map_err(|error| error.kind()));
    println!("not empty: {:?}", fs::remove_dir("/work/a").map_err(|error| error.kind()));
    println!("outside: {}", fs::read("/work/../../etc/passwd").is_err());
    println!("read only: {:?}", fs::write("/fixed/given", "x").map_err(|error| error.kind()));
    println!("given: {:?}", fs::read_to_string("/fixed/given").unwrap());
    assert_eq!(fs::remove_file("/work/a").unwrap_err().kind(), ErrorKind::IsADirectory);

    let open = File::open("/work/a/copy").unwrap();
    fs::remove_dir_all("/work/a").unwrap();
    println!("left: {}", fs::read_dir("/work").unwrap().count());
    println!("still open: {}", open.metadata().unwrap().len());

    for index in 0..500 {
        fs::write(format!("/work/{index}"), index.to_string()).unwrap();
    }
    println!("many: {}", fs::read_dir("/work").unwrap().count());
    println!("last: {}", fs::read_to_string("/work/499").unwrap());
}
