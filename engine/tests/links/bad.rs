//! Bad links: cut, flipped, foreign, from the future, bombs and noise. Each is an error with its cause.
//!
//! Never asks which error noise gives, only that it is one and that it is small.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::link::{self, LinkError, MAX_LINK_CHARS, PREFIX};
use engine::workspace::Workspace;
use miniz_oxide::deflate::compress_to_vec;

/// A bomb is refused at 1 MiB, which takes milliseconds; a machine under load gets a thousand times that.
const BOMB_TIME: Duration = Duration::from_secs(5);

/// Numbers that look random and are the same every time.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u64 {
        // Steele and others' splitmix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Characters of base64url: nothing that deflate could shorten much.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        self.bytes(length).into_iter().map(|byte| char::from(alphabet[usize::from(byte) % 64])).collect()
    }
}

fn good() -> String {
    link::encode(super::examples().get("set-an-image").unwrap()).unwrap()
}

fn fragment(deflated: &[u8]) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(deflated))
}

/// A workspace's text as a link, whatever it says.
fn wrap(text: &str) -> String {
    fragment(&compress_to_vec(text.as_bytes(), 6))
}

#[track_caller]
fn fails(fragment: &str, expected: &str) {
    let error = link::decode(fragment).expect_err("a bad link was read");
    let message = error.to_string();
    assert!(message.contains(expected), "{message:?} does not say {expected:?}");
    assert!(message.len() < 600, "{} characters of error", message.len());
    assert!(!error.hint().is_empty());
}

#[test]
fn a_cut_link_is_refused_at_every_length() {
    let link = good();
    for length in 0..link.len() {
        let cut = &link[..length];
        let expected = if length < PREFIX.len() { "no Drydock link" } else { "cut off or damaged" };
        fails(cut, expected);
    }
}

#[test]
fn a_flipped_character_never_reads_as_it_was() {
    let (link, whole) = (good(), super::examples().remove("set-an-image").unwrap());
    let mut noise = Noise(2);
    let mut refused = 0;
    for place in 0..link.len() {
        let mut bytes = link.clone().into_bytes();
        bytes[place] = noise.letters(1).as_bytes()[0];
        if bytes == link.as_bytes() {
            continue;
        }
        match link::decode(std::str::from_utf8(&bytes).unwrap()) {
            Ok(other) => assert!(other != whole || place + 1 == link.len(), "character {place}"),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused > link.len() / 4, "only {refused} of {} flips were noticed", link.len());
}

#[test]
fn what_is_no_link_is_named() {
    fails("", "it begins with \"\", not `v1.`");
    fails("#", "it begins with \"\"");
    fails("example=set-an-image", "it begins with \"example=set-\"");
    fails("V1.AAAA", "it begins with \"V1.AAAA\"");
    fails("v.AAAA", "no Drydock link");
    fails("v-1.AAAA", "no Drydock link");
    fails("<script>alert(1)</script>", "no Drydock link");
    fails("🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢", "no Drydock link");
    fails("v1.not base64!", "characters that no link has");
    fails("v1.AAAA=", "characters that no link has");
    fails("v1.", "ends too early");
}

#[test]
fn a_link_from_the_future_says_so() {
    fails("v9.AAAA", "this link is of version 9; this Drydock reads version 1");
    fails("v2.", "version 2");
    fails("v4294967295.x", "version 4294967295");
    fails(
        &wrap("drydock: 2\nsomething: new\n"),
        "this workspace is of version 2; this Drydock reads up to 1",
    );
}

#[test]
fn what_a_link_holds_must_be_a_workspace() {
    fails(&wrap(""), "this link holds no workspace");
    fails(&wrap("just text"), "this link holds no workspace");
    fails(&wrap("drydock: 1\n"), "missing field `pipeline`");
    fails(&wrap("drydock: 1\npipeline: {}\nrun: true\n"), "unknown field `run`");
    fails(&wrap("drydock: 1\npipeline: {steps: [{module: m}]}\n"), "names the module `m`");
    fails(&fragment(&compress_to_vec(&[0xFF; 100], 6)), "not UTF-8");
    let aliases = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    let bomb = (1..10).fold(aliases.to_owned(), |text, level| {
        let (name, inner) = (char::from(b'a' + level), char::from(b'a' + level - 1));
        let uses = vec![format!("*{inner}"); 9].join(", ");
        text + &format!("{name}: &{name} [{uses}]\n")
    });
    let begin = Instant::now();
    for open in ["[", "{a: ", "- ", "? ", "[\n "] {
        fails(&wrap(&format!("drydock: 1\npipeline: {{}}\nx: {}", open.repeat(100_000))), "no workspace");
    }
    fails(&wrap(&format!("drydock: 1\npipeline: {{}}\n{bomb}")), "this link holds no workspace");
    assert!(begin.elapsed() < BOMB_TIME, "{:?}", begin.elapsed());
}

#[test]
fn a_bomb_is_refused_at_the_cap() {
    // Deflate shortens zeros a thousandfold at most, so a link of 64 KiB inflates to some 48 MiB.
    let bomb = fragment(&compress_to_vec(&vec![0; 48 << 20], 9));
    assert!(bomb.len() <= MAX_LINK_CHARS, "{} characters", bomb.len());
    let begin = Instant::now();
    fails(&bomb, "inflates to more than the 1048576 bytes");
    assert!(begin.elapsed() < BOMB_TIME, "{:?}", begin.elapsed());
    // A gigabyte does not even fit: its length is refused before anything is read.
    let long = format!("{PREFIX}{}", "A".repeat((1 << 30) / 1_030 * 4 / 3));
    fails(&long, "more than the 65536 that links carry");
    let over = fragment(&compress_to_vec(&vec![b' '; link::MAX_INFLATED_BYTES + 1], 9));
    fails(&over, "inflates to more than");
    let exact = fragment(&compress_to_vec(&vec![b' '; link::MAX_INFLATED_BYTES], 9));
    fails(&exact, "this link holds no workspace");
}

#[test]
fn a_long_link_is_refused_unread() {
    assert_eq!(link::decode(&"v1.".repeat(23_334)[..70_000]), Err(LinkError::TooLong(70_000)));
    let (empty, spaces) = (link::encode(&Workspace::empty()).unwrap(), " ".repeat(70_000));
    assert_eq!(link::decode(&format!("{spaces}{empty}")), Ok(Workspace::empty()), "spaces are no link");
}

#[test]
fn noise_is_an_error() {
    let mut noise = Noise(3);
    for _ in 0..10_000 {
        let length = noise.next() as usize % 400;
        let bytes = noise.bytes(length);
        assert!(link::decode(&fragment(&bytes)).is_err(), "{bytes:02x?}");
        assert!(link::decode(&String::from_utf8_lossy(&bytes)).is_err(), "{bytes:02x?}");
    }
}
