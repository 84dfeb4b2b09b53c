//! Arguments, environment, randomness, exit.

use engine::machine::{Trap, Value};

use super::fake::{BUFFER, Fake, PATH, RESULT};

#[test]
fn strings_arrive_with_their_pointers() {
    let mut fake = Fake::new();
    fake.host.wasi.set_args(vec!["prog".into(), String::new(), "zwölf".into()]);
    fake.host.wasi.set_env(vec![("A".into(), "b=c".into()), ("EMPTY".into(), String::new())]);
    for (sizes, get, strings) in [
        ("args_sizes_get", "args_get", vec!["prog", "", "zwölf"]),
        ("environ_sizes_get", "environ_get", vec!["A=b=c", "EMPTY="]),
    ] {
        fake.run(sizes, &[u64::from(RESULT), u64::from(RESULT + 4)]).unwrap();
        let bytes: usize = strings.iter().map(|string| string.len() + 1).sum();
        assert_eq!(fake.u32_at(RESULT) as usize, strings.len());
        assert_eq!(fake.u32_at(RESULT + 4) as usize, bytes);
        fake.run(get, &[u64::from(PATH), u64::from(BUFFER)]).unwrap();
        for (index, string) in strings.iter().enumerate() {
            let pointer = fake.u32_at(PATH + u32::try_from(index).unwrap() * 4);
            let with_zero = fake.bytes_at(pointer, u32::try_from(string.len()).unwrap() + 1);
            assert_eq!(with_zero, format!("{string}\0").into_bytes());
        }
    }
}

#[test]
fn there_is_nothing_by_default() {
    let mut fake = Fake::new();
    for name in ["args_sizes_get", "environ_sizes_get"] {
        fake.run(name, &[u64::from(RESULT), u64::from(RESULT + 4)]).unwrap();
        assert_eq!((fake.u32_at(RESULT), fake.u32_at(RESULT + 4)), (0, 0));
    }
    fake.run("args_get", &[u64::from(PATH), u64::from(BUFFER)]).unwrap();
    fake.run("environ_get", &[u64::from(PATH), u64::from(BUFFER)]).unwrap();
}

#[test]
fn random_bytes_repeat_with_their_seed() {
    let fill = |length: u32| {
        let mut fake = Fake::new();
        fake.run("random_get", &[u64::from(BUFFER), u64::from(length)]).unwrap();
        fake.bytes_at(BUFFER, length)
    };
    // SplitMix64 from seed 0, as its authors print it.
    assert_eq!(fill(8), 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
    assert_eq!(fill(300_000), fill(300_000));
    assert!(fill(0).is_empty());
    let zeros = fill(300_000).iter().filter(|byte| **byte == 0).count();
    assert!((900..1500).contains(&zeros), "about one in 256, there are {zeros}");
}

#[test]
fn the_process_ends_with_its_code() {
    let mut fake = Fake::new();
    for (given, code) in [(0, 0), (3, 3), (u64::from(u32::MAX), -1)] {
        assert_eq!(fake.raw("proc_exit", &[given]), Err(Trap::Exit(code)));
    }
    assert_eq!(fake.run("proc_raise", &[6]), Err("NOTSUP"));
    assert_eq!(fake.raw("sched_yield", &[]), Ok(Some(Value::I32(0))));
}

#[test]
fn the_table_holds_the_whole_snapshot_once() {
    let mut names: Vec<_> = engine::wasi::functions().iter().map(|function| function.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), engine::wasi::functions().len()), (46, 46));
    assert!(engine::wasi::functions().iter().all(|function| function.module == "wasi_snapshot_preview1"));
}
