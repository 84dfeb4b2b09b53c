//! Clocks, sleeping and polling: virtual, deterministic, bounded.

use engine::machine::Trap;
use engine::report::Limit;
use engine::request::Budget;

use super::fake::{BUFFER, Fake, RESULT, VECTORS};

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;
const START: u64 = 1_767_225_600_000_000_000;

fn now(fake: &mut Fake, clock: u32) -> u64 {
    fake.run("clock_time_get", &[u64::from(clock), 0, u64::from(RESULT)]).unwrap();
    fake.u64_at(RESULT)
}

/// A subscription to a clock.
fn clock(userdata: u64, id: u32, timeout: u64, flags: u16) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[16..20].copy_from_slice(&id.to_le_bytes());
    bytes[24..32].copy_from_slice(&timeout.to_le_bytes());
    bytes[40..42].copy_from_slice(&flags.to_le_bytes());
    bytes
}

/// A subscription to a descriptor: type 1 reads, 2 writes.
fn descriptor(userdata: u64, kind: u8, fd: u32) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[8] = kind;
    bytes[16..20].copy_from_slice(&fd.to_le_bytes());
    bytes
}

/// An event: userdata, error, type, bytes, flags.
type Event = (u64, u16, u8, u64, u16);

fn poll(fake: &mut Fake, subscriptions: &[[u8; 48]]) -> Result<Vec<Event>, &'static str> {
    fake.put(BUFFER, subscriptions.as_flattened());
    let count = subscriptions.len() as u64;
    fake.run("poll_oneoff", &[u64::from(BUFFER), u64::from(VECTORS), count, u64::from(RESULT)])?;
    let events = (0..fake.u32_at(RESULT)).map(|index| {
        let at = VECTORS + index * 32;
        let bytes = fake.bytes_at(at + 8, 3);
        let error = u16::from_le_bytes([bytes[0], bytes[1]]);
        let flags = fake.bytes_at(at + 24, 2);
        (fake.u64_at(at), error, bytes[2], fake.u64_at(at + 16), u16::from_le_bytes([flags[0], flags[1]]))
    });
    Ok(events.collect())
}

#[test]
fn every_look_moves_the_clocks_a_little() {
    let mut fake = Fake::new();
    let first = now(&mut fake, REALTIME);
    assert!(first > START && first < START + 1_000_000);
    assert_eq!(now(&mut fake, REALTIME), first + 1_000);
    let monotonic = now(&mut fake, MONOTONIC);
    assert!(monotonic > 0);
    assert!(now(&mut fake, MONOTONIC) > monotonic);
    for clock in 0..4 {
        fake.run("clock_res_get", &[clock, u64::from(RESULT)]).unwrap();
        assert_eq!(fake.u64_at(RESULT), 1_000);
        now(&mut fake, u32::try_from(clock).unwrap());
    }
    assert_eq!(fake.run("clock_res_get", &[4, u64::from(RESULT)]), Err("INVAL"));
    assert_eq!(fake.run("clock_time_get", &[4, 0, u64::from(RESULT)]), Err("INVAL"));
}

#[test]
fn two_runs_see_the_same_times() {
    let times = || {
        let mut fake = Fake::new();
        (0..9).map(|index| now(&mut fake, index % 4)).collect::<Vec<_>>()
    };
    assert_eq!(times(), times());
}

#[test]
fn a_sleep_moves_the_clock_at_once() {
    let mut fake = Fake::new();
    for id in [REALTIME, MONOTONIC] {
        let before = now(&mut fake, id);
        assert_eq!(poll(&mut fake, &[clock(7, id, 5_000_000, 0)]), Ok(vec![(7, 0, 0, 0, 0)]));
        assert_eq!(now(&mut fake, id), before + 5_000_000 + 1_000);
        assert_eq!(fake.host.wasi.slept_ms(), 5 * u64::from(id + 1));
        let before = now(&mut fake, id);
        let moment = before + 9_000;
        assert_eq!(poll(&mut fake, &[clock(8, id, moment, 1)]), Ok(vec![(8, 0, 0, 0, 0)]));
        assert_eq!(now(&mut fake, id), moment + 1_000);
        assert_eq!(poll(&mut fake, &[clock(9, id, 5, 1)]), Ok(vec![(9, 0, 0, 0, 0)]), "long past");
    }
}

#[test]
fn the_first_of_several_clocks_wakes() {
    let mut fake = Fake::new();
    let clocks = [clock(1, MONOTONIC, 9_000, 0), clock(2, REALTIME, 5_000, 0), clock(3, MONOTONIC, 5_000, 0)];
    let woken: Vec<u64> = poll(&mut fake, &clocks).unwrap().iter().map(|event| event.0).collect();
    assert_eq!(woken, [2, 3], "in the order asked");
}

#[test]
fn descriptors_are_ready_before_any_clock() {
    let mut fake = Fake::new();
    fake.host.wasi.set_stdin(b"12345".to_vec());
    let file = fake.create("file");
    fake.write(file, b"abc").unwrap();
    fake.seek(file, 1, 0).unwrap();
    let before = now(&mut fake, MONOTONIC);
    let asked = [
        clock(1, MONOTONIC, 200_000_000, 0),
        descriptor(2, 1, 0),
        descriptor(3, 2, 1),
        descriptor(4, 2, 2),
        descriptor(5, 1, file),
        descriptor(6, 2, file),
        clock(7, MONOTONIC, 0, 0),
    ];
    let events = poll(&mut fake, &asked).unwrap();
    assert_eq!(
        events.iter().map(|event| (event.0, event.2)).collect::<Vec<_>>(),
        [(2, 1), (3, 2), (4, 2), (5, 1), (6, 2), (7, 0)]
    );
    assert!(events.iter().all(|event| event.1 == 0));
    assert_eq!((events[0].3, events[0].4, events[3].3), (5, 0, 2));
    assert_eq!(now(&mut fake, MONOTONIC), before + 1_000, "nobody slept");
    fake.read(0, 9).unwrap();
    assert_eq!(poll(&mut fake, &[descriptor(2, 1, 0)]), Ok(vec![(2, 0, 1, 0, 1)]), "at its end: hung up");
}

#[test]
fn what_cannot_be_waited_for_fails_the_call() {
    let mut fake = Fake::new();
    assert_eq!(poll(&mut fake, &[]), Err("INVAL"));
    let rows = [
        (descriptor(1, 1, 77), "BADF"),
        (descriptor(1, 2, u32::MAX), "BADF"),
        (descriptor(1, 1, 1), "BADF"),
        (descriptor(1, 2, 0), "BADF"),
        (descriptor(1, 1, 3), "BADF"),
        (descriptor(1, 3, 0), "INVAL"),
        (clock(1, 9, 5, 0), "INVAL"),
        (clock(1, 2, 5, 0), "NOTSUP"),
        (clock(1, 1, 5, 2), "INVAL"),
    ];
    for (subscription, answer) in rows {
        assert_eq!(poll(&mut fake, &[clock(0, MONOTONIC, 1, 0), subscription]), Err(answer));
    }
    let args = |count| [u64::from(BUFFER), u64::from(BUFFER), count, u64::from(RESULT)];
    assert_eq!(fake.run("poll_oneoff", &args(4097)), Err("INVAL"));
    assert_eq!(fake.run("poll_oneoff", &args(u64::from(u32::MAX))), Err("INVAL"));
}

#[test]
fn sleeping_for_ever_ends_the_run_and_says_so() {
    for (sleeps, times) in [(u64::MAX, 1), (2_000_000_000, 3), (1_000_000_000, 6)] {
        let mut fake = Fake::with(Budget { time_ms: 5_000, ..Budget::default() });
        fake.put(BUFFER, &clock(1, MONOTONIC, sleeps, 0));
        let args = [u64::from(BUFFER), u64::from(VECTORS), 1, u64::from(RESULT)];
        for _ in 1..times {
            fake.raw("poll_oneoff", &args).unwrap();
        }
        let Err(Trap::Stopped(stopped)) = fake.raw("poll_oneoff", &args) else { panic!("it went on") };
        assert_eq!(stopped.limit, Limit::Time);
        assert!(stopped.detail.contains("the time limit is 5 s"), "{}", stopped.detail);
    }
}
