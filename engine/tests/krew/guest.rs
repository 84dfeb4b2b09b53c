//! A plugin that calls with the numbers it is given, and prints what it was told as it lies in its memory.

use std::collections::BTreeMap;

use engine::bytes::Bytes;
use engine::module::to_binary;
use serde::Deserialize;

/// Where the answer goes: 64 bytes, filled with [`MARK`] before each call.
const AREA: u32 = 1024;

/// What the area holds before: a half of a slot that is not written keeps it.
const MARK: u8 = 0xaa;

/// Where texts and lists lie.
const DATA: u32 = 8192;

/// One call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ask {
    method: u32,
    url: Bytes,
    headers: Vec<(Bytes, Bytes)>,
    params: Vec<(Bytes, Bytes)>,
    body: Option<Bytes>,
    config: Option<Bytes>,
    /// Instead: a configuration.
    register: Option<Register>,
    /// Numbers of the call that are others than all this would give.
    raw: BTreeMap<usize, i64>,
    /// How often; what is told is printed once.
    times: Option<u32>,
}

/// A configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Register {
    any_hostname: u32,
    any_certificate: u32,
    certificates: Vec<(u8, Bytes)>,
    identity: Option<[Bytes; 3]>,
    id: Option<Bytes>,
}

/// The plugin.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guest {
    /// The form of `request`: 14 (default) or 11 numbers.
    form: Option<usize>,
    asks: Vec<Ask>,
    /// The allocator as a function, instead of one that works; empty: none.
    realloc: Option<String>,
    /// What else the module has.
    more: String,
    /// Pages of memory; the default leaves an answer hardly any room, so that the memory grows.
    pages: Option<u32>,
    /// How it ends.
    exit: Option<u32>,
    /// All of the module, instead of all this.
    wat: Option<String>,
}

const REALLOC: &str = r#"(func (export "canonical_abi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
  (if (i32.eqz (local.get 3)) (then (return (local.get 2))))
  (local.set $at (i32.and (i32.add (global.get $heap) (i32.sub (local.get 2) (i32.const 1)))
    (i32.sub (i32.const 0) (local.get 2))))
  (global.set $heap (i32.add (local.get $at) (local.get 3)))
  (block (loop
    (br_if 1 (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
    (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
    (br 0)))
  (local.get $at))"#;

/// What lies in the memory at the start, from [`DATA`].
#[derive(Default)]
struct Data(Vec<u8>);

impl Data {
    fn end(&self) -> u32 {
        DATA + u32::try_from(self.0.len()).unwrap()
    }

    /// Lays bytes down; gives pointer and length.
    fn put(&mut self, bytes: &[u8]) -> [u32; 2] {
        let at = self.end();
        self.0.extend(bytes);
        [at, u32::try_from(bytes.len()).unwrap()]
    }

    /// Lays a list of numbers down, aligned; gives pointer and count of elements.
    fn list(&mut self, elements: &[Vec<u32>]) -> [u32; 2] {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        let at = self.end();
        self.0.extend(elements.iter().flatten().flat_map(|number| number.to_le_bytes()));
        [at, u32::try_from(elements.len()).unwrap()]
    }

    fn pairs(&mut self, pairs: &[(Bytes, Bytes)]) -> [u32; 2] {
        let elements: Vec<_> =
            pairs.iter().map(|(name, value)| [self.put(&name.0), self.put(&value.0)].concat()).collect();
        self.list(&elements)
    }

    fn option(&mut self, bytes: Option<&Bytes>) -> [u32; 3] {
        let Some(bytes) = bytes else { return [0; 3] };
        let [at, length] = self.put(&bytes.0);
        [1, at, length]
    }
}

impl Ask {
    /// The numbers of the call.
    fn numbers(&self, form: usize, data: &mut Data) -> Vec<u32> {
        let mut numbers = match &self.register {
            Some(register) => register.numbers(data),
            None => {
                let mut numbers = vec![self.method];
                numbers.extend(data.put(&self.url.0));
                numbers.extend(data.pairs(&self.headers));
                numbers.extend(data.pairs(&self.params));
                numbers.extend(data.option(self.body.as_ref()));
                if form == 14 {
                    numbers.extend(data.option(self.config.as_ref()));
                }
                numbers
            }
        };
        numbers.push(AREA);
        for (index, number) in &self.raw {
            numbers[*index] = u32::try_from(*number & 0xffff_ffff).unwrap();
        }
        numbers
    }

    fn wat(&self, form: usize, data: &mut Data) -> String {
        let function = if self.register.is_some() { "$register" } else { "$request" };
        let numbers: String = self
            .numbers(form, data)
            .iter()
            .map(|number| format!(" (i32.const {})", number.cast_signed()))
            .collect();
        let told = if self.register.is_some() { "$told_id" } else { "$told" };
        format!(
            "(memory.fill (i32.const {AREA}) (i32.const {MARK}) (i32.const 64))
             (local.set $left (i32.const {}))
             (loop
               (call {function}{numbers})
               (br_if 0 (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
             (call {told})",
            self.times.unwrap_or(1)
        )
    }
}

impl Register {
    fn numbers(&self, data: &mut Data) -> Vec<u32> {
        let mut numbers = vec![self.any_hostname, self.any_certificate];
        let certificates: Vec<_> = self
            .certificates
            .iter()
            .map(|(encoding, bytes)| {
                let [at, length] = data.put(&bytes.0);
                // Whatever stands in the padding.
                vec![u32::from(*encoding) | 0xbeef_0000, at, length]
            })
            .collect();
        numbers.extend(data.list(&certificates));
        match &self.identity {
            Some(identity) => {
                numbers.push(1);
                numbers.extend(identity.iter().flat_map(|bytes| data.put(&bytes.0)));
            }
            None => numbers.extend([0; 7]),
        }
        numbers.extend(data.option(self.id.as_ref()));
        numbers
    }
}

impl Guest {
    pub(crate) fn wasm(&self) -> Vec<u8> {
        let wat = self.wat.clone().unwrap_or_else(|| self.text());
        to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{wat}"))
    }

    fn text(&self) -> String {
        let form = self.form.unwrap_or(14);
        let mut data = Data::default();
        let asks: String = self.asks.iter().map(|ask| ask.wat(form, &mut data)).collect();
        let params = " i32".repeat(form);
        let realloc = self.realloc.as_deref().unwrap_or(REALLOC);
        let heap = data.end().next_multiple_of(65536) - 8;
        let pages = self.pages.unwrap_or(heap.div_ceil(65536));
        let escaped: String = data.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let exit = self.exit.map(|code| format!("(call $exit (i32.const {code}))")).unwrap_or_default();
        format!(
            r#"(module
  (import "wasi-outbound-http" "request" (func $request (param{params})))
  (import "wasi-outbound-http" "register-request-config"
    (func $register (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") {pages})
  (global $heap (mut i32) (i32.const {heap}))
  (data (i32.const {DATA}) "{escaped}")
  {realloc}
  {}
  (func $print (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $number (param $at i32) (result i32) (i32.load (i32.add (i32.const {AREA}) (local.get $at))))
  (func $told
    (call $print (i32.const {AREA}) (i32.const 64))
    (if (i32.eqz (call $number (i32.const 0))) (then
      (if (call $number (i32.const 16)) (then
        (call $print (call $number (i32.const 24)) (i32.const 16))
        (call $print (i32.load (call $number (i32.const 24)))
          (i32.load offset=4 (call $number (i32.const 24))))
        (call $print (i32.load offset=8 (call $number (i32.const 24)))
          (i32.load offset=12 (call $number (i32.const 24))))))
      (call $print (call $number (i32.const 48)) (call $number (i32.const 56))))))
  (func $told_id
    (call $print (i32.const {AREA}) (i32.const 64))
    (if (i32.eqz (call $number (i32.const 0))) (then
      (call $print (call $number (i32.const 8)) (call $number (i32.const 16))))))
  (func (export "_start") (local $left i32)
    {asks}
    {exit}))"#,
            self.more
        )
    }

    /// What it was told, a line for each call, from what it printed.
    pub(crate) fn told(&self, stdout: &[u8]) -> Vec<String> {
        if self.wat.is_some() {
            return String::from_utf8_lossy(stdout).lines().map(str::to_owned).collect();
        }
        let mut rest = stdout;
        let told = self.asks.iter().map_while(|ask| told(ask, &mut rest));
        let lines = told.collect();
        assert!(rest.is_empty(), "{} bytes are left of what was printed", rest.len());
        lines
    }
}

fn split<'a>(rest: &mut &'a [u8], length: u32) -> &'a [u8] {
    let (first, others) = rest.split_at(length as usize);
    *rest = others;
    first
}

fn told(ask: &Ask, rest: &mut &[u8]) -> Option<String> {
    if rest.is_empty() {
        return None;
    }
    let area = split(rest, 64);
    let is_id = ask.register.is_some();
    let used = if is_id { 3 } else { 8 };
    for (index, half) in area.chunks(4).enumerate() {
        let is_written = index % 2 == 0 && index / 2 < used;
        assert_eq!(half == [MARK; 4], !is_written, "half {index} of the answer's slots");
    }
    let slot = |index: usize| u32::from_le_bytes(area[index * 8..index * 8 + 4].try_into().unwrap());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if slot(0) == 1 {
        let others: u32 = (2..used).map(slot).sum();
        return Some(format!(
            "error {}{}",
            slot(1),
            if others == 0 { "" } else { ", and slots that are not 0" }
        ));
    }
    if is_id {
        return Some(format!("id {}", text(split(rest, slot(2)))));
    }
    let mut line = format!("{}", slot(1));
    if slot(2) == 1 {
        let element = split(rest, 16);
        let number = |at: usize| u32::from_le_bytes(element[at..at + 4].try_into().unwrap());
        let (name, value) = (text(split(rest, number(4))), text(split(rest, number(12))));
        line.push_str(&format!(", {} header {name}: {value}", slot(4)));
        assert_eq!(slot(3) % 4, 0);
    }
    match (slot(5), slot(7)) {
        (1, 0) => line.push_str(&format!(", an empty body at {}", slot(6))),
        (1, length) => line.push_str(&format!(", {}", short(&text(split(rest, length))))),
        (tag, _) => line.push_str(&format!(", body tag {tag}")),
    }
    Some(line)
}

/// Long answers are of no interest to a table.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{}… of {} bytes", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
