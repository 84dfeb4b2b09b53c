//! A guest: arguments, environment, streams, clocks, sleep, hashing, exit code.
//!
//! It prints what it saw; the host compares.

use std::collections::HashMap;
use std::io::{IsTerminal, Read};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    println!("args: {:?}", std::env::args().collect::<Vec<_>>());
    println!("env: {:?} {:?}", std::env::var("NAME"), std::env::var("OTHER").is_err());
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    println!("input: {input:?}, terminal: {}", std::io::stdout().is_terminal());
    eprintln!("to stderr");

    let (instant, time) = (Instant::now(), SystemTime::now());
    std::thread::sleep(Duration::from_millis(1_500));
    println!("slept: {}", instant.elapsed() >= Duration::from_millis(1_500));
    println!("and by the wall: {}", time.elapsed().unwrap() >= Duration::from_millis(1_500));
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    println!("year: {}", 1970 + seconds / 31_556_952);
    let until = Instant::now() + Duration::from_micros(500);
    while Instant::now() < until {}
    println!("a busy wait ends");

    // Its hasher takes its seed from `random_get`.
    let map: HashMap<_, _> = (0..100).map(|index| (index, index)).collect();
    println!("sum: {}", map.values().sum::<i32>());
    std::process::exit(7);
}
