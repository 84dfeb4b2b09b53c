//! Packages of dashboard plugins, made here byte by byte: what is opened, and what is refused with which cause.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use engine::package::{MAX_PACKAGE_BYTES, Package, PackageError, is_package, open};
use miniz_oxide::deflate::compress_to_vec;

const MANIFEST: &[u8] = b"metadata: {name: hello, version: 1.0.0, author: me}\nspec: {wasm: {}}\n";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

const FILE: u8 = b'0';
const FOLDER: u8 = b'5';
const PAX: u8 = b'x';
const PAX_FOR_ALL: u8 = b'g';
const LONG_NAME: u8 = b'L';

/// A header as `tar` writes it, with what is put there, and the checksum of it.
fn header(name: &[u8], kind: u8, size: &[u8]) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name);
    for (at, text) in
        [(100, &b"0000644\0"[..]), (108, b"0000000\0"), (116, b"0000000\0"), (136, b"00000000000\0")]
    {
        header[at..at + text.len()].copy_from_slice(text);
    }
    header[124..124 + size.len()].copy_from_slice(size);
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// An entry with its body, filled up to whole blocks.
fn entry(name: &[u8], kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = header(name, kind, format!("{:011o}\0", body.len()).as_bytes()).to_vec();
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(name: &str, body: &[u8]) -> Vec<u8> {
    entry(name.as_bytes(), FILE, body)
}

/// A record of a PAX header: its own length, a key and a value.
fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let digits = (1..).find(|digits| (rest + digits).to_string().len() == *digits).unwrap();
    format!("{} {key}={value}\n", rest + digits).into_bytes()
}

/// An archive of entries, with its end.
fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 0 { sum >> 1 } else { sum >> 1 ^ 0xedb8_8320 };
        }
    }
    !sum
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_with(bytes, 0, b"")
}

/// A gzip file with flags, and what they say follows the header.
fn gzip_with(bytes: &[u8], flags: u8, more: &[u8]) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
    file.extend(more);
    file.extend(compress_to_vec(bytes, 6));
    file.extend(crc32(bytes).to_le_bytes());
    file.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    file
}

fn package(entries: &[Vec<u8>]) -> Vec<u8> {
    gzip(&archive(entries))
}

/// What every package needs, and one entry more.
fn with(more: Vec<u8>) -> Vec<u8> {
    package(&[file("plugin.yml", MANIFEST), file("hello.wasm", MODULE), more])
}

fn plain() -> Vec<u8> {
    package(&[file("plugin.yml", MANIFEST), file("hello.wasm", MODULE)])
}

fn opened(bytes: &[u8]) -> Package {
    let package = open(bytes).unwrap();
    assert_eq!((package.name.as_str(), package.module.as_slice()), ("hello", MODULE));
    assert_eq!(package.manifest.as_bytes(), MANIFEST);
    package
}

#[track_caller]
fn refused(bytes: &[u8], expected: &str) {
    let error = open(bytes).map(|package| format!("{package:?}")).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    assert!(!error.hint().is_empty());
}

#[test]
fn a_package_as_it_is_made_on_a_mac() {
    let attributes = record("LIBARCHIVE.xattr.com.apple.provenance", "AQIAmw");
    let entries = [
        entry(b"pax_global_header", PAX_FOR_ALL, &record("comment", "a")),
        entry(b"./", FOLDER, b""),
        file("./._plugin.yml", b"attributes"),
        entry(b"./PaxHeader/plugin.yml", PAX, &attributes),
        file("./plugin.yml", MANIFEST),
        entry(b"./hello.wasm", 0, MODULE),
        entry(b"./frontend/dist/", FOLDER, b""),
        file("./frontend/dist/index.JS", b"alert(1)"),
        file("./frontend/._dist", b"attributes"),
        file("./frontend/dist/icon.svg", b"<svg/>"),
        file("./LICENSE", b""),
    ];
    let package = opened(&package(&entries));
    let assets: Vec<String> =
        package.assets.iter().map(|it| format!("{} {} {}", it.path, it.bytes, it.media_type)).collect();
    assert_eq!(
        assets,
        [
            "frontend/dist/index.JS 8 text/javascript",
            "frontend/dist/icon.svg 6 image/svg+xml",
            "LICENSE 0 application/octet-stream",
        ]
    );
    assert_eq!(package.notes.len(), 2, "{:?}", package.notes);
    assert!(is_package(&plain()) && !is_package(MODULE));
}

#[test]
fn the_module_is_the_one_that_the_manifest_names() {
    let manifest = b"metadata: {name: hello}\nspec: {wasm: {file: build/./a.wasm}}";
    let entries =
        [file("hello.wasm", b"another"), file("plugin.yml", manifest), file("build/a.wasm", MODULE)];
    let package = open(&package(&entries)).unwrap();
    assert_eq!((package.file.as_str(), package.module.as_slice()), ("build/./a.wasm", MODULE));
    assert_eq!(package.assets[0].path, "hello.wasm");
}

#[test]
fn names_that_could_lead_elsewhere_are_refused() {
    let long = "a/".repeat(40) + "b";
    for (name, cause) in [
        ("/etc/passwd", "absolute"),
        ("../plugin.yml", "leads out"),
        ("frontend/../../a", "leads out"),
        ("..", "leads out"),
        ("a\\..\\b", "backslash"),
        ("C:/a", "absolute"),
        ("C:\\a", "backslash"),
        ("a\nb", "control character"),
        ("a\u{1b}[31m", "control character"),
        ("a\u{7f}", "control character"),
        (long.as_str(), "folders deep"),
    ] {
        refused(&with(file(name, b"")), cause);
        refused(&with(entry(name.as_bytes(), FOLDER, b"")), cause);
    }
    refused(&with(entry(b"a\xff", FILE, b"")), "not UTF-8");
    refused(&with(entry(b"./", FILE, b"")), "names no file");
    refused(&with(entry(b"", FILE, b"")), "names no file");
}

#[test]
fn what_is_no_file_is_refused() {
    for (kind, called) in [
        (b'1', "a hard link"),
        (b'2', "a symbolic link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'6', "a named pipe"),
        (b'V', "of a kind that is not known here"),
    ] {
        refused(&with(entry(b"frontend/a", kind, b"")), called);
        refused(&with(entry(b"._a", kind, b"")), called);
    }
    refused(&with(entry(b"a", b'S', b"")), "sparse");
}

#[test]
fn what_stands_twice_is_refused() {
    for name in ["plugin.yml", "./plugin.yml", "Plugin.YML", "hello.wasm", ".//hello.wasm"] {
        refused(&with(file(name, MANIFEST)), "twice");
    }
}

#[test]
fn what_two_readers_would_read_in_two_ways_is_refused() {
    let sized = |size: &str| [entry(b"x", PAX, &record("size", size)), file("a", b"12345")].concat();
    opened(&with(sized("5")));
    refused(&with(sized("512")), "two sizes");
    refused(&with(sized("0")), "two sizes");
    let renamed = |path: &str| [entry(b"x", PAX, &record("path", path)), file("a", b"")].concat();
    assert_eq!(opened(&with(renamed("b/c"))).assets[0].path, "b/c");
    refused(&with(renamed("../c")), "leads out");
    refused(&with(renamed("plugin.yml")), "twice");
    let long = [entry(b"././@LongLink", LONG_NAME, &[b'a'; 200]), file("a", b"")].concat();
    assert_eq!(opened(&with(long)).assets[0].path.len(), 200);
    let longer = [entry(b"././@LongLink", LONG_NAME, &[b'a'; 600]), file("a", b"")].concat();
    refused(&with(longer), "600 bytes");
    refused(&with(entry(b"x", PAX, &record("path", "a"))), "cannot be read");
}

#[test]
fn damaged_archives_are_refused() {
    let mut wrong = file("a", b"");
    wrong[0] = b'b';
    refused(&with(wrong), "checksum");
    refused(&with(header(b"a", FILE, b"77777777777\0").to_vec()), "ends in the middle of `a`");
    refused(&with(header(b"a", FILE, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").to_vec()), "");
    refused(&with(header(b"a", FILE, b"not octal\0\0\0").to_vec()), "cannot be read");
    refused(&gzip(&file("plugin.yml", MANIFEST)[..700]), "");
    refused(&gzip(b"text"), "cannot be read");
    refused(&gzip(b""), "no `plugin.yml`");
    // Without its end, as some tools write it.
    opened(&gzip(&[file("plugin.yml", MANIFEST), file("hello.wasm", MODULE)].concat()));
}

#[test]
fn what_follows_the_end_is_told() {
    let mut bytes = archive(&[file("plugin.yml", MANIFEST), file("hello.wasm", MODULE)]);
    bytes.extend(file("evil.wasm", MODULE));
    let package = opened(&gzip(&bytes));
    assert!(
        package.assets.is_empty() && package.notes[0].contains("behind the end of the archive"),
        "{package:?}"
    );
    let mut bytes = plain();
    bytes.extend([0; 100]);
    assert!(opened(&bytes).notes.is_empty());
    bytes.extend(b"more");
    assert!(opened(&bytes).notes[0].contains("behind the compressed archive"));
}

#[test]
fn gzip_is_read_in_all_its_forms() {
    let bytes = archive(&[file("plugin.yml", MANIFEST), file("hello.wasm", MODULE)]);
    opened(&gzip_with(&bytes, 8, b"hello.tar\0"));
    opened(&gzip_with(&bytes, 16, b"a comment\0"));
    opened(&gzip_with(&bytes, 4, b"\x03\0abc"));
    opened(&gzip_with(&bytes, 2 | 4 | 8 | 16, b"\x01\0anamed\0commented\0\xff\xff"));
    let (one, other) = bytes.split_at(300);
    opened(&[gzip(one), gzip(other)].concat());
    refused(&[gzip(one), vec![0x1f, 0x8b]].concat(), "cut off");
}

#[test]
fn damaged_gzip_files_are_refused() {
    let good = plain();
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    refused(b"", "no gzip file");
    refused(MODULE, "no gzip file");
    refused(&archive(&[file("plugin.yml", MANIFEST)]), "no gzip file");
    refused(&changed(2, 9), "its header makes no sense");
    refused(&changed(3, 0xff), "its header makes no sense");
    refused(&changed(3, 4), "");
    refused(&changed(good.len() - 5, !good[good.len() - 5]), "its checksum does not match");
    refused(&changed(good.len() - 1, !good[good.len() - 1]), "its size does not match");
    for end in 0..good.len() {
        refused(&good[..end], "");
    }
}

#[test]
fn no_byte_that_is_changed_is_taken_for_the_same() {
    let good = plain();
    for at in 10..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        assert!(open(&bytes).is_err(), "byte {at}");
    }
}

#[test]
fn bombs_are_refused_while_they_grow() {
    let zeros = vec![0; 64 << 20];
    let bomb = gzip(&zeros);
    assert!(bomb.len() < 100 << 10);
    refused(&bomb, "more than 100 times its size");
    let member = gzip(&zeros[..1 << 19]);
    refused(&member.repeat(200), "more than 100 times its size");
    refused(&gzip(b"").repeat(2_000), "");
    let many: Vec<Vec<u8>> =
        (0..2_001).map(|index| file(&format!("a{index}"), &[index as u8; 100])).collect();
    refused(&package(&many), "more than the 2,000 entries");
    refused(&vec![0x1f; MAX_PACKAGE_BYTES + 1], "32.0 MiB are read");
    let manifest = [MANIFEST, &b"# a comment that is long\n".repeat(20_000)].concat();
    refused(&package(&[file("plugin.yml", &manifest)]), "`plugin.yml` has more than");
}

#[test]
fn what_is_missing_is_named() {
    refused(&package(&[file("hello.wasm", MODULE)]), "no `plugin.yml`");
    refused(
        &package(&[file("hello/plugin.yml", MANIFEST)]),
        "no `plugin.yml` at its root, but `hello/plugin.yml`",
    );
    refused(&package(&[file("plugin.yml", MANIFEST)]), "no `hello.wasm`");
    refused(&package(&[file("plugin.yml", MANIFEST), file("hello.wasm", b"")]), "no `hello.wasm`");
    refused(&package(&[file("plugin.yml", b"a: [")]), "the manifest `plugin.yml` cannot be read");
    refused(&package(&[file("plugin.yml", b"\xff")]), "not UTF-8");
    refused(&package(&[file("plugin.yml", b"metadata: {}")]), "`metadata.name` is missing");
    for name in ["../a.wasm", "/a.wasm", "a\\b"] {
        let manifest = format!("metadata: {{name: a}}\nspec: {{wasm: {{file: '{name}'}}}}");
        refused(
            &package(&[file("plugin.yml", manifest.as_bytes())]),
            "what `plugin.yml` names as its module",
        );
    }
    assert!(matches!(open(&gzip(b"")), Err(PackageError::Missing(_))));
}
